using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Demo;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo;

public class VenueLedgerTests
{
    private static readonly OrderId Order = new("0x01");

    [Fact]
    public void An_order_that_was_killed_without_a_match_is_none_at_the_venue()
    {
        var venue = Venue();
        Assert.Empty(venue.Differences(Nothing, [Ours(OrderState.Canceled, matched: 0)], []));
        Assert.Empty(venue.Differences(Nothing, [Ours(OrderState.Rejected, matched: 0)], []));
        Assert.Single(venue.Differences(Nothing, [Ours(OrderState.Canceled, matched: 1)], []));
        Assert.Single(venue.Differences(Nothing, [Ours(OrderState.Live, matched: 0)], []));
    }

    [Fact]
    public void What_a_failed_trade_had_matched_does_not_stand()
    {
        var venue = Venue();
        venue.Matched[Order] = Size.Shares(10);
        venue.Trades[("t-1", Order)] = (Size.Shares(4), Usd.Zero, "FAILED");
        venue.Trades[("t-2", Order)] = (Size.Shares(6), Usd.Zero, "CONFIRMED");
        FillView[] fills = [Fill("t-1", 4, TradeStatus.Failed), Fill("t-2", 6, TradeStatus.Confirmed)];

        Assert.Empty(venue.Differences(Nothing, [Ours(OrderState.Confirmed, matched: 6)], fills));
        Assert.Contains("matched ours 10, venue 6", Assert.Single(venue.Differences(Nothing, [Ours(OrderState.Confirmed, matched: 10)], fills)), StringComparison.Ordinal);
    }

    private static PositionsView Nothing => new(Usd.Zero, [], [], [], [], IsSettling: false);

    private static VenueLedger Venue() => new(Usd.Zero, [], [], []);

    private static OrderView Ours(OrderState status, int matched) => new(
        Order, new BasketId("b"), Given.Event, Given.Condition().Id, Given.Yes(), Side.Buy, OrderType.Fak, new Price(5_000), Size.Shares(10), Size.Shares(matched), status,
        Given.Noon, "");

    private static FillView Fill(string trade, int shares, TradeStatus status) => new(
        new TradeId(trade), Order, Given.Yes(), Side.Buy, new Price(5_000), Size.Shares(shares), Usd.Zero, status, Given.Noon);
}
