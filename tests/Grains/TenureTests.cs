using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using Xunit;

namespace PolyArb.Tests.Grains;

public sealed class TenureTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly MemoryLease _lease;

    public TenureTests() => _lease = new MemoryLease(_time);

    [Fact]
    public async Task It_is_held_as_long_as_it_is_renewed()
    {
        var tenure = Of("a", fence: 1);
        await tenure.Renew();
        var keeping = tenure.Keep(_stopping.Token);
        for (var i = 0; i < 20; i++) _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.True(tenure.IsHeld);
        Assert.True(tenure.Begun.IsCompletedSuccessfully);
        await _stopping.CancelAsync();
        await keeping;
    }

    /// <summary>A frozen process renews nothing, and must not believe a moment longer than the database.</summary>
    [Fact]
    public async Task A_frozen_one_has_stopped_before_another_can_begin()
    {
        var (old, next) = (Of("a", fence: 1), Of("b", fence: 2));
        await old.Renew();
        _ = old.Keep(CancellationToken.None);
        Assert.True(old.IsHeld);
        _lease.Failure = new IOException("frozen");

        var (ends, begins) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var after = TimeSpan.Zero; after < TimeSpan.FromSeconds(4); after += TimeSpan.FromMilliseconds(10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            if (ends == TimeSpan.Zero && !old.IsHeld) ends = after;
            _lease.Failure = null;
            if (begins == TimeSpan.Zero && await _lease.Take("b", 2, Tenure.Length)) begins = after;
            _lease.Failure = new IOException("frozen");
        }

        Assert.NotEqual(TimeSpan.Zero, ends);
        Assert.True(begins - ends >= TimeSpan.FromMilliseconds(400), $"{ends} and {begins}");
        Assert.False(next.IsHeld);
    }

    [Fact]
    public async Task Given_up_it_is_the_next_ones_at_once()
    {
        var (old, next) = (Of("a", fence: 1), Of("b", fence: 2));
        await old.Renew();
        var keeping = old.Keep(_stopping.Token);
        await next.Renew();
        _ = next.Keep(CancellationToken.None);
        Assert.False(next.IsHeld);

        await _stopping.CancelAsync();
        await keeping;
        await old.Release();
        Assert.False(old.IsHeld);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(next.IsHeld);
    }

    [Fact]
    public async Task A_database_that_answers_late_makes_it_no_longer()
    {
        var slow = new SlowLease();
        var tenure = new Tenure(slow, "a", 1, _time, NullLogger.Instance);
        var renewing = tenure.Renew();
        _time.Advance(TimeSpan.FromSeconds(1.5));
        slow.Answer.SetResult(true);
        await renewing;

        Assert.True(tenure.IsHeld);
        _time.Advance(TimeSpan.FromSeconds(0.6)); // Two seconds from when it was asked for.
        Assert.False(tenure.IsHeld);
    }

    [Fact]
    public async Task Of_one_that_nobody_can_share_nothing_runs_out()
    {
        var tenure = new Tenure(new SoleGateway(), "a", 1, _time, NullLogger.Instance);
        Assert.False(tenure.IsHeld);
        await tenure.Renew();
        await tenure.Keep(CancellationToken.None); // There is nothing to keep.
        _time.Advance(TimeSpan.FromHours(1));

        Assert.True(tenure.IsHeld);
    }

    public void Dispose() => _stopping.Dispose();

    private Tenure Of(string owner, long fence) => new(_lease, owner, fence, _time, NullLogger.Instance);

    private sealed class SlowLease : IGatewayLease
    {
        private int _takes;

        public TaskCompletionSource<bool> Answer { get; } = new();

        public Task<bool> Take(string owner, long fence, TimeSpan length) => _takes++ == 0 ? Answer.Task : new TaskCompletionSource<bool>().Task;

        public Task Release(string owner, long fence) => Task.CompletedTask;

        public Task MarkStart() => Task.CompletedTask;

        public Task<bool> IsStart() => Task.FromResult(false);

        public Task ClearStart(long fence) => Task.CompletedTask;
    }
}
