using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>What a market wants to send: the legs of a new basket, or one closing order of an open one.</summary>
public sealed record Proposal
{
    public required BasketId Id { get; init; }

    public required MarketId Market { get; init; }

    public required Purpose Purpose { get; init; }

    public required ImmutableArray<LegOrder> Orders { get; init; }

    /// <summary>Set when the purpose is Open.</summary>
    public Basket? Basket { get; init; }

    /// <summary>The clock of the turn that decided it.</summary>
    public required Instant SeenAt { get; init; }

    /// <summary>When the last input of that turn was received; how long ago is latency.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>The slot it takes; null when it belongs to a basket that is open already.</summary>
    [JsonIgnore]
    public OpenSlot? Opens => Purpose is Purpose.Open ? new OpenSlot(Id, Basket?.Slot ?? new BasketSlot(Market, null)) : null;

    public Usd Outlay
    {
        get
        {
            var outlay = Usd.Zero;
            foreach (var order in Orders) outlay += order.Outlay;
            return outlay;
        }
    }

    /// <summary>The condition of each order.</summary>
    [JsonIgnore]
    public ImmutableArray<ConditionId> Conditions => ImmutableArray.CreateRange(Orders, order => order.Condition);

    /// <summary>One of its orders as the gateway signs it at this time.</summary>
    public OrderIntent IntentOf(LegOrder order, RestingRules resting, Instant now) => new()
    {
        Basket = Id,
        Market = Market,
        Purpose = Purpose,
        Order = order,
        Salt = OrderIntent.SaltOf(Id, order.Leg, order.Attempt),
        TimestampMs = now.Millis,
        ExpirationSeconds = resting.ExpirationOf(order.Type, now),
    };

    /// <summary>What must be held, and not be promised elsewhere, to send it.</summary>
    public ImmutableDictionary<TokenId, Size> SharesToSell()
    {
        var shares = ImmutableDictionary<TokenId, Size>.Empty;
        foreach (var order in Orders)
        {
            if (order.Side is Side.Sell) shares = shares.SetItem(order.Token, shares.GetValueOrDefault(order.Token) + order.Shares);
        }

        return shares;
    }
}

public enum Refusal
{
    /// <summary>The gateway has not reconciled yet.</summary>
    Recovering,

    /// <summary>The purpose is not legal in the state of the kill switch.</summary>
    NotInThisState,

    /// <summary>A breaker tripped; the gateway is about to stop.</summary>
    Tripped,

    Stale,

    /// <summary>The slot has an open basket already.</summary>
    MarketBusy,

    OverMarketLimit,
    OverTotalLimit,
    NotEnoughCash,

    /// <summary>A sell of shares we do not hold, or have set aside already.</summary>
    NotEnoughShares,

    /// <summary>Unknown, expired, or of an older epoch or generation.</summary>
    NotReserved,

    /// <summary>The gateway has an order for this leg and attempt.</summary>
    AlreadyPlaced,

    /// <summary>The gateway did not send: fenced, too late, or its journal refused.</summary>
    NotSent,

    /// <summary>The venue asked for a pause, cannot be reached, or does not let us in.</summary>
    VenueRests,

    /// <summary>The venue refuses whatever is signed for one of its conditions.</summary>
    NotSignable,

    /// <summary>Within our own rate limits it would go out past its deadline.</summary>
    OverRateLimit,

    /// <summary>The same legs of the same market are on their way already, under another id.</summary>
    Duplicate,

    /// <summary>The venue has not heard for ten seconds that we live: it may have cancelled what rests, and nobody has looked yet.</summary>
    Unheard,

    /// <summary>Our account has not been held against the venue's for too long; that needs a moment in which nothing moves.</summary>
    NotCompared,

    /// <summary>One of its conditions has as many open orders as it may.</summary>
    TooManyOpenOrders,

    /// <summary>Of too many orders nobody knows what became of them.</summary>
    TooManyUnresolved,

    /// <summary>Something that is held has no proven bid yet, so nobody knows what we are worth.</summary>
    NotMarked,

    /// <summary>A check broke: what cannot be checked is not done.</summary>
    CheckFailed,

    /// <summary>Other parameters hold by now than it was decided by.</summary>
    NewRules,

    /// <summary>A token of it has been silent for too long, and the venue did not say the same book when asked: it may be frozen.</summary>
    OldBooks,
}

/// <summary>Money and shares set aside for one proposal.</summary>
/// <param name="Epoch">The gateway refuses it once the epoch has moved on.</param>
public sealed record Reservation(ReservationId Id, long Epoch, Instant ExpiresAt);

