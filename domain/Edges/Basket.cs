using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

public enum BasketKind
{
    /// <summary>YES and NO of one condition; pays 1.</summary>
    Pair,

    /// <summary>The NO tokens of m conditions of a neg-risk event; pay at least m - 1, complete or not.</summary>
    No,

    /// <summary>Every YES of an exhaustive event; pays 1.</summary>
    AllYes,
}

/// <summary>
/// The terms of an edge in dollars per basket (micros), one by one, so that a person can follow it:
/// executable = payout - best - fees - slippage - buffer.
/// </summary>
public readonly record struct EdgeTerms(Usd Payout, Usd Best, Usd Fees, Usd Slippage, Usd Buffer)
{
    public Usd Executable => Payout - Best - Fees - Slippage - Buffer;
}

/// <summary>Equal shares of every leg, for less than they pay.</summary>
public sealed record Basket
{
    public required BasketId Id { get; init; }

    public required MarketId Market { get; init; }

    public required BasketKind Kind { get; init; }

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
}

public enum BasketEnd
{
    Completed,
    Unwound,
    Held,
    Unfilled,
}

/// <summary>How a basket ended.</summary>
/// <param name="Quantity">Complete baskets.</param>
/// <param name="Payout">What those are worth for certain.</param>
/// <param name="Spent">Dollars paid less dollars received, fees included.</param>
public sealed record BasketResult(BasketEnd End, Size Quantity, Usd Payout, Usd Spent, string Note);
