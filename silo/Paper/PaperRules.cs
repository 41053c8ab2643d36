using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>Why the paper venue takes no order, in the venue's words and order (protocol sheet 9.5, 10.3).</summary>
internal static class PaperRules
{
    /// <summary>A GTD order must have this many seconds to go, and ends <see cref="GtdEarly"/> seconds early (10.4).</summary>
    private const long GtdMinimum = 180;

    public const long GtdEarly = 60;

    private static readonly Usd MarketableMin = Usd.Dollars(1);

    /// <summary>Null when the order is sound; the wallet and the match come after.</summary>
    public static (RejectCode Code, string Why)? Refuses(PaperOrder order, PaperBook book, Instant now)
    {
        var leg = order.Leg;
        if (!book.IsOpen) return (RejectCode.MarketNotReady, "the market is not yet ready to process new orders");
        if (leg.Limit < book.Tick || leg.Limit > book.Tick.Complement || leg.Limit.Ticks % book.Tick.Ticks != 0)
            return (RejectCode.BreaksTick, $"order {order.Id} is invalid. Price ({leg.Limit}) breaks minimum tick size rule: {book.Tick}");
        if (!order.IsImmediate && leg.Shares < book.Condition.MinOrderSize)
            return (RejectCode.BelowMinimum, $"order {order.Id} is invalid. Size ({leg.Shares}) lower than the minimum: {book.Condition.MinOrderSize}");
        if (leg.Type is OrderType.Gtd ? order.Intent.ExpirationSeconds < (now.Millis / 1_000) + GtdMinimum : order.Intent.ExpirationSeconds != 0)
            return (RejectCode.InvalidExpiration, "invalid expiration");
        return leg.PostOnly && order.IsImmediate ? (RejectCode.InvalidPostOnly, "invalid post-only order: only GTC and GTD orders can be post-only") : null;
    }

    /// <summary>Null when what the order found in the book lets it go on.</summary>
    public static (RejectCode Code, string Why)? Refuses(PaperOrder order, PaperMatch match, FeeCurve? fee, PaperAccount account, IEnumerable<PaperOrder> resting)
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
    private static Usd WorstFee(PaperOrder order, PaperMatch match, FeeCurve? fee)
    {
        if (order.Leg.PostOnly || fee is not { } curve) return Usd.Zero;

        var (atLimit, found) = (curve.Charge(order.Leg.Limit, order.Leg.Shares), match.Fee(curve));
        return atLimit > found ? atLimit : found;
    }
}
