using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>What the silo's configuration says about trading. One instance a silo.</summary>
public sealed record TradingRules
{
    public required EdgePolicy Edge { get; init; }

    public required RiskLimits Risk { get; init; }

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
}

/// <summary>Ends the process in good order, once the answer to `stop` is out.</summary>
public interface IShutdown
{
    void Request();
}

/// <summary>What this process remembers about its grains: whether a gateway has already lived in it.</summary>
public sealed class ProcessLife
{
    public Instant StartedAt { get; init; }

    /// <summary>A gateway's first activation in this process is a start, a later one a failover.</summary>
    public bool HasHadGateway { get; set; }
}

public static class Clock
{
    public static Instant Now(this TimeProvider time) => Instant.From(time.GetUtcNow());
}
