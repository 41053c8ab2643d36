namespace PolyArb.Config;

/// <summary>Guards that act by themselves on one market: section `safety`.</summary>
public sealed record SafetyOptions
{
    /// <summary>How long the user stream may be dead.</summary>
    public required TimeSpan UserWebSocketTimeout { get; init; }

    /// <summary>
    /// Everything of ours at the venue is cancelled at a start and whenever the user stream connects. Off unless asked for: what rests is
    /// known by its id and has its TTL, and the venue cancels it by itself when no heartbeat comes.
    /// </summary>
    public required bool CancelOnConnect { get; init; }

    /// <summary>Realised over expected edge; below it the market is switched off.</summary>
    public required decimal EdgeDecayMinRatio { get; init; }

    public required int EdgeDecayMinTrades { get; init; }

    /// <summary>Trades looked back on.</summary>
    public required int EdgeDecayWindowSize { get; init; }

    /// <summary>The failure buffer is at least this many times the measured slippage (p95).</summary>
    public required decimal SlippageMultiplier { get; init; }

    /// <summary>Fills looked back on.</summary>
    public required int SlippageWindowSize { get; init; }

    internal static SafetyOptions Read(ParameterBinder from) => new()
    {
        UserWebSocketTimeout = from.Live("safety.user_ws_timeout_sec", "15", Kinds.Seconds(1, 3_600)),
        CancelOnConnect = from.AtStart("safety.cancel_on_connect", "false", Kinds.Flag),
        EdgeDecayMinRatio = from.Live("safety.edge_decay_min_ratio", "0.5", Kinds.Ratio(0, 1)),
        EdgeDecayMinTrades = from.Live("safety.edge_decay_min_trades", "15", Kinds.Count(1, 10_000)),
        EdgeDecayWindowSize = from.Live("safety.edge_decay_window_size", "30", Kinds.Count(1, 10_000)),
        SlippageMultiplier = from.Live("safety.slippage_multiplier", "1.5", Kinds.Ratio(0, 100)),
        SlippageWindowSize = from.Live("safety.slippage_window_size", "50", Kinds.Count(1, 10_000)),
    };
}
