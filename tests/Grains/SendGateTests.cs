using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>How long orders are kept back after what the venue said, and what a person reads about it.</summary>
public class SendGateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedVenue _venue = new();
    private readonly Heard _log = new();
    private readonly Pacer _pacer = new(ScriptedCluster.Unhurried with { PostBurst = new(10, TimeSpan.FromSeconds(1)) });
    private readonly ProposalCounts _counts = new();
    private readonly DeadManSwitch _deadMan;
    private readonly SendGate _gate;

    public SendGateTests()
    {
        _deadMan = new DeadManSwitch(_venue, _pacer, _time, _log);
        _gate = new SendGate(_venue, _pacer, _deadMan, _counts, _time, _log);
    }

    /// <summary>Our clock and its counter stood still meanwhile.</summary>
    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public async Task A_machine_that_slept_was_not_heard(int seconds, bool isUnheard)
    {
        var drift = TimeSpan.FromMinutes(3); // Since the start: says nothing.
        var deadMan = new DeadManSwitch(_venue, _pacer, _time, _log) { Drift = () => drift };
        await deadMan.Tick(isOn: true);
        Assert.False(deadMan.IsUnheard);

        drift += TimeSpan.FromSeconds(seconds);

        Assert.Equal(isUnheard, deadMan.IsUnheard);
    }

    public static TheoryData<VenueFailure, int> Rests => new()
    {
        { new VenueFailure.RetryAfter(TimeSpan.FromSeconds(7), "w"), 7_000 },
        { new VenueFailure.RetryAfter(TimeSpan.FromMilliseconds(50), "w"), 100 }, // Ours is longer.
        { new VenueFailure.Unauthorized("w"), 60_000 },
        { new VenueFailure.Blocked("w"), 60_000 },
        { new VenueFailure.Down("w"), 5_000 },
        { new VenueFailure.Rejected(RejectCode.NotEnoughBalance, "w"), 0 },
        { new VenueFailure.Unanswered("w"), 100 },
    };

    [Theory]
    [MemberData(nameof(Rests), DisableDiscoveryEnumeration = true)]
    public void Orders_rest_as_long_as_the_failure_is_worth(VenueFailure failure, int millis)
    {
        _gate.Hear(failure);

        if (millis > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(millis) - TimeSpan.FromMilliseconds(1));
            Assert.Equal((Refusal.VenueRests, "orders rest: w"), (_gate.Refuses(Given.Proposal()), _gate.Trouble));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal((null, ""), (_gate.Refuses(Given.Proposal()), _gate.Trouble));
    }

    [Fact]
    public void The_longest_rest_counts()
    {
        _gate.Hear(new VenueFailure.RetryAfter(TimeSpan.FromSeconds(30), "long"));
        _gate.Hear(new VenueFailure.RetryAfter(TimeSpan.FromSeconds(2), "short"));
        _time.Advance(TimeSpan.FromSeconds(29));

        Assert.True(_gate.IsResting);
    }

    [Fact]
    public void An_order_that_was_taken_ends_a_rest_and_silence_does_not()
    {
        _gate.Hear(new VenueFailure.Down("w"));
        _gate.Hear(new VenueFailure.Unanswered("w"));
        Assert.True(_gate.IsResting);

        _gate.Hear(null);
        Assert.Equal((false, ""), (_gate.IsResting, _gate.Trouble));
    }

    [Fact]
    public void A_wait_the_venue_asked_for_is_not_ended_by_an_order_that_was_under_way()
    {
        _gate.Hear(new VenueFailure.RetryAfter(TimeSpan.FromSeconds(30), "w"));
        _gate.Hear(null);
        Assert.True(_gate.IsResting);

        _time.Advance(TimeSpan.FromSeconds(30));
        _gate.Hear(null);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], _log.Lines.Select(line => line.Level));
    }

    [Fact]
    public void Each_wave_of_failures_rests_twice_as_long_until_an_order_is_taken()
    {
        foreach (var millis in (int[])[100, 200, 400, 800])
        {
            for (var i = 0; i < 3; i++) _gate.Hear(new VenueFailure.Unanswered("HTTP 503")); // One wave.
            _time.Advance(TimeSpan.FromMilliseconds(millis - 1));
            Assert.True(_gate.IsResting);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.False(_gate.IsResting);
        }

        _gate.Hear(null);
        _gate.Hear(new VenueFailure.Unanswered("HTTP 503"));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(_gate.IsResting);
        Assert.Empty(_log.Lines); // Each of those orders is an error of its own already.
    }

    [Fact]
    public async Task A_turn_is_waited_for_and_what_would_be_late_by_then_is_refused_at_once()
    {
        var proposal = At(_time.Now(), orders: 10);
        Assert.Null(await Turn(proposal));
        var next = Turn(At(_time.Now(), orders: 5));
        Assert.False(next.IsCompleted);
        Assert.Equal(Refusal.OverRateLimit, await Turn(At(_time.Now(), orders: 6))); // In 1.1 s, and a second is all it has.
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await next);
        Assert.Equal((1, TimeSpan.FromMilliseconds(500)), (_counts.Waits, _counts.Waited)); // Neither the one that had no wait nor the one that was refused.
        Assert.Null(await Turn(At(_time.Now() + -TimeSpan.FromSeconds(5), orders: 0))); // No wait: how late it is is for the send to say.
    }

    [Fact]
    public async Task A_stop_ends_the_wait_at_once_and_the_turn_is_the_next_ones()
    {
        await Turn(At(_time.Now(), orders: 10));
        var (stopped, isStopped) = (new TaskCompletionSource(), false);
        var waiting = _gate.Turn(At(_time.Now(), orders: 5), TimeSpan.FromSeconds(1), () => stopped.Task, () => isStopped);
        isStopped = true;
        stopped.SetResult();

        Assert.Equal(Refusal.NotInThisState, await waiting);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _pacer.TakeTurn(1, _time.Now()));
    }

    [Fact]
    public async Task A_rest_that_begins_while_an_order_waits_keeps_it_back()
    {
        await Turn(At(_time.Now(), orders: 10));
        var waiting = Turn(At(_time.Now(), orders: 1));
        _gate.Hear(new VenueFailure.Down("refused"));
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(Refusal.VenueRests, await waiting);
    }

    [Fact]
    public async Task Ten_seconds_unheard_keep_back_what_is_new_until_the_venue_hears_us_and_was_read()
    {
        var read = new TaskCompletionSource<bool>();
        var reads = 0;
        _deadMan.Reread = () => ++reads == 1 ? Task.FromResult(false) : read.Task;
        await _deadMan.Tick(isOn: true);
        _venue.Unheard = new VenueFailure.Down("refused");
        await Run(9.9);
        Assert.Null(_gate.Refuses(Given.Proposal()));
        await Run(0.1);
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal()));
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal(Purpose.Quote)));
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal(Purpose.Complete, orders: [Given.Leg(type: OrderType.Gtc)])));
        Assert.Null(_gate.Refuses(Given.Proposal(Purpose.Unwind))); // It does not rest, and less is better.
        Assert.Equal("new orders rest: the venue does not hear that we live", _gate.Trouble);

        _venue.Unheard = null;
        await Run(1);
        Assert.Equal((Refusal.Unheard, 1), (_gate.Refuses(Given.Proposal()), reads)); // It was not said what became of our orders.
        await Run(5);
        Assert.Equal((Refusal.Unheard, 2), (_gate.Refuses(Given.Proposal()), reads));
        read.SetResult(true);
        Assert.Equal((null, ""), (_gate.Refuses(Given.Proposal()), _gate.Trouble));
    }

    /// <summary>What was read before they could be cancelled once more proves nothing.</summary>
    [Fact]
    public async Task What_was_read_while_the_venue_fell_deaf_again_is_not_believed()
    {
        var read = new TaskCompletionSource<bool>();
        _deadMan.Reread = () => read.Task;
        await _deadMan.Tick(isOn: true);
        _time.Advance(TimeSpan.FromSeconds(25));
        await _deadMan.Tick(isOn: true);
        _venue.Unheard = new VenueFailure.Down("refused");
        await Run(11);
        read.SetResult(true);
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal()));
    }

    /// <summary>A frozen process is late with everything at once: the first thing it does must not be to trade.</summary>
    [Fact]
    public async Task After_a_freeze_nothing_new_goes_out_before_a_beat_was_heard_and_orders_were_read()
    {
        var read = new TaskCompletionSource<bool>();
        _deadMan.Reread = () => read.Task;
        await _deadMan.Tick(isOn: true);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal()));
        await _deadMan.Tick(isOn: true);
        Assert.Equal(Refusal.Unheard, _gate.Refuses(Given.Proposal()));
        read.SetResult(true);
        Assert.Null(_gate.Refuses(Given.Proposal()));
    }

    private async Task Run(double seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await _deadMan.Tick(isOn: true);
        }
    }

    private Task<Refusal?> Turn(Proposal proposal) => _gate.Turn(proposal, TimeSpan.FromSeconds(1), () => new TaskCompletionSource().Task, () => false);

    private static Proposal At(Instant now, int orders) =>
        Given.Proposal() with { SeenAt = now, Orders = [.. Enumerable.Range(0, orders).Select(leg => Given.Leg(leg))] };

    [Fact]
    public void It_says_so_once_for_each_change()
    {
        for (var i = 0; i < 3; i++)
        {
            _gate.Hear(new VenueFailure.Down("refused"));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        _gate.Hear(new VenueFailure.Unauthorized("HTTP 401"));
        _gate.Hear(new VenueFailure.Blocked("a web page"));
        _gate.Hear(null);
        _gate.Hear(null);

        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Error, LogLevel.Information], _log.Lines.Select(line => line.Level));
        Assert.Contains("CLOB_API_KEY", _log.Lines[1].Text, StringComparison.Ordinal);
        Assert.Contains("geoblock", _log.Lines[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_condition_keeps_back_what_touches_it_and_is_named_once()
    {
        var proposal = Given.Proposal(orders: [Given.Leg(0), Given.Leg(1)]);
        _venue.Refused = proposal.Orders[1].Condition;
        Assert.Equal(Refusal.NotSignable, _gate.Refuses(proposal));
        Assert.Equal(Refusal.NotSignable, _gate.Refuses(proposal));
        Assert.Null(_gate.Refuses(proposal with { Orders = [proposal.Orders[0]] }));
        Assert.Equal((LogLevel.Error, "Kept back: refused"), Assert.Single(_log.Lines));

        _venue.Refused = null;
        Assert.Null(_gate.Refuses(proposal));
    }

    [Fact]
    public async Task The_heart_beats_every_five_seconds_and_sooner_after_one_that_was_not_heard()
    {
        var deadMan = _deadMan;
        await deadMan.Tick(isOn: false);
        Assert.Equal(0, _venue.Beats);

        await deadMan.Tick(isOn: true);
        await deadMan.Tick(isOn: true);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        await deadMan.Tick(isOn: true);
        Assert.Equal(1, _venue.Beats);

        _venue.Unheard = new VenueFailure.Down("refused");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(i == 0 ? 0.1 : 1));
            await deadMan.Tick(isOn: true);
            Assert.Equal(2 + i, _venue.Beats);
        }

        _venue.Unheard = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        await deadMan.Tick(isOn: true);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], _log.Lines.Select(line => line.Level));
    }

    private sealed class Heard : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((logLevel, formatter(state, exception)));
    }
}
