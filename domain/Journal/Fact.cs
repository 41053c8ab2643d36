using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Journal;

/// <summary>What happened, in the past tense. Facts are the truth; every table and every state is made from them.</summary>
public abstract record Fact(Instant At)
{
    /// <summary>The first start on a wallet: what it held before us, excluded from profit.</summary>
    public sealed record OpeningBalanceTaken(Instant At, Usd Cash, ImmutableDictionary<TokenId, Size> Positions) : Fact(At);

    /// <summary>A kill-switch move. The epoch is the one valid from now on.</summary>
    public sealed record StateChanged(Instant At, TradingState From, TradingState To, long Epoch, string By, string Reason) : Fact(At);

    /// <summary>A basket was approved and its legs are about to be sent: approval, intents and orders in one.</summary>
    public sealed record BasketOpened(Instant At, Basket Basket, ReservationId Reservation, ImmutableArray<OrderPlaced> Orders) : Fact(At);

    /// <summary>One more order of an open basket is about to be sent: one that closes it, or a quote put out again.</summary>
    public sealed record ClosingOrderPlaced(Instant At, ReservationId Reservation, OrderPlaced Order) : Fact(At);

    public sealed record OrderChanged(Instant At, OrderEvent News) : Fact(At);

    /// <summary>Every leg of a basket has matched; it counts as open again when a trade of it fails.</summary>
    public sealed record BasketLocked(Instant At, BasketId Basket, MarketId Market, Size Quantity, Usd Payout) : Fact(At);

    /// <summary>Resting orders are about to be cancelled.</summary>
    /// <param name="IsUrgent">For risk's sake, so whatever their age and number.</param>
    public sealed record CancelRequested(Instant At, MarketId Market, ImmutableArray<OrderId> Orders, string Why, bool IsUrgent = false) : Fact(At);

    public sealed record BasketClosed(Instant At, BasketId Basket, MarketId Market, BasketResult Result) : Fact(At);

    /// <summary>A merge or conversion is about to be asked for; its shares are set aside under the id.</summary>
    public sealed record SettlementStarted(Instant At, ReservationId Id, SettlementCall Call) : Fact(At);

    /// <summary>What came of it: done moves its shares and dollars, refused moves nothing.</summary>
    public sealed record SettlementEnded(Instant At, ReservationId Id, SettlementCall Call, SettlementEnd End, string Why) : Fact(At);

    /// <summary>Dollars or shares at the venue beyond our account, for a reason that is not ours: a deposit, a rebate, a redemption. No profit.</summary>
    public sealed record ExternalCredited(Instant At, Usd Cash, ImmutableDictionary<TokenId, Size> Shares, string Why) : Fact(At);

    /// <summary>The venue has a little less cash than our account, within what rounding explains; ours follows.</summary>
    /// <param name="Cash">Dollars missing, 0 or more.</param>
    /// <param name="Shares">Shares missing, likewise; null for none.</param>
    public sealed record RoundingAdjusted(Instant At, Usd Cash, string Why, ImmutableDictionary<TokenId, Size>? Shares = null) : Fact(At);

    /// <summary>Shares of resolved questions were redeemed outside the order book: they left at their cost, the rest is profit or loss.</summary>
    public sealed record SharesRedeemed(Instant At, ImmutableDictionary<TokenId, Size> Shares, Usd Cash) : Fact(At);

    /// <summary>A person took the venue's figures where nothing explains why they differ from ours. No profit and no loss.</summary>
    /// <param name="Cash">What the venue has beyond our account; below zero when it has less.</param>
    /// <param name="Came">Shares it has beyond ours.</param>
    /// <param name="Left">Shares of ours that it does not have.</param>
    public sealed record LedgerAccepted(
        Instant At, Usd Cash, ImmutableDictionary<TokenId, Size> Came, ImmutableDictionary<TokenId, Size> Left, string By, string Reason) : Fact(At);

    /// <summary>What all is worth at a moment; the windows of loss and the highest equity are made from these.</summary>
    /// <param name="Profit">Equity without opening balance and external credits.</param>
    public sealed record EquitySampled(Instant At, Usd Equity, Usd Profit) : Fact(At);

    /// <summary>A person had something done that no other fact tells of.</summary>
    public sealed record OperatorActed(Instant At, string By, string What) : Fact(At);

    /// <summary>Parameters are other ones from here on.</summary>
    /// <param name="By">Who; `start` where the configuration had changed meanwhile and took over.</param>
    /// <param name="Source">`set`, `reload` or `start`.</param>
    public sealed record ParametersChanged(Instant At, string By, string Source, ImmutableArray<ParameterChange> Changes) : Fact(At);

    /// <summary>Something a person should look at; `errors` is its table.</summary>
    public sealed record ErrorNoted(Instant At, string Where, string What) : Fact(At);
}

/// <summary>An order's id with what was signed.</summary>
public sealed record OrderPlaced(OrderId Id, OrderIntent Intent);
