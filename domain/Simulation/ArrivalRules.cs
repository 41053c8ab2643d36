using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>Why the simulated venue takes no order, in the venue's words and order (protocol sheet 9.5, 10.3).</summary>
internal static class ArrivalRules
{
    private static readonly Usd MarketableMin = Usd.Dollars(1);

    /// <summary>Null when the order is sound; the wallet and the match come after.</summary>
    /// <param name="terms">Of its condition, as the catalogue gave them last.</param>
    public static (RejectCode Code, string Why)? Refuses(SimulatedOrder order, Condition terms, ConditionBook book, VenueRules rules, Instant now)
    {
        var leg = order.Leg;
        if (book.Life is not BookLife.Synced) return (RejectCode.MarketNotReady, "the market is not yet ready to process new orders");
        if (leg.Limit < book.Tick || leg.Limit > book.Tick.Complement || !leg.Limit.IsOn(book.Tick))
            return (RejectCode.BreaksTick, $"order {order.Id} is invalid. Price ({leg.Limit}) breaks minimum tick size rule: {book.Tick}");
        if (!order.IsImmediate && leg.Shares < terms.MinOrderSize)
            return (RejectCode.BelowMinimum, $"order {order.Id} is invalid. Size ({leg.Shares}) lower than the minimum: {terms.MinOrderSize}");
        if (leg.Type is OrderType.Gtd
            ? order.Intent.ExpirationSeconds < (now.Millis / 1_000) + (long)rules.GtdMinimum.TotalSeconds
            : order.Intent.ExpirationSeconds != 0)
            return (RejectCode.InvalidExpiration, "invalid expiration");
        return leg.PostOnly && order.IsImmediate ? (RejectCode.InvalidPostOnly, "invalid post-only order: only GTC and GTD orders can be post-only") : null;
    }

    /// <summary>Null when what the order found in the book lets it go on.</summary>
    public static (RejectCode Code, string Why)? Refuses(
        SimulatedOrder order, ArrivalMatch match, FeeCurve? fee, SimulatedAccount account, IEnumerable<SimulatedOrder> resting)
    {
        var leg = order.Leg;
        var isMarketable = !match.Fills.IsEmpty;
        if (order.Buys && (order.IsImmediate || isMarketable) && new Usd(leg.MakerAmount) < MarketableMin)
            return (RejectCode.BelowMinimum, $"invalid amount for a marketable BUY order ({new Usd(leg.MakerAmount)}), min size: $1");
        if (account.Shortfall(order, WorstFee(order, match, fee), resting) is { } missing) return (RejectCode.NotEnoughBalance, missing);
        if (leg.PostOnly && isMarketable) return (RejectCode.PostOnlyWouldCross, "invalid post-only order: order crosses book");
        if (leg.Type is OrderType.Fok && match.Left > 0)
            return (RejectCode.FokNotFilled, "order couldn't be fully filled. FOK orders are fully filled or killed.");
        return leg.Type is OrderType.Fak && !isMarketable
            ? (RejectCode.FakNotFilled, "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.")
            : null;
    }

    /// <summary>The fee of all of it at its limit, or of what it found where better prices make that one larger.</summary>
    private static Usd WorstFee(SimulatedOrder order, ArrivalMatch match, FeeCurve? fee)
    {
        if (order.Leg.PostOnly || fee is not { } curve) return Usd.Zero;

        var (atLimit, found) = (curve.Charge(order.Leg.Limit, order.Leg.Shares), match.Fee(curve));
        return atLimit > found ? atLimit : found;
    }
}
