using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.UserFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The venue matches orders of one account with each other.</summary>
public class OwnTradeTests
{
    private static readonly TokenId Shares = new("1");
    private static readonly OrderId Taker = new("0x01"), Resting = new("0x02"), Strangers = new("0x03");

    [Fact]
    public void A_trade_of_our_order_with_another_of_ours_fills_both()
    {
        var fills = Trade(weTook: true).Fills(_ => FeeCurve.Free).ToDictionary(fill => fill.Order, fill => fill.Shares);

        Assert.Equal(new Dictionary<OrderId, Size> { [Taker] = Size.Shares(20), [Resting] = Size.Shares(15) }, fills);
    }

    [Fact]
    public void Of_a_strangers_order_only_our_leg_is_ours() =>
        Assert.Equal([Resting], Trade(weTook: false).Fills(_ => FeeCurve.Free).Select(fill => fill.Order));

    private static UserTrade Trade(bool weTook) => new()
    {
        Id = new TradeId("t-1"),
        Status = TradeStatus.Matched,
        Condition = new ConditionId("0xc"),
        TakerOrder = Taker,
        WeTook = weTook,
        Token = Shares,
        Shares = Size.Shares(20),
        Price = Price.Parse("0.31"),
        At = default,
        Legs =
        [
            new TradeLeg(Resting, IsOurs: true, Shares, Size.Shares(15), Price.Parse("0.31")),
            new TradeLeg(Strangers, IsOurs: false, Shares, Size.Shares(5), Price.Parse("0.31")),
        ],
    };
}
