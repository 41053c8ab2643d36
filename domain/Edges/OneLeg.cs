using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>One FAK order that takes what a book shows: the rungs of a basket's ladder.</summary>
public static class OneLeg
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

    /// <summary>About this many shares at the book's prices; null where they are worth less than <see cref="Min"/> or not there.</summary>
    public static LegOrder? Order(CandidateLeg leg, int index, Side side, Size quantity, int attempt)
    {
        if (side is Side.Buy) return BasketSizer.TakeOrder(leg, index, quantity, attempt);
        return BasketSizer.SellOrder(leg, index, quantity, attempt) is { } order && order.ExpectedAmount >= Min ? order : null;
    }
}
