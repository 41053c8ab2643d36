using System.Collections.Immutable;
using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Which baskets are built, and what happens to one that filled unevenly: section `baskets`.</summary>
public sealed record BasketOptions
{
    /// <summary>Events whose YES tokens somebody vouches are exhaustive: exactly one of them will pay.</summary>
    public required ImmutableArray<MarketId> AllYes { get; init; }

    /// <summary>The venue takes 15 orders in one request.</summary>
    public required int MaxLegs { get; init; }

    /// <summary>An edge above it, in dollars per dollar of payout, is a fault of the data and is not traded.</summary>
    public required Usd MaxPlausibleEdge { get; init; }

    /// <summary>How long a missing leg is completed at a worse price before the excess is unwound.</summary>
    public required TimeSpan CompletionWindow { get; init; }

    /// <summary>How long an excess is tried to be given back, from the end of the completion or from when its shares can be sold; then it is held.</summary>
    public required TimeSpan UnwindWindow { get; init; }

    /// <summary>What completing may cost beyond the plan, as a share of the basket's expected profit.</summary>
    public required decimal CompletionCostCap { get; init; }

    /// <summary>What unwinding may cost, as a share of the basket's expected profit; beyond it the excess is held.</summary>
    public required decimal UnwindCostCap { get; init; }

    internal static BasketOptions Read(ParameterBinder from) => new()
    {
        AllYes = [.. from.AtStart("baskets.all_yes", "", Kinds.Names).Select(name => new MarketId(name))],
        MaxLegs = from.Live("baskets.max_legs", "15", Kinds.Count(2, 15)),
        MaxPlausibleEdge = from.Live("baskets.max_plausible_edge", "0.1", Kinds.DollarsPerShare),
        CompletionWindow = from.Live("baskets.completion_window_ms", "5000", Kinds.Millis(0, 600_000)),
        UnwindWindow = from.Live("baskets.unwind_window_ms", "30000", Kinds.Millis(0, 3_600_000)),
        CompletionCostCap = from.Live("baskets.completion_cost_cap", "1", Kinds.Ratio(0, 10)),
        UnwindCostCap = from.Live("baskets.unwind_cost_cap", "2", Kinds.Ratio(0, 10)),
    };
}
