using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
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
    private readonly SendGate _gate;

    public SendGateTests() => _gate = new SendGate(_venue, _time, _log);

    public static TheoryData<VenueFailure, int> Rests => new()
    {
        { new VenueFailure.RetryAfter(TimeSpan.FromSeconds(7), "w"), 7 },
        { new VenueFailure.Unauthorized("w"), 60 },
        { new VenueFailure.Blocked("w"), 60 },
        { new VenueFailure.Down("w"), 5 },
        { new VenueFailure.Rejected(RejectCode.NotEnoughBalance, "w"), 0 },
        { new VenueFailure.Unanswered("w"), 0 },
    };

    [Theory]
    [MemberData(nameof(Rests), DisableDiscoveryEnumeration = true)]
    public void Orders_rest_as_long_as_the_failure_is_worth(VenueFailure failure, int seconds)
    {
        _gate.Hear(failure);

        if (seconds > 0)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
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
        var deadMan = new DeadManSwitch(_venue, _time, _log);
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
