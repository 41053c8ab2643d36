using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Section `sizing`.</summary>
public sealed record SizingOptions
{
    /// <summary>Shares by which the expected fills of a basket's legs may differ.</summary>
    public required Size MaxLegMismatch { get; init; }

    internal static SizingOptions Read(ParameterBinder from) => new()
    {
        MaxLegMismatch = from.Live("sizing.max_leg_mismatch", "0.5", Kinds.Shares),
    };
}
