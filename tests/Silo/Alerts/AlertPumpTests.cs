using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Grains;
using Xunit;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class AlertPumpTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedChannel _channel;
    private readonly CancellationTokenSource _end = new();
    private readonly AlertPump _pump;

    public AlertPumpTests() => _pump = new AlertPump(_channel = new ScriptedChannel(_clock), _clock, NullLogger.Instance);

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task An_alert_is_tried_again_with_growing_rests_until_it_arrives()
    {
        _channel.Answers = new([new Delivery.Failed("down"), new Delivery.Failed("down"), new Delivery.Failed("slow down", TimeSpan.FromSeconds(30)), new Delivery.Done()]);
        _pump.Post(Alert("first"));
        var running = _pump.Run(_end.Token);

        for (var i = 1; i <= 4; i++)
        {
            await Until(() => _channel.Tries >= i, TimeSpan.FromMilliseconds(500));
            Assert.Equal("first", await _channel.Tried());
        }

        Assert.Equal([1, 2, 30], _channel.TriedAt.Zip(_channel.TriedAt.Skip(1), (one, next) => (int)Math.Floor((next - one).TotalSeconds)));
        await FaultDay.Until(() => Task.FromResult(_pump.IsIdle));
        await End(running);
    }

    [Fact]
    public async Task One_that_is_given_up_or_refused_is_counted_in_the_next()
    {
        _channel.Answers = new([new Delivery.Refused("no"), new Delivery.Failed("down"), new Delivery.Failed("down"), new Delivery.Failed("down"), new Delivery.Failed("down")]);
        foreach (var text in (string[])["first", "second", "third"]) _pump.Post(Alert(text));
        var running = _pump.Run(_end.Token);

        List<string> tried = [];
        for (var i = 0; i < 6; i++)
        {
            if (i > 0) await Until(() => _channel.Tries > i, TimeSpan.FromSeconds(10));
            tried.Add(await _channel.Tried());
        }

        Assert.Equal(
            ["first", .. Enumerable.Repeat("second\n(1 alerts before this one were lost)", 4), "third\n(1 alerts before this one were lost)"],
            tried);
        await End(running);
    }

    [Fact]
    public async Task Whoever_posts_never_waits_and_what_matters_least_goes_first()
    {
        _pump.Post(Alert("wake up", AlertLevel.Critical));
        for (var i = 0; i < 1_000; i++) _pump.Post(Alert($"line {i}", AlertLevel.Info));
        _pump.Post(Alert("wake up again", AlertLevel.Critical));
        var running = _pump.Run(_end.Token);

        Assert.Equal("wake up\n(802 alerts before this one were lost)", await _channel.Tried());
        for (var i = 0; i < 199; i++) await Until(() => _channel.Tries > i + 1, TimeSpan.FromSeconds(1));
        Assert.Equal("wake up again", await _channel.Tried());
        for (var i = 802; i < 1_000; i++) Assert.Equal($"line {i}", await _channel.Tried());
        await End(running);
    }

    /// <summary>Some answer one message with an error for ever, and take the next.</summary>
    [Fact]
    public async Task What_matters_more_does_not_wait_for_an_alert_that_the_channel_does_not_take()
    {
        _channel.Answers = new([new Delivery.Failed("HTTP 500"), new Delivery.Done(), new Delivery.Failed("HTTP 500"), new Delivery.Done()]);
        _pump.Post(Alert("line", AlertLevel.Info));
        var running = _pump.Run(_end.Token);
        Assert.Equal("line", await _channel.Tried());

        _pump.Post(Alert("wake up", AlertLevel.Critical));

        for (var i = 2; i <= 4; i++) await Until(() => _channel.Tries >= i, TimeSpan.FromSeconds(1));
        Assert.Equal("wake up", await _channel.Tried());
        Assert.Equal(["line", "line"], [await _channel.Tried(), await _channel.Tried()]);
        await End(running);
    }

    /// <summary>The clock is moved on once the pump rests; until then moving it does nothing.</summary>
    private async Task Until(Func<bool> holds, TimeSpan step) => await FaultDay.Until(() =>
    {
        if (!holds()) _clock.Advance(step);
        return Task.FromResult(holds());
    });

    private async Task End(Task running)
    {
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Alert Alert(string text, AlertLevel level = AlertLevel.Warning) => new(_clock.Now(), level, null, text);

    private sealed class ScriptedChannel(TimeProvider clock) : IAlertChannel
    {
        private readonly Channel<string> _tried = Channel.CreateUnbounded<string>();
        private int _tries;

        public Queue<Delivery> Answers { get; set; } = [];

        public List<DateTimeOffset> TriedAt { get; } = [];

        public int Tries => Volatile.Read(ref _tries);

        public string Name => "scripted";

        public int TriesMax => 4;

        public async Task<string> Tried() => await _tried.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public Task<Delivery> Send(Alert alert, CancellationToken cancellation)
        {
            TriedAt.Add(clock.GetUtcNow());
            _tried.Writer.TryWrite(alert.Text);
            Interlocked.Increment(ref _tries);
            return Task.FromResult(Answers.TryDequeue(out var answer) ? answer : new Delivery.Done());
        }
    }
}
