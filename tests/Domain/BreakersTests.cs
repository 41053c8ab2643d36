using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>
/// What stops trading by itself, and why it says so. 1,000 dollars of cash and 1,000 shares worth 50 cents; a bid that moves by a cent
/// moves ten dollars. Limits: 100 in an hour, 300 in a day, 150 below the highest, all for 2 seconds; 25 % of 20 orders; 500 ms.
/// </summary>
public class BreakersTests
{
    private readonly RiskState _state = new(1);
    private readonly Breakers _breakers = new(Given.Breakers);
    private Instant _now = Given.Noon;

    public BreakersTests()
    {
        _state.Accept(Announcement());
        Bid(50);
        Tick();
    }

    [Theory]
    [InlineData(40, null)]
    [InlineData(39, "lost 110 dollars within the last hour, the limit is 100")]
    public void An_hour_may_lose_so_much(int bid, string? expected)
    {
        Bid(bid);
        Assert.Null(Tick());
        Assert.Equal(expected, Tick(seconds: 2));
    }

    /// <summary>Between two legs of a basket it is only that the second has not come yet.</summary>
    [Fact]
    public void A_loss_that_is_gone_within_two_seconds_never_was_one()
    {
        for (var dip = 0; dip < 5; dip++)
        {
            Bid(30);
            Assert.Null(Tick());
            Assert.Null(Tick(seconds: 1.9));
            Bid(50);
            Assert.Null(Tick());
        }
    }

    /// <summary>Ten dollars a quarter of an hour are forty in every hour.</summary>
    [Theory]
    [InlineData(30, null)]
    [InlineData(31, "lost 310 dollars within the last 24 hours, the limit is 300")]
    public void A_day_may_lose_so_much_however_slowly(int steps, string? expected)
    {
        var breakers = new Breakers(Given.Breakers with { MaxDrawdown = Usd.Dollars(1_000) });
        for (var step = 1; step <= steps; step++)
        {
            Bid(50 - step);
            Assert.Null(Tick(seconds: 900, breakers: breakers));
        }

        Assert.Equal(expected, Tick(seconds: 2, breakers: breakers));
    }

    [Fact]
    public void What_was_lost_a_day_ago_counts_no_more()
    {
        var breakers = new Breakers(Given.Breakers with { MaxDrawdown = Usd.Dollars(1_000), MaxHourlyLoss = Usd.Dollars(1_000) });
        Bid(21);
        Tick(seconds: 60, breakers: breakers);
        Tick(seconds: 24 * 3_600, breakers: breakers);
        Bid(19);
        Tick(breakers: breakers);
        Assert.Null(Tick(seconds: 10, breakers: breakers));
    }

    /// <summary>200 up and 160 down again within the hour is a profit of the hour and a drawdown all the same.</summary>
    [Theory]
    [InlineData(55, null)]
    [InlineData(54, "equity is 160 dollars below its highest, the limit is 150")]
    public void Equity_may_fall_so_far_below_its_highest(int bid, string? expected)
    {
        Bid(70);
        Assert.Null(Tick());
        Bid(bid);
        Assert.Null(Tick());
        Assert.Equal(expected, Tick(seconds: 2));
    }

    [Fact]
    public void Without_a_bid_for_what_is_held_no_loss_is_judged_and_no_sample_taken()
    {
        var state = new RiskState(1);
        state.Accept(Announcement() with { History = Journal(profit: 1_900) });
        Assert.False(state.Worth.IsWhole);
        Assert.Equal(Usd.Dollars(1_030), state.Equity); // The shares at what they cost.
        for (var second = 0; second < 10; second++) Assert.Null(_breakers.Judge(state, Given.After(second)));
        Assert.Null(state.Sample(Given.After(10)));

        state.Take(Mark(3));
        _breakers.Judge(state, Given.After(11));
        Assert.Equal("lost 870 dollars within the last hour, the limit is 100", _breakers.Judge(state, Given.After(13)));
    }

