using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Section `settlement`.</summary>
public sealed record SettlementOptions
{
    /// <summary>Fewest shares that are merged or converted in one call.</summary>
    public required Size MinShares { get; init; }

    internal static SettlementOptions Read(ParameterBinder from) => new()
    {
        MinShares = from.Live("settlement.min_shares", "5", Kinds.Shares),
    };
}
