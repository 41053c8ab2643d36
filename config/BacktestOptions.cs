using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Section `backtest`.</summary>
public sealed record BacktestOptions
{
    public required Usd InitialCapital { get; init; }

    /// <summary>1 is as recorded, 10 ten times as fast, 0 as fast as it goes.</summary>
    public required decimal ReplaySpeed { get; init; }

    /// <summary>Our orders fill as they did when recorded; else the fill model decides.</summary>
    public required bool UseRecordedFills { get; init; }

    internal static BacktestOptions Read(ParameterBinder from) => new()
    {
        InitialCapital = from.Live("backtest.initial_capital", "10000", Kinds.DollarsAboveZero),
        ReplaySpeed = from.AtStart("backtest.replay_speed", "0", Kinds.Ratio(0, 1_000_000)),
        UseRecordedFills = from.AtStart("backtest.use_recorded_fills", "false", Kinds.Flag),
    };
}