    /// <summary>5 of 20 are a quarter; fewer than 20 are not judged.</summary>
    [Theory]
    [InlineData(19, 19, null)]
    [InlineData(20, 5, null)]
    [InlineData(20, 6, "6 of 20 orders answered within 300 s were rejected, the limit is a share of 0.25")]
    public void So_many_orders_may_be_rejected(int orders, int rejected, string? expected)
    {
        Assert.Equal(expected, Tick([Answer(orders: orders, rejected: rejected)]));
        Assert.Null(Tick(seconds: 301)); // Five minutes later nobody remembers.
    }

    /// <summary>Of 20 requests the p95 is the nineteenth: one that was slow does not count, a second one does.</summary>
    [Theory]
    [InlineData(20, 1, null)]
    [InlineData(20, 2, "p95 from send to answer is 501 ms over 20 requests, the limit is 500 ms")]
    [InlineData(19, 19, null)]
    [InlineData(40, 2, null)]
    [InlineData(40, 3, "p95 from send to answer is 501 ms over 40 requests, the limit is 500 ms")]
    public void The_venue_may_take_so_long_to_answer(int requests, int slow, string? expected) => Assert.Equal(
        expected, Tick([.. Enumerable.Range(0, requests).Select(request => Answer(millis: request < slow ? 501 : 500))]));

    [Fact]
    public void A_market_where_takers_wait_on_purpose_says_nothing_of_latency()
    {
        _state.Take(Mark(50) with { DelaysTakers = true });
        Assert.Null(Tick([.. Enumerable.Range(0, 40).Select(_ => Answer(millis: 3_000))]));
    }

    [Theory]
    [InlineData(StreamState.Down, StreamState.Live, 15, null)]
    [InlineData(StreamState.Down, StreamState.Live, 15.1, "the market stream has been dead for 15 s, the limit is 15 s")]
    [InlineData(StreamState.Connecting, StreamState.Live, 16, "the market stream has been dead for 16 s, the limit is 15 s")]
    [InlineData(StreamState.Idle, StreamState.Live, 60, null)]
    [InlineData(StreamState.Live, StreamState.Down, 10, null)]
    [InlineData(StreamState.Live, StreamState.Down, 10.1, "the user stream has been dead for 10 s, the limit is 10 s")]
    public void A_stream_may_be_dead_for_so_long(StreamState market, StreamState user, double seconds, string? expected)
    {
        Assert.Null(Tick(market: market, user: user));
        Assert.Equal(expected, Tick(seconds: seconds, market: market, user: user));
    }

    [Fact]
    public void A_stream_that_comes_back_is_given_its_time_again()
    {
        for (var again = 0; again < 3; again++)
        {
            Tick(market: StreamState.Down);
            Assert.Null(Tick(seconds: 15, market: StreamState.Down));
            Assert.Null(Tick(seconds: 1));
        }
    }

    [Theory]
    [InlineData(4, 59, null)]
    [InlineData(5, 59, "5 fills were picked off within 60 s, the limit is 5")]
    [InlineData(5, 61, null)]
    public void So_many_fills_may_be_picked_off_over_all_markets(int fills, double seconds, string? expected)
    {
        for (var fill = 0; fill < fills; fill++) _breakers.Hear(Mark(50) with { Market = new MarketId($"m{fill}"), PickedOff = 1 });
        Assert.Equal(expected, Tick(seconds: seconds));
    }

    [Theory]
    [InlineData(600, null)]
    [InlineData(601, "601 phantoms were seen within 60 s, the limit is 600")]
    public void So_many_phantoms_may_come_in_a_minute(int phantoms, string? expected)
    {
        _breakers.Hear(Mark(50) with { Phantoms = phantoms });
        Assert.Equal(expected, Tick());
    }