public abstract record RiskDecision
{
    private RiskDecision()
    {
    }

    public sealed record Approved(Reservation Reservation) : RiskDecision;

    public sealed record Refused(Refusal Reason) : RiskDecision;
}

/// <summary>The limits of the mission, in force for new money.</summary>
public sealed record RiskLimits
{
    /// <summary>Dollars at cost in one market, positions and reservations.</summary>
    public required Usd MaxPositionPerMarket { get; init; }

    /// <summary>Dollars at cost in all.</summary>
    public required Usd MaxTotalExposure { get; init; }

    /// <summary>Of one condition, those reserved and those placed. Of orders that were sent together each counts until all have ended.</summary>
    public required int MaxOpenOrdersPerCondition { get; init; }

    /// <summary>Orders of unknown outcome, over all markets, at which nothing new is opened.</summary>
    public required int MaxUnresolvedOrders { get; init; }

    /// <summary>How old the turn behind a proposal may be.</summary>
    public required TimeSpan StaleAfter { get; init; }

    /// <summary>How long money stays set aside for a proposal that is not consumed.</summary>
    public required TimeSpan ReservationTtl { get; init; }
}

public static class RiskEngine
{
    /// <summary>The first limit a proposal breaks, in this order, is the reason it is refused; null approves it. Total.</summary>
    public static Refusal? Decide(RiskState state, RiskLimits limits, Proposal proposal, Instant now)
    {
        try
        {
            return FirstBroken(state, limits, proposal, now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Refusal.CheckFailed;
        }
    }

    private static Refusal? FirstBroken(RiskState state, RiskLimits limits, Proposal proposal, Instant now)
    {
        if (state.IsRecovering) return Refusal.Recovering;
        if (!IsLegal(proposal.Purpose, state.Trading)) return Refusal.NotInThisState;

        var isNew = proposal.Purpose is Purpose.Open or Purpose.Quote;
        var outlay = proposal.Outlay;
        if (state.Trip is not null && isNew) return Refusal.Tripped;
        if (now - proposal.SeenAt > limits.StaleAfter) return Refusal.Stale;
        if (proposal.Purpose is Purpose.Flatten && proposal.Orders.Any(order => order.Side is Side.Buy)) return Refusal.NotInThisState; // It reduces only.
        if (proposal.Opens is { } opens && state.IsBusy(opens.Slot)) return Refusal.MarketBusy;
        if (isNew)
        {
            if (state.Unresolved >= limits.MaxUnresolvedOrders) return Refusal.TooManyUnresolved;
            if (!state.Worth.IsWhole) return Refusal.NotMarked;
            if (OverOpenOrders(state, limits, proposal)) return Refusal.TooManyOpenOrders;
        }

        if (proposal.Purpose is Purpose.Open or Purpose.Quote or Purpose.Complete)
        {
            if (state.ExposureIn(proposal.Market) + outlay > limits.MaxPositionPerMarket) return Refusal.OverMarketLimit;
            if (state.Exposure + outlay > limits.MaxTotalExposure) return Refusal.OverTotalLimit;
        }

        if (outlay > Usd.Zero && state.FreeCash < outlay) return Refusal.NotEnoughCash;
        return HasShares(state, proposal) ? null : Refusal.NotEnoughShares;
    }

    private static bool HasShares(RiskState state, Proposal proposal)
    {
        var toSell = proposal.SharesToSell();
        return toSell.IsEmpty || toSell.All(sell => state.FreeShares(sell.Key) >= sell.Value);
    }

    private static bool OverOpenOrders(RiskState state, RiskLimits limits, Proposal proposal)
    {
        foreach (var order in proposal.Orders)
        {
            var wanted = 0;
            foreach (var other in proposal.Orders)
            {
                if (other.Condition == order.Condition) wanted++;
            }

            if (state.OpenOrdersOf(order.Condition) + wanted > limits.MaxOpenOrdersPerCondition) return true;
        }

        return false;
    }

    /// <summary>Merging and converting risk nothing, but a stop means that nothing of ours is on its way.</summary>
    public static bool MaySettle(TradingState state) => state is TradingState.Running or TradingState.Paused;

    /// <summary>New risk only while running; finishing what is open also while paused; only reducing while flattening; nothing when safe.</summary>
    public static bool IsLegal(Purpose purpose, TradingState state) => (purpose, state) switch
    {
        (Purpose.Open or Purpose.Quote, TradingState.Running) => true,
        (Purpose.Complete or Purpose.Unwind, TradingState.Running or TradingState.Paused) => true,
        (Purpose.Flatten, TradingState.Flattening) => true,
        _ => false,
    };
}
