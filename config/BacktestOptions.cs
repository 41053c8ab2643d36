using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Section `backtest`.</summary>
public sealed record BacktestOptions
{
    public required Usd InitialCapital { get; init; }

    /// <summary>1 is as recorded, 10 ten times as fast, 0 as fast as it goes. The same decisions at any.</summary>
    public required decimal ReplaySpeed { get; init; }

    /// <summary>Our orders fill as they did when recorded; else, and for those that were not, the fill model decides.</summary>
    public required bool UseRecordedFills { get; init; }

    /// <summary>Requests take as long as recorded ones did; else as section `paper` says.</summary>
    public required bool UseRecordedLatency { get; init; }

    internal static BacktestOptions Read(ParameterBinder from) => new()
    {
        InitialCapital = from.Live("backtest.initial_capital", "10000", Kinds.DollarsAboveZero),
        ReplaySpeed = from.Live("backtest.replay_speed", "0", Kinds.Ratio(0, 1_000_000)),
        UseRecordedFills = from.Live("backtest.use_recorded_fills", "false", Kinds.Flag),
        UseRecordedLatency = from.Live("backtest.use_recorded_latency", "false", Kinds.Flag),
    };
}