    [Theory]
    [InlineData(3, 120, null)]
    [InlineData(4, 59.9, null)]
    [InlineData(4, 60, "4 orders of unknown outcome for 60 s, the limit is 4")]
    public void Orders_may_stay_unknown_for_so_long(int orders, double seconds, string? expected)
    {
        Assert.Null(Tick(unresolved: orders));
        Assert.Equal(expected, Tick(seconds: seconds, unresolved: orders));
    }

    /// <summary>The journal's profit lies so far off that the difference is no number.</summary>
    [Fact]
    public void A_breaker_that_breaks_trips()
    {
        var state = new RiskState(1);
        state.Accept(Announcement() with { History = Journal(profit: 9_223_372_036_854) with { Outside = Usd.Dollars(9_000_000_000_000) } });
        state.Take(Mark(50));
        Assert.StartsWith("the breaker of hourly loss is broken: ", _breakers.Judge(state, _now), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TradingState.Paused)]
    [InlineData(TradingState.Safe)]
    public void Who_does_not_run_is_not_stopped_and_stopped_when_it_runs_again_without_a_stop_between(TradingState state)
    {
        _state.Move(state, 1);
        Bid(30);
        Tick();
        Assert.Null(Tick(seconds: 5));

        _state.Move(TradingState.Running, 1);
        Assert.Equal(state is TradingState.Paused ? "lost 200 dollars within the last hour, the limit is 100" : null, Tick());
    }

    /// <summary>Every breaker has something to say, and after the stop and the resume none has.</summary>
    [Fact]
    public void To_resume_after_a_stop_begins_anew()
    {
        Bid(20);
        _breakers.Hear(Mark(20) with { PickedOff = 9, Phantoms = 900 });
        Assert.NotNull(Tick([.. Enumerable.Range(0, 20).Select(_ => Answer(1, 1, 900))], market: StreamState.Down, user: StreamState.Down, unresolved: 9));
        Assert.NotNull(Tick(seconds: 60, market: StreamState.Down, user: StreamState.Down, unresolved: 9));

        _state.Move(TradingState.Flattening, 2);
        _state.Move(TradingState.Safe, 3);
        _state.Move(TradingState.Paused, 3);
        _state.Move(TradingState.Running, 3);

        Assert.Null(Tick(market: StreamState.Down, user: StreamState.Down, unresolved: 9));
        Assert.Null(Tick(seconds: 9));
        Bid(9); // 110 below where it began anew.
        Tick();
        Assert.Equal("lost 110 dollars within the last hour, the limit is 100", Tick(seconds: 2));
    }

    private static Announcement Announcement() => Given.Announcement(Usd.Dollars(1_000)) with
    {
        Positions = [new Position(Given.No(), Given.Event, Given.Condition().Id, Size.Shares(1_000), Usd.Dollars(30), Outcome.No)],
    };

    private static EquityHistory Journal(long profit)
    {
        var trail = new EquityTrail();
        trail.Apply(new Fact.EquitySampled(Given.Noon, Usd.Dollars(profit), Usd.Dollars(profit)));
        return trail.ToHistory();
    }

    private static MarketMark Mark(int cents) => new(Given.Event, Given.Noon, null, false, [new TokenMark(Given.No(), Price.Cents(cents))], 0, 0);

    private void Bid(int cents) => _state.Take(Mark(cents));

    private Answered Answer(int orders = 1, int rejected = 0, int millis = 10) =>
        new(Given.Event, _now + TimeSpan.FromMilliseconds(-millis), _now, orders, rejected);

    /// <summary>Time passes, then the gateway tells what it sees.</summary>
    private string? Tick(
        Answered[]? answers = null, double seconds = 0, StreamState market = StreamState.Live, StreamState user = StreamState.Live, int unresolved = 0,
        Breakers? breakers = null)
    {
        _now += TimeSpan.FromSeconds(seconds);
        var signs = new GatewaySigns(market, user, unresolved, [.. answers ?? []]);
        _state.Hear(signs);
        (breakers ?? _breakers).Hear(signs, _state);
        var why = (breakers ?? _breakers).Judge(_state, _now);
        _state.Sample(_now);
        return why;
    }
}
