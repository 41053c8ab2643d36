namespace PolyArb.Domain.Simulation;

/// <summary>How hard the simulated venue is. Rates are in millionths of what they are a share of.</summary>
public sealed record VenueRules
{
    /// <summary>Where a resting order stands among those at its price.</summary>
    public required QueueModel Queue { get; init; }

    /// <summary>From a request to the moment it meets the book.</summary>
    public required LatencyModel Out { get; init; }

    /// <summary>From the moment something happens at the venue until we hear of it.</summary>
    public required LatencyModel Back { get; init; }

    /// <summary>From a match to MINED, or to FAILED instead. Tokens are sold only once mined.</summary>
    public required TimeSpan MinedAfter { get; init; }

    /// <summary>From MINED to CONFIRMED.</summary>
    public required TimeSpan ConfirmedAfter { get; init; }

    /// <summary>Of a million trades that end FAILED.</summary>
    public required int FailuresPerMillion { get; init; }

    /// <summary>Of a million arriving orders that are refused whatever they say.</summary>
    public required int RejectsPerMillion { get; init; }

    /// <summary>What a GTD order must have to go when it arrives (protocol sheet 10.4).</summary>
    public TimeSpan GtdMinimum { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How long before its time a GTD order ends (protocol sheet 10.4).</summary>
    public TimeSpan GtdEarly { get; init; } = TimeSpan.FromSeconds(60);
}
