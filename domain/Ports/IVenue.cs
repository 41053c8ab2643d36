using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Ports;

/// <summary>What the venue says of an order that we ask about. Unknown: a word it has not explained, which says nothing.</summary>
public enum VenueOrderStatus
{
    Unknown,
    Live,
    Delayed,
    Matched,
    Canceled,
}

/// <summary>An order as the venue reports it.</summary>
public sealed record VenueOrder(
    OrderId Id, ConditionId Condition, TokenId Token, Side Side, OrderType? Type, Price Price, Size Size, Size Matched,
    VenueOrderStatus Status, Instant CreatedAt)
{
    /// <summary>The same as news, as if the user channel had said it.</summary>
    public IEnumerable<OrderEvent> News()
    {
        if (Matched > Domain.Size.Zero) yield return new OrderEvent.Matched(Id, Matched, IsFinal: Status is VenueOrderStatus.Matched);
        else if (Status is VenueOrderStatus.Live) yield return new OrderEvent.Placed(Id);
        else if (Status is VenueOrderStatus.Delayed) yield return new OrderEvent.Delayed(Id);

        if (Status is VenueOrderStatus.Canceled) yield return new OrderEvent.Canceled(Id, "canceled, says the venue");
    }
}

/// <summary>What became of a request with orders.</summary>
/// <param name="News">One for each order, in their order.</param>
/// <param name="Failure">What the request as a whole met with; null when the venue took it and answered order by order.</param>
public sealed record SendAnswer(ImmutableArray<OrderEvent> News, VenueFailure? Failure);

/// <summary>Shares of a token as the venue's list of positions has them, which may lag behind.</summary>
public sealed record HeldToken(TokenId Token, ConditionId Condition, Size Shares);

public sealed record CancelAnswer(ImmutableArray<OrderId> Canceled, ImmutableDictionary<OrderId, string> NotCanceled);

/// <summary>The only road by which orders reach the venue. One wallet, one API key.</summary>
public interface IVenue
{
    /// <summary>The orders' ids, which need no signature, each with its intent as it will be signed. Microseconds of pure CPU, no wire.</summary>
    ImmutableArray<OrderPlaced> Identify(IReadOnlyList<OrderIntent> intents);

    /// <summary>
    /// Signs what was identified, in its order. Elsewhere, and each order beside the others: the caller goes on meanwhile. Milliseconds of pure CPU,
    /// no wire. The task throws what keeps an order from being signed.
    /// </summary>
    Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders);

    /// <summary>Why orders of this condition would only be refused now; null when nothing is known against them. No wire.</summary>
    string? WhyNot(ConditionId condition);

    /// <summary>
    /// Posts up to 15 orders in one request, never again by itself. The request has started when this returns its task.
    /// Every order gets news; what is not proven is Unanswered.
    /// </summary>
    Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation);

    Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation);

    Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation);

    /// <summary>All pages of our open orders.</summary>
    Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation);

    /// <summary>One order in any state, or Ok(null) when the venue says it knows none such (one empty answer proves nothing).</summary>
    Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation);

    /// <summary>All pages of our trades since then, as fills of our own orders.</summary>
    Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation);

    /// <summary>The collateral the venue says we have.</summary>
    Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation);

    /// <summary>Shares of one token the venue says we have.</summary>
    Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation);

    /// <summary>Every token that the wallet holds; null where no such list is asked: what we did not buy ourselves is not seen then.</summary>
    Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation);

    /// <summary>Has the venue look at the chain before it is asked again about this token, or about cash.</summary>
    Task LookAgain(TokenId? token, CancellationToken cancellation);

    /// <summary>
    /// Says that we live; null when it was heard. Once said, the venue cancels all our orders when nothing is heard for ten
    /// seconds (protocol sheet 7.10).
    /// </summary>
    Task<VenueFailure?> Heartbeat(CancellationToken cancellation);
}
