namespace PolyArb.Domain.Guards;

/// <summary>When a desk widens its buffer, rests or gives up by what its own fills tell it.</summary>
public sealed record GuardPolicy
{
    /// <summary>The failure buffer is at least so many times the measured slippage (p95), in basis points.</summary>
    public required int SlippageMultiplierBps { get; init; }

    /// <summary>Fills looked back on for that.</summary>
    public required int SlippageWindow { get; init; }

    /// <summary>Earned over expected below which a market is switched off, in basis points.</summary>
    public required int DecayMinRatioBps { get; init; }

    /// <summary>Baskets before that is judged.</summary>
    public required int DecayMinTrades { get; init; }

    /// <summary>Baskets looked back on.</summary>
    public required int DecayWindow { get; init; }

    /// <summary>Picked-off fills within the window at which a desk opens nothing new.</summary>
    public required int PickedOffCount { get; init; }

    public required TimeSpan PickedOffWindow { get; init; }

    /// <summary>How soon after a fill the price must have run away.</summary>
    public required TimeSpan PickedOffFreshness { get; init; }
}
