using Microsoft.Extensions.Logging;
using PolyArb.Dashboard;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>The reader's timer, ticked by hand: an exception on it would end the trader's process.</summary>
public sealed class DashboardLookTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HandClock _clock = new();
    private readonly ScriptedTrader _trader;
    private readonly Warnings _warnings = new();
    private readonly DashboardReader _reader;

    public DashboardLookTests()
    {
        _trader = new ScriptedTrader(_clock);
        _reader = new DashboardReader(_trader, _trader, _clock, _warnings);
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    [Fact]
    public void Whatever_a_look_throws_is_said_once_and_the_next_one_goes_on()
    {
        using var watch = _reader.Watch(new Watched(Topics.Status), () => Task.CompletedTask);
        _clock.IsBroken = true;
        for (var tick = 0; tick < 5; tick++) _clock.Tick();
        Assert.Equal(1, _warnings.Count);

        _clock.IsBroken = false;
        _clock.Tick();
        Assert.Equal(3, _reader.Status.Value?.Epoch);
    }

    [Fact]
    public async Task A_look_that_takes_longer_than_a_tick_is_not_joined_by_another()
    {
        using var gate = new ManualResetEventSlim();
        using var watch = _reader.Watch(new Watched(Topics.Status | Topics.Positions | Topics.Orders), () => Task.CompletedTask);
        _trader.Blocks = gate;
        var slow = Task.Factory.StartNew(_clock.Tick, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => _trader.Asked.Count == 1, Deadline));

        var other = Task.Factory.StartNew(_clock.Tick, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await other.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Single(_trader.Asked);

        gate.Set();
        await slow.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(["status", "positions", "orders"], _trader.Asked.Select(call => call.What));
    }

    [Fact]
    public void A_page_that_fails_or_never_ends_drawing_holds_up_neither_the_reader_nor_the_other_pages()
    {
        using var gate = new ManualResetEventSlim();
        var (drawn, told) = (0, 0);
        using var broken = _reader.Watch(new Watched(Topics.Status), () => throw new InvalidOperationException("a bug in a page"));
        using var endless = _reader.Watch(new Watched(Topics.Status), () =>
        {
            Interlocked.Increment(ref drawn);
            gate.Wait();
            return Task.CompletedTask;
        });
        using var well = _reader.Watch(new Watched(Topics.Status), () =>
        {
            Interlocked.Increment(ref told);
            return Task.CompletedTask;
        });

        for (var round = 1; round <= 3; round++)
        {
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    _reader.HurryStatus(); // So that every tick has news.
                    _clock.Tick();
                    return Volatile.Read(ref told) >= round && Volatile.Read(ref drawn) > 0;
                },
                Deadline));
        }

        Assert.Equal(1, Volatile.Read(ref drawn));
        Assert.Equal(0, _warnings.Count);
        gate.Set();
    }

    private sealed class HandClock : TimeProvider, ITimer
    {
        private Action _tick = () => { };

        /// <summary>Whoever asks it for a timestamp gets an exception.</summary>
        public bool IsBroken { get; set; }

        public void Tick() => _tick();

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("the clock is broken") : base.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Warnings : ILogger<DashboardReader>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
