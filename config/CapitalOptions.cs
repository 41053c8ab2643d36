using PolyArb.Domain;
using PolyArb.Domain.Edges;

namespace PolyArb.Config;

/// <summary>What the money in a basket costs until it comes back: section `capital`.</summary>
public sealed record CapitalOptions
{
    public required CapitalKind Cost { get; init; }

    /// <summary>Of the outlay, in hundredths of a percent a year.</summary>
    public required int RateBpsPerYear { get; init; }

    /// <summary>Dollars per basket, as every term of an edge.</summary>
    public required Usd MergeCost { get; init; }

    internal static CapitalOptions Read(ParameterBinder from) => new()
    {
        Cost = from.Live("capital.cost", "off", Kinds.OneOf(("off", CapitalKind.Off), ("hold", CapitalKind.Hold), ("merge", CapitalKind.Merge))),
        RateBpsPerYear = from.Live("capital.rate_bps_per_year", "500", Kinds.Count(0, 100_000)),
        MergeCost = from.Live("capital.merge_cost", "0.001", Kinds.DollarsPerShare),
    };
}
