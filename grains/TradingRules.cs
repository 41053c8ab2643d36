using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>What the silo's configuration says about trading. One instance a silo.</summary>
public sealed record TradingRules
{
    public required EdgePolicy Edge { get; init; }

    public required RiskLimits Risk { get; init; }

    public required BreakerPolicy Breakers { get; init; }

    /// <summary>Fewest shares that are worth a merge or conversion.</summary>
    public required Size SettleMin { get; init; }

    /// <summary>A first start on a data directory waits for `resume`.</summary>
    public required bool StartPaused { get; init; }

    /// <summary>"live" or "demo", as `status` shows it.</summary>
    public required string Mode { get; init; }

    public required bool DryRun { get; init; }

    /// <summary>Within this a stop answers, with what is known by then.</summary>
    public required TimeSpan AckTimeout { get; init; }

    /// <summary>An order not sent within this of its turn is dropped.</summary>
    public required TimeSpan SendDeadline { get; init; }

    public required RestingRules Resting { get; init; }

    public required FlattenRules Flatten { get; init; }

    /// <summary>When an order nobody answered for counts as never taken.</summary>
    public required QuarantineRules Quarantine { get; init; }

    /// <summary>How fast we go.</summary>
    public required PacerRules Pace { get; init; }

    /// <summary>Which baskets are the same wish twice.</summary>
    public required IntentMatcher SameIntent { get; init; }

    /// <summary>A start, and a user stream that connects again, cancel everything first.</summary>
    public required bool CancelsOnConnect { get; init; }

    /// <summary>`pause` cancels what rests; else it lives out its time.</summary>
    public required bool PauseCancels { get; init; }

    public required ReconcileRules Reconciling { get; init; }
}

/// <summary>How our account is held against the venue's.</summary>
/// <param name="Every">From one comparison to the next.</param>
/// <param name="AtLeastEvery">Without a comparison for so long nothing new is opened, until what moves has settled and there was one.</param>
/// <param name="Tolerance">Dollars that may be missing in a day; a share counts as one.</param>
public sealed record ReconcileRules(TimeSpan Every, TimeSpan AtLeastEvery, Usd Tolerance);

/// <summary>Ends the process in good order, once the answer to `stop` is out.</summary>
public interface IShutdown
{
    void Request();
}

/// <summary>When this process began.</summary>
public sealed class ProcessLife
{
    public Instant StartedAt { get; init; }
}

public static class Clock
{
    public static Instant Now(this TimeProvider time) => Instant.From(time.GetUtcNow());
}
