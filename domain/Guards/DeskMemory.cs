using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>What a desk has learned of its market: the next desk of the same market takes it along.</summary>
/// <param name="Open">The baskets as it had last heard of them, so that nothing in them looks new.</param>
/// <param name="Slippage">Of the last fills, in micros of a dollar a share, oldest first.</param>
/// <param name="Judged">The last baskets judged, oldest first.</param>
/// <param name="PickedOff">When fills were picked off, oldest first.</param>
/// <param name="Fresh">Fills that may still be.</param>
public sealed record DeskMemory(
    ImmutableArray<OpenBasket> Open,
    ImmutableArray<long> Slippage,
    ImmutableArray<JudgedBasket> Judged,
    ImmutableArray<Instant> PickedOff,
    ImmutableArray<FreshFill> Fresh)
{
    /// <summary>Nothing new was to be opened.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Conditions that are resolved, whatever the catalogue says.</summary>
    public ImmutableArray<ConditionId> Ended { get; init; } = [];
}

/// <summary>Shares have matched at about this price, and until then the price may turn out to have run away.</summary>
public sealed record FreshFill(ConditionId Condition, Outcome Outcome, Side Side, Price Price, Instant Until);
