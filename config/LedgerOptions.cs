using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Our ledger against the venue's: section `ledger`.</summary>
public sealed record LedgerOptions
{
    /// <summary>Cash that may be missing in a day, as rounding; more stops trading.</summary>
    public required Usd Tolerance { get; init; }

    /// <summary>How often our account is compared with the venue's.</summary>
    public required TimeSpan ReconcileEvery { get; init; }

    /// <summary>Without a comparison for so long nothing new is opened, until there was one.</summary>
    public required TimeSpan CompareAtLeastEvery { get; init; }

    internal static LedgerOptions Read(ParameterBinder from) => new()
    {
        Tolerance = from.Live("ledger.tolerance", "0.05", Kinds.Dollars),
        ReconcileEvery = from.AtStart("ledger.reconcile_every_sec", "30", Kinds.Seconds(5, 3_600)),
        CompareAtLeastEvery = from.AtStart("ledger.compare_at_least_every_sec", "900", Kinds.Seconds(60, 86_400)),
    };
}
