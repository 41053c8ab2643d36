using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>One FAK order that takes what a book shows: the rungs of a basket's ladder.</summary>
internal static class OneLeg
{
    /// <summary>
    /// What the venue takes at the least (protocol sheet 1.1: a marketable BUY needs a dollar). For SELLs nothing is published; we hold
    /// ourselves to the same.
    /// </summary>
    public static readonly Usd Min = Usd.Dollars(1);

    /// <summary>The fewest shares that can be bought now; null without asks.</summary>
    public static Size? Smallest(CandidateLeg leg) => leg.Asks.Best is { } best
        ? new Size((Min.Micros * Price.TicksPerDollar + best.Price.Ticks - 1) / best.Price.Ticks)
        : null;

    /// <summary>
    /// About this many shares at the book's prices, a BUY in whole cents below them, a SELL in whole hundredths; null where they are worth
    /// less than <see cref="Min"/> or not there.
    /// </summary>
    public static LegOrder? Order(CandidateLeg leg, int index, Side side, Size quantity, int attempt) =>
        (side is Side.Buy ? Buy(leg, quantity) : Sell(leg, quantity))?.Order(leg, index, attempt, side, OrderType.Fak);

    private static LegTake? Buy(CandidateLeg leg, Size quantity)
    {
        var asks = leg.Asks;
        var (cost, missing) = (Usd.Zero, quantity);
        for (var n = 0; n < asks.Count && missing > Size.Zero; n++)
        {
            var (price, size) = asks.FromTop(n);
            var taken = Size.Min(size, missing);
            (cost, missing) = (cost + Usd.Cost(price, taken), missing - taken);
        }

        return missing > Size.Zero || cost.FloorToCent < Min ? null : LegTake.Spend(leg, cost.FloorToCent);
    }

    private static LegTake? Sell(CandidateLeg leg, Size quantity) =>
        LegTake.Trade(leg, Side.Sell, quantity.FloorToHundredth) is { } take && take.Amount >= Min ? take : null;
}
