namespace PolyArb.Domain.Risk;

/// <summary>When trading stops by itself: the limits of section `risk`, and the windows they are judged over.</summary>
public sealed record BreakerPolicy
{
    /// <summary>Dollars of profit given back within an hour.</summary>
    public required Usd MaxHourlyLoss { get; init; }

    /// <summary>The same within 24 hours.</summary>
    public required Usd MaxDailyLoss { get; init; }

    /// <summary>Dollars of profit below its highest.</summary>
    public required Usd MaxDrawdown { get; init; }

    /// <summary>How long a loss must stand: between two legs of a basket equity dips by what the second one brings back.</summary>
    public required TimeSpan LossHolds { get; init; }

    /// <summary>Orders rejected of those answered, in basis points.</summary>
    public required int MaxRejectBps { get; init; }

    /// <summary>From send to answer, p95 of requests.</summary>
    public required TimeSpan MaxLatency { get; init; }

    /// <summary>What rejects and latencies are looked back over.</summary>
    public required TimeSpan AnswerWindow { get; init; }

    /// <summary>Fewer orders, or requests, are not judged.</summary>
    public required int AnswersMin { get; init; }

    public required TimeSpan MarketStreamTimeout { get; init; }

    public required TimeSpan UserStreamTimeout { get; init; }

    /// <summary>Fills the price ran away from, over all markets, within the window.</summary>
    public required int PickedOffCount { get; init; }

    public required TimeSpan PickedOffWindow { get; init; }

    /// <summary>Edges on books that could not be trusted, over all markets, begun within a minute.</summary>
    public required int MaxPhantomsPerMinute { get; init; }

    /// <summary>Orders of unknown outcome that may stand for as long as the next says.</summary>
    public required int MaxUnresolved { get; init; }

    /// <summary>A lost answer leaves a whole request unresolved until it is looked up: only what lasts is a fault.</summary>
    public required TimeSpan UnresolvedHolds { get; init; }
}
