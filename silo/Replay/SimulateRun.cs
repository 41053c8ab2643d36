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
                var result = await Replay(arguments.EventsPath, ready, TimeProvider.System, _ => { }, cancellation);
                await BacktestOutput.Write(result, arguments.ReportPath, cancellation);
                return 0;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// On a thread of its own: it computes for minutes. Throws <see cref="StorageException"/> where the recording cannot be read, or does not
    /// have what the setup wants of it.
    /// </summary>
    /// <param name="time">Of a replay that is held back to a pace.</param>
    /// <param name="progress">Told now and then.</param>
    public static async Task<BacktestResult> Replay(
        string path, BacktestSetup.Ready setup, TimeProvider time, Action<BacktestProgress> progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var header = await Recording.ReadHeader(path, cancellation);
        return await Task.Factory.StartNew(Play, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        BacktestResult Play()
        {
            var known = RecordedPast.Into(setup, path, cancellation);
            var markets = (header?.Markets ?? []).Select(market => FeeCurve.WithDefaultFee(market, setup.DefaultFee));
            var day = new SimulatedDay(known.Rules, markets, MarketFrame.TryRead);
            var pace = setup.Backtest.ReplaySpeed > 0 ? new ReplayPace(setup.Backtest.ReplaySpeed, time) : null;
            using var ahead = new ReadAhead(path, MarketFrame.TryRead);
            foreach (var batch in ahead.All(cancellation))
            {
                batch.PlayTo(day, pace is null ? null : at => pace.WaitFor(at, Tell, cancellation));
                Tell();

                void Tell()
                {
                    var (read, all) = ahead.Progress;
                    progress(new BacktestProgress(day.Inputs, read, all, Stopwatch.GetElapsedTime(started)));
                }
            }

            ImmutableArray<NamedText> models = RecordedPast.Came(known, day) is { } came ? [.. known.Models, came] : known.Models;
            return day.End(Path.GetFileName(path), models, setup.Changes) with { Elapsed = Stopwatch.GetElapsedTime(started) };
        }
    }
}
