using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Tests.Storage;

/// <summary>The plain case; a test states what differs.</summary>
internal static class Given
{
    public static readonly Instant Noon = Instant.FromMillis(1_767_268_800_000);

    public static Fact Error(string what) => new Fact.ErrorNoted(Noon, "test", what);

    /// <summary>A NO basket of two legs, 100 shares each, with orders "b1-0" and "b1-1" of tokens "no0" and "no1".</summary>
    public static Fact.BasketOpened Opened(string basket = "b1", Side side = Side.Buy, BasketKind kind = BasketKind.No)
    {
        ImmutableArray<LegOrder> legs = [Leg(0, "no0", side), Leg(1, "no1", side)];
        return new Fact.BasketOpened(
            Noon,
            new Basket
            {
                Id = new BasketId(basket),
                Market = new MarketId("m1"),
                Kind = kind,
                Legs = legs,
                Quantity = Size.Shares(100),
                PayoutDollars = 1,
                Edge = new EdgeTerms(Usd.Dollars(1), Usd.Cents(96), Usd.Zero, Usd.Zero, Usd.Zero),
                SeenAt = Noon,
            },
            new ReservationId(1, 7),
            [.. legs.Select(leg => Placed($"{basket}-{leg.Leg}", basket, Purpose.Open, leg))]);
    }

    public static Fact Closing(string order, int leg, string token, Side side, string basket = "b1") =>
        new Fact.ClosingOrderPlaced(
            Noon + TimeSpan.FromSeconds(2), new ReservationId(1, 8), Placed(order, basket, Purpose.Unwind, Leg(leg, token, side) with { Attempt = 1 }));

    /// <summary>NO of the two legs' questions to dollars and YES of a third.</summary>
    public static SettlementCall Conversion(long shares) => new()
    {
        Kind = SettlementKind.Convert,
        Market = new MarketId("m1"),
        Shares = Size.Shares(shares),
        Gives = [new(new("c0"), new("no0"), Outcome.No, 0), new(new("c1"), new("no1"), Outcome.No, 1)],
        Gets = [new(new("c2"), new("yes2"), Outcome.Yes, 2)],
        NegRisk = true,
    };

    public static Fact News(OrderEvent news, int seconds = 1) => new Fact.OrderChanged(Noon + TimeSpan.FromSeconds(seconds), news);

    public static Fact Filled(
        string trade, string order, TradeStatus status = TradeStatus.Matched, long shares = 100, long cents = 4_800, int priceCents = 48) =>
        News(new OrderEvent.Filled(new Fill(
            new TradeId(trade), new OrderId(order), status, Size.Shares(shares), Usd.Cents(cents), Usd.Cents(3), Price.Cents(priceCents),
            Noon + TimeSpan.FromSeconds(1))));

    private static LegOrder Leg(int leg, string token, Side side) => new()
    {
        Leg = leg,
        Attempt = 0,
        Condition = new ConditionId($"c{leg}"),
        Token = new TokenId(token),
        Outcome = Outcome.No,
        NegRisk = true,
        Side = side,
        Type = OrderType.Fak,
        Limit = Price.Cents(48),
        MakerAmount = side is Side.Buy ? 48_000_000 : 100_000_000,
        TakerAmount = side is Side.Buy ? 100_000_000 : 48_000_000,
        WorstFee = Usd.Cents(5),
    };

    private static OrderPlaced Placed(string id, string basket, Purpose purpose, LegOrder leg) => new(
        new OrderId(id),
        new OrderIntent
        {
            Basket = new BasketId(basket),
            Market = new MarketId("m1"),
            Purpose = purpose,
            Order = leg,
            Salt = OrderIntent.SaltOf(new BasketId(basket), leg.Leg, leg.Attempt),
            TimestampMs = Noon.Millis,
        });
}
