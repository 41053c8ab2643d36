using PolyArb.Domain;
using PolyArb.Domain.Simulation;

namespace PolyArb.Config;

/// <summary>What a cancel of others means to the place of our resting orders.</summary>
public enum QueueEstimate
{
    RiskAverse,
    Probabilistic,
}

/// <summary>The venue of a dry run, and of a backtest: section `paper`.</summary>
public sealed record PaperOptions
{
    /// <summary>Dollars the account starts with.</summary>
    public required Usd Cash { get; init; }

    /// <summary>From a request to the moment it meets the book; drawn evenly from here to <see cref="LatencyMax"/>.</summary>
    public required TimeSpan LatencyMin { get; init; }

    public required TimeSpan LatencyMax { get; init; }

    /// <summary>From a match to MINED, and from there to CONFIRMED.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>Share of trades that fail instead.</summary>
    public required decimal SettlementFailureRate { get; init; }

    /// <summary>Share of arriving orders that are refused whatever they say.</summary>
    public required decimal RejectRate { get; init; }

    public required QueueEstimate Queue { get; init; }

    /// <summary>Of the probabilistic estimate.</summary>
    public required int QueuePower { get; init; }

    /// <summary>Decides every draw.</summary>
    public required int Seed { get; init; }

    /// <summary>The same for the simulated venue. A dry run hears of things as soon as they happen: its latency is all on the way out.</summary>
    public VenueRules Rules => new()
    {
        Queue = Queue is QueueEstimate.Probabilistic ? new QueueModel.Probabilistic(QueuePower) : new QueueModel.RiskAverse(),
        Out = new LatencyModel.Between(LatencyMin, LatencyMax),
        Back = new LatencyModel.Constant(TimeSpan.Zero),
        MinedAfter = Settle,
        ConfirmedAfter = Settle,
        FailuresPerMillion = (int)(SettlementFailureRate * 1_000_000),
        RejectsPerMillion = (int)(RejectRate * 1_000_000),
    };

    internal static PaperOptions Read(ParameterBinder from) => new()
    {
        Cash = from.AtStart("paper.cash", "10000", Kinds.DollarsAboveZero),
        LatencyMin = from.AtStart("paper.latency_min_ms", "80", Kinds.Millis(0, 60_000)),
        LatencyMax = from.AtStart("paper.latency_max_ms", "80", Kinds.Millis(0, 60_000)),
        Settle = from.AtStart("paper.settle_ms", "2000", Kinds.Millis(0, 600_000)),
        SettlementFailureRate = from.AtStart("paper.settlement_failure_rate", "0", Kinds.Ratio(0, 1)),
        RejectRate = from.AtStart("paper.reject_rate", "0", Kinds.Ratio(0, 1)),
        Queue = from.AtStart("paper.queue", "risk_averse", Kinds.OneOf(("risk_averse", QueueEstimate.RiskAverse), ("probabilistic", QueueEstimate.Probabilistic))),
        QueuePower = from.AtStart("paper.queue_power", "2", Kinds.Count(1, 4)),
        Seed = from.AtStart("paper.seed", "1", Kinds.Count(0, int.MaxValue)),
    };
}
