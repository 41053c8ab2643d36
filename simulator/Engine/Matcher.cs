using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>How the chain would settle a leg (protocol 10.2).</summary>
internal enum LegKind
{
    Complementary,
    Mint,
    Merge,
}

/// <summary>One resting order's part in a match: micro-shares at a price of the TAKER's token, in 1/10,000.</summary>
internal readonly record struct MatchLeg(BookOrder Maker, long Shares, int Price, LegKind Kind)
{
    /// <summary>What the taker pays or gets, in micros, rounded down.</summary>
    public long TakerCash => Units.Notional(Shares, Price);

    /// <summary>What the maker pays or gets: the same, or the rest of the pair when one is minted or merged.</summary>
    public long MakerCash => Kind is LegKind.Complementary ? TakerCash : Shares - TakerCash;
}

/// <summary>What a taker would get right now. <see cref="Whole"/>: nothing of the order is left to fill.</summary>
internal sealed record MatchPlan(IReadOnlyList<MatchLeg> Legs, long Shares, long Cash, long Fee, bool Whole)
{
    /// <summary>Resting orders of the same wallet that the match would have met; filled only where self-trades are not allowed.</summary>
    public IReadOnlyList<BookOrder> Own { get; init; } = [];

    /// <summary>It would not rest as it is.</summary>
    public bool Crosses => Legs.Count + Own.Count > 0;

    /// <summary>The price of the last leg, the furthest from the top: the print of the match.</summary>
    public int LastPrice => Legs[^1].Price;
}

/// <summary>
/// Price-time matching of an incoming order against the YES book. Makers fill at their own price, so all improvement is
/// the taker's. Pure: nothing changes until the plan is carried out.
/// </summary>
internal static class Matcher
{
    public static MatchPlan Plan(OrderBook book, OrderRequest taker, bool selfTrades = true)
    {
        List<MatchLeg> legs = [];
        List<BookOrder> own = [];
        long shares = 0, cash = 0;
        var whole = false;
        foreach (var level in book.FromBest(bids: !taker.IsBid))
        {
            var price = taker.Token == 0 ? level.Price : Units.PriceOne - level.Price;
            if (whole || !Crosses(taker, price)) break;

            foreach (var maker in level.Orders)
            {
                if (!selfTrades && maker.Request.Account == taker.Account)
                {
                    own.Add(maker);
                    continue;
                }

                var wanted = taker.TargetsCollateral ? Units.Affordable(taker.MakerAmount - cash, price) : taker.Shares - shares;
                var leg = new MatchLeg(maker, Math.Min(wanted, maker.Remaining), price, Kind(taker, maker));
                if (leg.Shares > 0 && (!taker.TargetsCollateral || leg.TakerCash > 0))
                {
                    legs.Add(leg);
                    shares = checked(shares + leg.Shares);
                    cash = checked(cash + leg.TakerCash);
                }

                whole = taker.TargetsCollateral ? wanted <= maker.Remaining : shares == taker.Shares;
                if (whole) break;
            }
        }

        var fee = taker.Condition.Fee?.Charge(legs.Select(l => (l.Shares, l.Price))) ?? 0;
        return new MatchPlan(legs, shares, cash, fee, whole) { Own = own };
    }

    private static bool Crosses(OrderRequest taker, int price) =>
        taker.Side is Side.Buy ? price <= taker.WorstPrice : price >= taker.WorstPrice;

    private static LegKind Kind(OrderRequest taker, BookOrder maker)
    {
        if (maker.Token == taker.Token) return LegKind.Complementary;
        return taker.Side is Side.Buy ? LegKind.Mint : LegKind.Merge;
    }
}
