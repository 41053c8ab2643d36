using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;
using PolyArb.Report;

namespace PolyArb.Client.Commands;

/// <param name="Events">A capture or an events.db, on the silo's machine.</param>
/// <param name="Set">Parameters that differ from the silo's configuration.</param>
/// <param name="Axes">Of a sweep; none for one replay.</param>
/// <param name="OutOfSample">What part of the recorded time, at its end, is kept out of a sweep's choice, in millionths.</param>
/// <param name="Report">Where the result, or the best one's, goes: a page when it ends in .html, else the metrics.</param>
/// <param name="Csv">Where a sweep's table goes.</param>
internal sealed record BacktestArguments(
    string Events, ImmutableArray<NamedText> Set, ImmutableArray<SweepAxis> Axes, int OutOfSample, string? Report, string? Csv);

/// <summary>Replays on the cluster: one, or every combination of a sweep.</summary>
internal sealed class BacktestCommand(SiloConnection silo, Output output, CancellationToken cancellation)
{
    /// <summary>Replays asked for at once: enough for the silos of a cluster, and few enough that their results fit into memory.</summary>
    private const int AtOnce = 16;

    private const int RowsShown = 20;

    public Task<int> Run(BacktestArguments arguments) => arguments.Axes.IsEmpty ? One(arguments) : Sweep(arguments);

    private async Task<int> One(BacktestArguments arguments)
    {
        var result = await Replay("backtest", arguments.Events, arguments.Set);
        await Save(arguments.Report, result);
        var metrics = BacktestMetrics.Of(result, new VerdictRules());
        if (output.IsJson) output.Line(metrics.ToJson());
        else Show(result, metrics);
        return ExitCode.Ok;
    }

    private async Task<int> Sweep(BacktestArguments arguments)
    {
        var cells = SweepAxis.Grid(arguments.Axes);
        var rows = new SweepRow[cells.Length];
        await output.WithProgress("sweep", async tell =>
        {
            var (done, started) = (0, TimeProvider.System.GetTimestamp());
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForAsync(0, cells.Length, options, async (number, _) =>
            {
                await using var run = new BacktestRun(silo, new BacktestRequest(arguments.Events, [.. arguments.Set, .. cells[number]]));
                await run.End(_ => { }, cancellation);
                rows[number] = await run.Row(arguments.OutOfSample) with { Changes = cells[number] };

                var have = Interlocked.Increment(ref done);
                var left = TimeProvider.System.GetElapsedTime(started) * ((cells.Length - have) / (double)have);
                tell(have * 100 / cells.Length, $"{have} of {cells.Length}{Left(left)}");
            });
        });

        var ranking = SweepRanking.Of(arguments.Axes, rows, arguments.OutOfSample > 0);
        if (arguments.Csv is { } csv) await File.WriteAllTextAsync(csv, SweepCsv.Write(arguments.Axes, ranking), cancellation);
        if (arguments.Report is not null) // The same again: the results of a whole sweep are more than a silo should keep.
            await Save(arguments.Report, await Replay("report", arguments.Events, [.. arguments.Set, .. ranking.Rows[0].Changes]));
        Show(arguments.Axes, ranking);
        return ExitCode.Ok;
    }

    private async Task<BacktestResult> Replay(string what, string events, ImmutableArray<NamedText> changes)
    {
        await using var run = new BacktestRun(silo, new BacktestRequest(events, changes));
        await output.WithProgress(what, tell => run.End(
            progress => tell(progress.Percent, $"{progress.Events.ToString("N0", CultureInfo.InvariantCulture)} events{Left(progress.Left)}"), cancellation));
        return await run.Result();
    }

    private async Task Save(string? file, BacktestResult result)
    {
        if (file is not null) await File.WriteAllTextAsync(file, ReportFile.TextFor(file, result, new VerdictRules()), cancellation);
    }

    private void Show(BacktestResult result, BacktestMetrics metrics)
    {
        output.Table(
            ["figure", "value"],
            [
                ["final equity", metrics.FinalEquity.ToString()],
                ["profit", result.Money.Profit.ToString()],
                ["realized", metrics.RealizedPnl.ToString()],
                ["max drawdown", metrics.MaxDrawdown.ToString()],
                ["baskets traded", metrics.TradeCount.ToString(CultureInfo.InvariantCulture)],
                ["events", $"{metrics.Events} in {metrics.Seconds:0.0} s, {metrics.EventsPerSecond}/s"],
                ["decisions digest", metrics.DecisionsDigest],
            ]);
        output.Line(metrics.Verdict);
        foreach (var reason in metrics.Reasons) output.Line($"  {reason}");
    }

    private void Show(ImmutableArray<SweepAxis> axes, SweepRanking ranking)
    {
        if (output.IsJson)
        {
            output.SnakeDocument(new { axes, ranking.Rows, ranking.Warnings });
            return;
        }

        output.Table(
            ["rank", .. axes.Select(axis => axis.Key), "baskets", "earned", "out of sample", "earned", "drawdown"],
            ranking.Rows.Take(RowsShown).Select((row, rank) => (string[])
            [
                $"{rank + 1}", .. row.Changes.Select(change => change.Text), $"{row.InSample.Baskets}", row.InSample.Earned.ToString(),
                $"{row.OutOfSample.Baskets}", row.OutOfSample.Earned.ToString(), row.MaxDrawdown.ToString(),
            ]));
        if (ranking.Rows.Length > RowsShown) output.Line($"and {ranking.Rows.Length - RowsShown} more; --csv FILE has them all");
        foreach (var warning in ranking.Warnings) output.Line($"beware: {warning}");
    }

    private static string Left(TimeSpan? left) => left is { } time ? $", {time:h\\:mm\\:ss} left" : "";
}
