using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using PolyArb.Silo.CommandLine;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Replay;

/// <summary>By what rules a backtest trades: the configuration, changed as `--set` says.</summary>
internal abstract record BacktestSetup
{
    private const int Million = 1_000_000;

    private BacktestSetup()
    {
    }

    /// <param name="Backtest">How the replay runs, and what it takes from the recording.</param>
    /// <param name="DefaultFee">The rate, in millionths, of a capture's conditions that say none.</param>
    /// <param name="Models">How the venue is played, one assumption a row.</param>
    /// <param name="Changes">What `--set` changed.</param>
    internal sealed record Ready(
        DayRules Rules, BacktestOptions Backtest, int DefaultFee, ImmutableArray<NamedText> Models, ImmutableArray<NamedText> Changes) : BacktestSetup;

    /// <summary>Everything that is wrong, a line each.</summary>
    internal sealed record Invalid(ImmutableArray<string> Lines) : BacktestSetup;

    public static BacktestSetup Of(SiloArguments.Backtest arguments)
    {
        // Without a key nobody can trade here, whatever the environment is meant for.
        var environment = new Dictionary<string, string>(EnvironmentVariables.OfProcess()) { ["BOT_MODE"] = "backtest" };
        var path = arguments.ConfigPath is "config.yaml" && !File.Exists(arguments.ConfigPath) ? null : arguments.ConfigPath;
        switch (ConfigLoader.Load(path, environment, ".env"))
        {
            case ConfigResult.Invalid(var lines):
                return new Invalid(lines);
            case ConfigResult.Ok(var options, _):
                return Of(options, [.. arguments.Set.Select(change => new NamedText(change.Key, change.Text))]);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public static BacktestSetup Of(PolyArbOptions options, ImmutableArray<NamedText> changes)
    {
        foreach (var (key, text) in changes)
        {
            switch (options.SetAtStart(key, text))
            {
                case SetResult.Refused(var lines):
                    return new Invalid(lines);
                case SetResult.Changed(var changed):
                    options = changed;
                    break;
            }
        }

        return new Ready(
            RulesOf(options), options.Backtest, (int)(options.Thresholds.DefaultFeeRate * Million), ModelsOf(options), changes);
    }

    private static DayRules RulesOf(PolyArbOptions options)
    {
        var trading = SiloSetup.RulesOf(options, mode: "backtest");
        return new DayRules
        {
            Edge = trading.Edge,
            Risk = trading.Risk,
            Breakers = trading.Breakers,
            Resting = trading.Resting,
            Flatten = trading.Flatten,
            SameIntent = trading.SameIntent,
            SettleMin = trading.SettleMin,
            Venue = options.Paper.Rules,
            Capital = options.Backtest.InitialCapital,
            Seed = (ulong)options.Paper.Seed,
        };
    }

    private static ImmutableArray<NamedText> ModelsOf(PolyArbOptions options) =>
    [
        new("fees", $"the market's curve, takers only; {options.Thresholds.DefaultFeeRate} where a capture says none"),
        new("latency", $"{options.Paper.LatencyMin.TotalMilliseconds} to {options.Paper.LatencyMax.TotalMilliseconds} ms from a decision to the book it meets"),
        new("liquidity", "what our fills took stays taken until the book shows more"),
        new("proofs", options.Proof.Check is ProofPolicy.BeforeTrade
            ? "a book is compared with the venue's hash only when it is to be traded on"
            : "every change of a book is compared with the venue's hash"),
        new("queue", options.Paper.Queue is QueueEstimate.Probabilistic
            ? $"probabilistic, power {options.Paper.QueuePower}: cancels of others move us up too"
            : "risk-averse: only trades at our price move us up"),
        new("rejects", $"{options.Paper.RejectRate} of arriving orders are refused"),
        new("settlement", $"mined and confirmed {options.Paper.Settle.TotalMilliseconds} ms apart, {options.Paper.SettlementFailureRate} of trades fail; complete shares become dollars at once"),
    ];
}
