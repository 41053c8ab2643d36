using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>The limits no basket passes and the breakers that stop trading: section `risk`.</summary>
public sealed record RiskOptions
{
    /// <summary>Money in one market; a neg-risk event counts as one.</summary>
    public required Usd MaxPositionPerMarket { get; init; }

    /// <summary>Money in all of them, reservations included.</summary>
    public required Usd MaxTotalExposure { get; init; }

    public required Usd MaxHourlyLoss { get; init; }

    public required Usd MaxDailyLoss { get; init; }

    /// <summary>Open orders of one condition.</summary>
    public required int MaxOpenOrdersPerMarket { get; init; }

    /// <summary>Orders of unknown outcome, over all markets, from which on nothing is opened.</summary>
    public required int MaxUnresolvedOrders { get; init; }

    public required TimeSpan P95LatencyLimit { get; init; }

    /// <summary>Rejected orders over orders sent.</summary>
    public required decimal RejectRateLimit { get; init; }

    /// <summary>Equity below its highest.</summary>
    public required Usd DrawdownLimit { get; init; }

    /// <summary>How long a stream may be dead.</summary>
    public required TimeSpan WebSocketHealthTimeout { get; init; }

    /// <summary>Fills the price ran away from within the window that stop trading.</summary>
    public required int PickedOffSpikeCount { get; init; }

    public required TimeSpan PickedOffWindow { get; init; }

    /// <summary>How soon after a fill the price must have moved to count as picked off.</summary>
    public required TimeSpan PickedOffFreshness { get; init; }

    /// <summary>Edges on books that could not be trusted, begun within a minute over all markets.</summary>
    public required int MaxPhantomsPerMinute { get; init; }

    internal static RiskOptions Read(ParameterBinder from) => new()
    {
        MaxPositionPerMarket = from.Live("risk.max_position_per_market", "500", Kinds.Dollars),
        MaxTotalExposure = from.Live("risk.max_total_exposure", "1500", Kinds.Dollars),
        MaxHourlyLoss = from.Live("risk.max_hourly_loss", "100", Kinds.DollarsAboveZero),
        MaxDailyLoss = from.Live("risk.max_daily_loss", "300", Kinds.DollarsAboveZero),
        MaxOpenOrdersPerMarket = from.Live("risk.max_open_orders_per_market", "8", Kinds.Count(1, 1_000)),
        MaxUnresolvedOrders = from.Live("risk.max_unresolved_orders", "4", Kinds.Count(1, 1_000)),
        P95LatencyLimit = from.Live("risk.p95_latency_ms_limit", "500", Kinds.Millis(1, 60_000)),
        RejectRateLimit = from.Live("risk.reject_rate_limit", "0.25", Kinds.Ratio(0, 1)),
        DrawdownLimit = from.Live("risk.drawdown_limit", "150", Kinds.DollarsAboveZero),
        WebSocketHealthTimeout = from.Live("risk.ws_health_timeout_sec", "15", Kinds.Seconds(1, 3_600)),
        PickedOffSpikeCount = from.Live("risk.picked_off_spike_count", "5", Kinds.Count(1, 10_000)),
        PickedOffWindow = from.Live("risk.picked_off_window_sec", "60", Kinds.Seconds(1, 3_600)),
        PickedOffFreshness = from.Live("risk.picked_off_freshness_ms", "250", Kinds.Millis(1, 60_000)),
        MaxPhantomsPerMinute = from.Live("risk.max_phantoms_per_minute", "600", Kinds.Count(1, 1_000_000)),
    };
}
