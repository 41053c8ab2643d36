using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>What the venue does in virtual time; what it fills and refuses is in PaperVenueTests, of the same rules.</summary>
public class SimulatedVenueTests
{
    private readonly Tape _tape = Opened();

    [Fact]
    public void A_trade_is_mined_and_confirmed_at_its_time_however_late_it_is_looked_at()
    {
        Take(50);
        Assert.Equal(_tape.Now + TimeSpan.FromSeconds(2), _tape.Venue.NextDue);
        _tape.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromMicroseconds(1));
        Assert.Equal([TradeStatus.Matched], Told());

        _tape.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal([TradeStatus.Matched, TradeStatus.Mined, TradeStatus.Confirmed], Told());
        Assert.Equal(TradeStatus.Confirmed, Assert.Single(_tape.Fills).Status);
        Assert.Null(_tape.Venue.NextDue);
    }

    [Fact]
    public void Each_trade_is_confirmed_so_long_after_it_was_mined_itself()
    {
        Take(50);
        _tape.Wait(TimeSpan.FromSeconds(2.5));
        Take(20); // The first is mined by now.
        Assert.Equal(_tape.Now + TimeSpan.FromSeconds(2), _tape.Venue.NextDue);

        _tape.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(["1 Matched", "1 Mined", "2 Matched", "2 Mined", "1 Confirmed", "2 Confirmed"], _tape.Venue.Told.Cast<OrderEvent.Filled>()
            .Select(told => $"{told.Fill.Trade.Text.Split('-')[1]} {told.Fill.Status}"));
    }

    [Fact]
    public void What_is_told_is_told_once()
    {
        Take(50);
        _tape.Venue.ClearTold();
        Assert.Empty(_tape.Venue.Told);
        _tape.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([TradeStatus.Mined], Told());
    }

    /// <summary>Its end comes before a trade that is heard of later.</summary>
    [Fact]
    public void An_order_that_has_expired_meets_no_trade_of_afterwards()
    {
        var ends = (_tape.Now.Millis / 1_000) + 240;
        var placed = Assert.IsType<OrderEvent.Placed>(
            _tape.Arrive(Tape.Order(OrderType.Gtd, Side.Buy, Price.Cents(40), Size.Shares(50)), expires: ends));
        Assert.Equal(Instant.FromMillis((ends - 60) * 1_000), _tape.Venue.NextDue);

        _tape.Wait(TimeSpan.FromSeconds(180));
        _tape.Trade(Side.Sell, 30, 500);

        Assert.Empty(_tape.Fills);
        Assert.Equal([new OrderEvent.Canceled(placed.Order, "expired")], _tape.Venue.Told);
    }

    [Fact]
    public void A_cancel_that_comes_too_late_is_no_cancel()
    {
        var order = _tape.Rest(Side.Buy, 40, 50);
        _tape.Trade(Side.Sell, 39, 20);
        Assert.True(_tape.Venue.Cancel(order.Id, _tape.Now));
        Assert.False(_tape.Venue.Cancel(order.Id, _tape.Now));
        Assert.False(_tape.Venue.Cancel(new OrderId("stranger"), _tape.Now));

        _tape.Trade(Side.Sell, 39, 20);
        Assert.Equal(Size.Shares(20), _tape.FilledOf(order.Id));
        Assert.Empty(_tape.Venue.Resting);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_000_000, 2_000, 2_000)]
    [InlineData(250_000, 440, 560)] // 500 within three deviations.
    public void So_many_of_the_orders_are_refused_whatever_they_say(int perMillion, int least, int most)
    {
        var tape = Opened(Tape.Rules with { RejectsPerMillion = perMillion }, shares: 100_000);
        var refused = Enumerable.Range(0, 2_000).Count(_ => tape.Arrive(Buy(5)) is OrderEvent.Rejected { Code: RejectCode.Unknown });
        Assert.InRange(refused, least, most);
        Assert.Equal(2_000 - refused, tape.Venue.Trades.Count);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_000_000, 2_000, 2_000)]
    [InlineData(250_000, 440, 560)]
    public void So_many_of_the_trades_fail_and_give_everything_back(int perMillion, int least, int most)
    {
        var tape = Opened(Tape.Rules with { FailuresPerMillion = perMillion }, shares: 100_000);
        for (var i = 0; i < 2_000; i++) tape.Arrive(Buy(5));
        tape.Advance(TimeSpan.FromSeconds(10));

        var failed = tape.Venue.Trades.Count(trade => trade.Status is TradeStatus.Failed);
        Assert.InRange(failed, least, most);
        Assert.Equal(Size.Shares(5 * (2_000 - failed)), tape.Venue.Account.Shares(Tape.Condition.Yes));
        Assert.Equal(Usd.Dollars(1_000_000) - Paid(tape), tape.Venue.Account.Cash);
    }

    /// <summary>So that two runs that differ in one thing differ in nothing else.</summary>
    [Fact]
    public void Whether_a_trade_settles_is_not_drawn_with_whether_an_order_is_refused()
    {
        var (plain, strict) = (Fates(rejects: 0), Fates(rejects: 300_000));
        Assert.Contains(TradeStatus.Failed, strict);
        Assert.Equal(plain[..strict.Length], strict);

        static TradeStatus[] Fates(int rejects)
        {
            var tape = Opened(Tape.Rules with { RejectsPerMillion = rejects, FailuresPerMillion = 300_000 }, shares: 100_000);
            for (var i = 0; i < 50; i++) tape.Arrive(Buy(5));
            tape.Advance(TimeSpan.FromSeconds(10));
            return [.. tape.Venue.Trades.Select(trade => trade.Status)];
        }
    }

    [Fact]
    public void A_lost_book_takes_no_order_until_it_is_there_again()
    {
        var resting = _tape.Rest(Side.Buy, 40, 50);
        _tape.Lose();
        Assert.Equal(RejectCode.MarketNotReady, Assert.IsType<OrderEvent.Rejected>(_tape.Arrive(Buy(5))).Code);

        _tape.Snapshot(bids: [(40, 100)], asks: [(42, 100)]);
        Assert.IsType<OrderEvent.Matched>(_tape.Arrive(Buy(5)));
        _tape.Trade(Side.Sell, 39, 20);
        Assert.Equal(Size.Shares(20), resting.Matched);
    }

    [Fact]
    public void Nobody_trades_what_is_not_followed_or_has_no_book()
    {
        var stranger = Given.Condition(7, negRisk: false);
        Assert.Equal(RejectCode.NoOrderBook, Code(Buy(5) with { Condition = stranger.Id, Token = stranger.Yes }));
        _tape.Venue.Follow(Given.Single(stranger));
        Assert.Equal(RejectCode.NoOrderBook, Code(Buy(5) with { Condition = stranger.Id, Token = stranger.Yes })); // Nobody keeps its book.
        Assert.Equal(RejectCode.NoOrderBook, Code(Buy(5) with { Token = stranger.Yes }));

        RejectCode Code(LegOrder order) => Assert.IsType<OrderEvent.Rejected>(_tape.Arrive(order)).Code;
    }

    [Fact]
    public void An_order_that_comes_again_is_refused_and_fills_nothing()
    {
        Assert.IsType<OrderEvent.Matched>(_tape.Arrive(new OrderId("twice"), Buy(5)));
        Assert.Equal(RejectCode.Duplicated, Assert.IsType<OrderEvent.Rejected>(_tape.Arrive(new OrderId("twice"), Buy(5))).Code);
        Assert.Single(_tape.Fills);
    }

    /// <summary>10 shares at 42 cost 0.1218 at 5 %, and 0.2436 at 10 %.</summary>
    [Fact]
    public void The_terms_are_those_the_catalogue_gave_last()
    {
        _tape.Arrive(Buy(10));
        _tape.Venue.Follow(Given.Single(Tape.Condition with { Fee = new FeeCurve(100_000, 1), MinOrderSize = Size.Shares(20) }));
        _tape.Arrive(Buy(10));

        Assert.Equal(["0.1218", "0.2436"], _tape.Fills.Select(fill => fill.Fee.ToString()));
        Assert.Equal(RejectCode.BelowMinimum, Assert.IsType<OrderEvent.Rejected>(
            _tape.Arrive(Tape.Order(OrderType.Gtc, Side.Buy, Price.Cents(40), Size.Shares(10)))).Code);
    }

    [Fact]
    public void A_quiet_book_is_watched_without_allocating()
    {
        Take(50);
        _tape.Show(Side.Sell, 42, 0); // Nothing of ours is left in it.
        var change = BookUpdate.Changes(Tape.Condition.Id, _tape.Ms, new[] { new LevelChange(Tape.Condition.Yes, Side.Sell, Given.Level(43, 9), null) });
        var trade = BookUpdate.Trade(Tape.Condition.Id, Tape.Condition.Yes, _tape.Ms, Price.Cents(43), Size.Shares(1), Side.Buy);
        var now = _tape.Now;
        Watch(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Watch(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Watch(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _tape.Venue.Watch(change, now);
                _tape.Venue.Watch(trade, now);
            }
        }
    }

    private static Tape Opened(VenueRules? rules = null, long shares = 100)
    {
        var tape = new Tape(rules);
        tape.Snapshot(bids: [(39, 50), (40, 100)], asks: [(43, 200), (42, shares)]);
        return tape;
    }

    private void Take(long shares) => Assert.IsType<OrderEvent.Matched>(_tape.Arrive(Buy(shares)));

    private static LegOrder Buy(long shares) => Tape.Order(OrderType.Fak, Side.Buy, Price.Cents(42), Size.Shares(shares));

    private TradeStatus[] Told() => [.. _tape.Venue.Told.Cast<OrderEvent.Filled>().Select(told => told.Fill.Status)];

    private static Usd Paid(Tape tape) => new(tape.Venue.Trades.Where(trade => trade.Status is not TradeStatus.Failed)
        .Sum(trade => trade.Amount.Micros + trade.Fee.Micros));
}
