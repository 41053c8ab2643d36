using PolyArb.Domain.Books;
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
    public static LegOrder? Order(CandidateLeg leg, int index, Side side, Size quantity, int attempt) =>
        side is Side.Buy ? Buy(leg, index, quantity, attempt) : Sell(leg, index, quantity, attempt);

    private static LegOrder? Buy(CandidateLeg leg, int index, Size quantity, int attempt) =>
        BasketSizer.TakeOrder(leg, index, quantity, attempt) is var (order, filled)
            ? order with { Expected = filled, ExpectedAmount = new Usd(order.MakerAmount) }
            : null;

    /// <summary>Exactly these shares, down to a hundredth.</summary>
    private static LegOrder? Sell(CandidateLeg leg, int index, Size quantity, int attempt)
    {
        var shares = quantity.FloorToHundredth;
        var (proceeds, left, limit, fees) = (Usd.Zero, shares, default(Price), Usd.Zero);
        var bids = leg.Bids;
        for (var n = 0; n < bids.Count && left > Size.Zero; n++)
        {
            var (price, size) = bids.FromTop(n);
            var sold = Size.Min(size, left);
            proceeds += Usd.Proceeds(price, sold);
            fees += leg.Fee.Worst(price, sold);
            (left, limit) = (left - sold, price);
        }

        if (left > Size.Zero || proceeds < Min) return null;

        var (condition, atLimit) = (leg.Book.Condition, leg.Fee.Worst(limit, shares));
        return new LegOrder
        {
            Leg = index,
            Attempt = attempt,
            Condition = condition.Id,
            Token = condition.Token(leg.Outcome),
            Outcome = leg.Outcome,
            NegRisk = condition.NegRisk,
            Protocol = condition.Protocol,
            Side = Side.Sell,
            Type = OrderType.Fak,
            Limit = limit,
            MakerAmount = shares.Micros,
            TakerAmount = Usd.Proceeds(limit, shares).Micros,
            WorstFee = fees > atLimit ? fees : atLimit,
            Expected = shares,
            ExpectedAmount = proceeds,
        };
    }
}
