using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

public enum BasketKind
{
    /// <summary>YES and NO of one condition; pays 1.</summary>
    Pair,

    /// <summary>The NO tokens of m conditions of a neg-risk event; pay at least m - 1, complete or not. To be sold, all of an exhaustive event: they pay just that.</summary>
    No,

    /// <summary>Every YES of an exhaustive event; pays 1. To be sold, the YES of any of its conditions: they never pay more.</summary>
    AllYes,

    /// <summary>Shares of one token that complete nothing, sold because trading stops. Pays nothing, so nothing is given up.</summary>
    Excess,
}

/// <summary>How a basket gets its shares.</summary>
public enum BasketStyle
{
    /// <summary>Takes what rests in the books, all legs in one request.</summary>
    Taker,

    /// <summary>Rests orders and waits to be taken.</summary>
    Maker,
}

/// <summary>
/// The terms of an edge in dollars per basket (micros), one by one, so that a person can follow it:
/// executable = payout - best - fees - slippage - buffer - capital when buying, best - payout - the same when selling.
/// </summary>
/// <param name="Capital">What the money costs until it comes back; zero unless configured.</param>
public readonly record struct EdgeTerms(
    Usd Payout, Usd Best, Usd Fees, Usd Slippage, Usd Buffer, Usd Capital = default, Side Side = Side.Buy)
{
    public Usd Executable => (Side is Side.Buy ? Payout - Best : Best - Payout) - Fees - Slippage - Buffer - Capital;
}

/// <summary>What a basket occupies: one may be open in it at a time. A market has one for takers, and one for each condition it quotes.</summary>
/// <param name="Quoted">Null for the takers' slot.</param>
public readonly record struct BasketSlot(MarketId Market, ConditionId? Quoted);

/// <summary>Equal shares of every leg, bought for less than they pay or sold for more.</summary>
public sealed record Basket
{
    public required BasketId Id { get; init; }

    public required MarketId Market { get; init; }

    public required BasketKind Kind { get; init; }

    public Side Side { get; init; }

    public BasketStyle Style { get; init; }

    public required ImmutableArray<LegOrder> Legs { get; init; }

    /// <summary>Complete baskets expected: the smallest expected fill over the legs.</summary>
    public required Size Quantity { get; init; }

    /// <summary>Dollars one complete basket pays.</summary>
    public required int PayoutDollars { get; init; }

    public required EdgeTerms Edge { get; init; }

    /// <summary>The clock of the turn that found it.</summary>
    public required Instant SeenAt { get; init; }

    /// <summary>Everything it can cost, worst fees included.</summary>
    public Usd Outlay => new(Legs.Sum(leg => leg.Outlay.Micros));

    [JsonIgnore]
    public BasketSlot Slot => new(Market, Style is BasketStyle.Maker ? Legs[0].Condition : null);

    /// <summary>At the best prices it earns no more than so much of a dollar, whatever it pays: above that the data is at fault.</summary>
    public bool IsPlausible(int maxEdgeBps) => (Edge.Executable + Edge.Slippage).Micros * 10_000 <= 1_000_000L * maxEdgeBps;

    /// <summary>What it is expected to earn at the least: the payout beyond the outlay, or the proceeds beyond the payout given up.</summary>
    [JsonIgnore]
    public Usd Profit => Side is Side.Buy
        ? Usd.Payout(PayoutDollars, Quantity) - Outlay
        : new Usd(Legs.Sum(leg => (leg.Expected > Size.Zero ? leg.ExpectedAmount.Micros : leg.TakerAmount) - leg.WorstFee.Micros))
            - Usd.Payout(PayoutDollars, Quantity);
}

public enum BasketEnd
{
    Completed,
    Unwound,
    Held,
    Unfilled,
}

/// <summary>Shares of one leg beyond the complete baskets.</summary>
public sealed record Residue(int Leg, TokenId Token, Size Shares);

/// <summary>How a basket ended.</summary>
/// <param name="Quantity">Complete baskets.</param>
/// <param name="Payout">What those are worth for certain, or what selling them gave up at the most.</param>
/// <param name="Spent">Dollars paid less dollars received, fees included.</param>
public sealed record BasketResult(BasketEnd End, Size Quantity, Usd Payout, Usd Spent, string Note)
{
    /// <summary>Dollars it made for certain, what is left over counted as nothing.</summary>
    public Usd Earned { get; init; }

    /// <summary>What is left over, in stock from here on.</summary>
    public ImmutableArray<Residue> Residues { get; init; } = [];
}
