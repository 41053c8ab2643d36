using System.Collections.Immutable;
using System.Diagnostics;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Simulation;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Silo.CommandLine;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>Trades a recording again by the configuration and prints what it came to. Only reads its file, takes no lock.</summary>
internal static class SimulateRun
{
    public static async Task<int> Run(SiloArguments.Backtest arguments, CancellationToken cancellation)
    {
        switch (BacktestSetup.Of(arguments))
        {
            case BacktestSetup.Invalid(var lines):
                foreach (var line in lines) await Console.Error.WriteLineAsync($"polyarb-silo: {line}");
                return 2;
            case BacktestSetup.Ready ready:
                var result = await Replay(arguments, ready, cancellation);
                await BacktestOutput.Write(result, arguments.ReportPath, cancellation);
                return 0;
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<BacktestResult> Replay(SiloArguments.Backtest arguments, BacktestSetup.Ready setup, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var header = await Recording.ReadHeader(arguments.EventsPath, cancellation);
        var day = new SimulatedDay(setup.Rules, (header?.Markets ?? []).Select(market => FeeCurve.WithDefaultFee(market, setup.DefaultFee)), MarketFrame.TryRead);
        using var ahead = new ReadAhead(arguments.EventsPath, MarketFrame.TryRead);
        foreach (var batch in ahead.All(cancellation)) batch.PlayTo(day);

        return day.End(Path.GetFileName(arguments.EventsPath), setup.Models, setup.Changes) with { Elapsed = Stopwatch.GetElapsedTime(started) };
    }
}
