using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using PolyArb.Client.Commands;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;

namespace PolyArb.Client.CommandLine;

/// <summary>`backtest`: one replay on the cluster, or a sweep of them.</summary>
internal static class BacktestGroup
{
    private const int CellsMax = 1_000;

    public static IEnumerable<Command> Of(CommandScope scope)
    {
        var events = new Option<string>("--events") { HelpName = "FILE", Description = "a capture or an events.db, on the silo's machine", Required = true };
        var set = new Option<string[]>("--set") { HelpName = "K=V", Description = "a parameter of the silo's configuration; repeatable" };
        var sweep = new Option<string[]>("--sweep") { HelpName = "K=FROM..TO/STEPS", Description = "or K=A,B,C: replay every combination; repeatable" };
        var outOfSample = new Option<decimal>("--out-of-sample") { HelpName = "SHARE", Description = "with --sweep: this part of the time, at the end, chooses nothing and judges the best (0 to 0.9)" };
        var report = new Option<string?>("--report") { HelpName = "FILE", Description = "the result, of a sweep the best one's: a page when it ends in .html, else JSON" };
        var csv = new Option<string?>("--csv") { HelpName = "FILE", Description = "with --sweep: the whole table" };
        var command = new Command("backtest", "trade a recording again on the cluster, by other parameters") { events, set, sweep, outOfSample, report, csv };
        command.Validators.Add(given =>
        {
            var axes = Axes(given.GetValue(sweep), given.AddError);
            if (given.GetValue(set)?.FirstOrDefault(text => text.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong) given.AddError($"--set {wrong}: must be KEY=VALUE");
            if (given.GetValue(outOfSample) is < 0 or > 0.9m) given.AddError("--out-of-sample: must be 0 to 0.9");
            if (given.GetResult(sweep) is null && (given.GetValue(outOfSample) != 0 || given.GetValue(csv) is not null)) given.AddError("--out-of-sample and --csv need --sweep");
            if (axes.DistinctBy(axis => axis.Key).Count() < axes.Length) given.AddError("--sweep: the same parameter twice");
            if (axes.Aggregate(1L, (cells, axis) => cells * axis.Values.Length) > CellsMax) given.AddError($"--sweep: more than {CellsMax} combinations");
        });
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => new BacktestCommand(silo, output, cancellation).Run(new BacktestArguments(
            At(scope.Surroundings, given.GetValue(events)!),
            [.. (given.GetValue(set) ?? []).Select(text => text.Split('=', 2)).Select(pair => new NamedText(pair[0].Trim(), pair[1].Trim()))],
            Axes(given.GetValue(sweep), _ => { }),
            (int)(given.GetValue(outOfSample) * 1_000_000),
            At(scope.Surroundings, given.GetValue(report)),
            At(scope.Surroundings, given.GetValue(csv)))), cancellation));
        return [command];
    }

    private static ImmutableArray<SweepAxis> Axes(string[]? texts, Action<string> complain)
    {
        var axes = ImmutableArray.CreateBuilder<SweepAxis>();
        foreach (var text in texts ?? [])
        {
            if (SweepAxis.TryParse(text, out var axis, out var complaint)) axes.Add(axis);
            else complain($"--sweep {complaint}");
        }

        return axes.ToImmutable();
    }

    [return: NotNullIfNotNull(nameof(file))]
    private static string? At(Surroundings surroundings, string? file) => file is null ? null : Path.GetFullPath(Path.Combine(surroundings.Directory, file));
}
