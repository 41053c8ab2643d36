namespace PolyArb.Domain.Orders;

/// <summary>How far the chain is with a trade (protocol sheet 5.2). MATCHED is not money yet.</summary>
public enum TradeStatus
{
    Matched,
    Mined,
    Retrying,
    Confirmed,
    Failed,
}

/// <summary>One execution of one of our orders. The same trade comes once for each status.</summary>
/// <param name="Shares">Of our order, in this trade.</param>
/// <param name="Amount">Dollars given (BUY) or received (SELL), before the fee.</param>
/// <param name="Fee">Dollars on top (BUY) or deducted (SELL); zero when we were the maker.</param>
public sealed record Fill(
    TradeId Trade, OrderId Order, TradeStatus Status, Size Shares, Usd Amount, Usd Fee, Price Price, Instant At);

/// <summary>
/// News about an order. The answer to our POST, the user channel and reconciliation say the same things in any order
/// and repeat themselves; silence is news too.
/// </summary>
public abstract record OrderEvent(OrderId Order)
{
    /// <summary>Nobody knows what became of the POST: timeout, 5xx, reset connection, unreadable answer.</summary>
    public sealed record Unanswered(OrderId Order, string Why) : OrderEvent(Order);

    /// <summary>The venue said no, in words that prove it.</summary>
    public sealed record Rejected(OrderId Order, string Why, RejectCode Code = RejectCode.Unknown) : OrderEvent(Order);

    /// <summary>Accepted into the taker delay; cannot be cancelled meanwhile.</summary>
    public sealed record Delayed(OrderId Order) : OrderEvent(Order);

    /// <summary>Rests in the book.</summary>
    public sealed record Placed(OrderId Order) : OrderEvent(Order);

    /// <summary>
    /// Matched in all so far, without saying by which trades. IsFinal: nothing of it can match any more
    /// (FOK and FAK after their answer, or matched to the last share).
    /// </summary>
    public sealed record Matched(OrderId Order, Size Shares, bool IsFinal) : OrderEvent(Order);

    public sealed record Filled(Fill Fill) : OrderEvent(Fill.Order);

    /// <summary>What had not matched is gone: our cancel, an expiry, a kill of FOK or FAK, the venue's own decision.</summary>
    public sealed record Canceled(OrderId Order, string Why) : OrderEvent(Order);

    /// <summary>Three agreeing rounds of questions proved that the venue never had it (design 7).</summary>
    public sealed record Absent(OrderId Order) : OrderEvent(Order);
}
