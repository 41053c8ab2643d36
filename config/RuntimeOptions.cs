using Serilog.Events;

namespace PolyArb.Config;

public enum BotMode
{
    Live,
    Backtest,
}

/// <summary>How the process runs: section `runtime`.</summary>
public sealed record RuntimeOptions
{
    public required BotMode Mode { get; init; }

    /// <summary>Orders go to the paper venue: no key is needed and no money moves.</summary>
    public required bool DryRun { get; init; }

    /// <summary>A first start waits for `resume`.</summary>
    public required bool StartPaused { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    /// <summary>Inputs waiting for a market; over it the oldest market data is shed, never news about orders.</summary>
    public required int EventQueueMaxSize { get; init; }

    /// <summary>Waiting inputs from which on trading pauses.</summary>
    public required int EventQueueHighWatermark { get; init; }

    internal static RuntimeOptions Read(ParameterBinder from) => new()
    {
        Mode = from.AtStart("runtime.mode", "live", Kinds.OneOf(("live", BotMode.Live), ("backtest", BotMode.Backtest)), "BOT_MODE"),
        DryRun = from.AtStart("runtime.dry_run", "true", Kinds.Flag, "DRY_RUN"),
        StartPaused = from.AtStart("runtime.start_paused", "true", Kinds.Flag, "START_PAUSED"),
        LogLevel = from.AtStart("runtime.log_level", "info", Levels),
        EventQueueMaxSize = from.AtStart("runtime.event_queue_maxsize", "50000", Kinds.Count(1_000, 10_000_000)),
        EventQueueHighWatermark = from.AtStart("runtime.event_queue_high_watermark", "30000", Kinds.Count(1, 10_000_000)),
    };

    private static readonly Kind<LogEventLevel> Levels = Kinds.OneOf(
        ("debug", LogEventLevel.Debug),
        ("info", LogEventLevel.Information),
        ("warning", LogEventLevel.Warning),
        ("error", LogEventLevel.Error));
}
