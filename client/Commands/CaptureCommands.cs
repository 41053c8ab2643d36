using PolyArb.Client.Capture;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Storage;

namespace PolyArb.Client.Commands;

/// <param name="Data">Null: ./data.</param>
/// <param name="Config">Null: config.yaml when there is one; it says how the recording is called.</param>
/// <param name="Events">A recording somewhere else; null for the data directory's.</param>
/// <param name="From">Inputs received from here on; null for all.</param>
/// <param name="To">And before this; null for all.</param>
internal sealed record ExportArguments(string? Data, string? Config, string? Events, string Out, Instant? From, Instant? To);

/// <summary>`capture check`, `capture export` and `capture import`: need no silo.</summary>
internal static class CaptureCommands
{
    public static Task<int> Export(Surroundings surroundings, Output output, ExportArguments asked, CancellationToken cancellation) => Told(async () =>
    {
        var source = asked.Events is { } events ? Path.Combine(surroundings.Directory, events) : EventsOf(surroundings, asked);
        var target = NewFile(surroundings, asked.Out);
        var report = await output.WithProgress("export", tell => new CaptureExport(source, target, new Progress(tell))
            .Run(asked.From ?? new Instant(long.MinValue), asked.To ?? new Instant(long.MaxValue), cancellation));
        if (output.IsJson)
        {
            output.Document(new
            {
                file = report.File,
                bytes = report.Bytes,
                inputs = report.Inputs,
                firstN = report.FirstN,
                lastN = report.LastN,
                first = report.First?.Millis,
                last = report.Last?.Millis,
                markets = report.Markets,
                conditions = report.Conditions,
                brokenSeal = report.BrokenSeal,
            });
        }
        else
        {
            var which = report.FirstN is { } n ? $", n {n} to {report.LastN}, {report.First} to {report.Last}" : "";
            output.Line($"{report.File}: {report.Inputs} inputs{which}");
            output.Line($"{report.Markets} markets with {report.Conditions} conditions, {report.Bytes} bytes");
            if (report.BrokenSeal is { } broken) output.Line($"the recording was changed: the seal of n {broken} does not fit");
        }

        return report.BrokenSeal is null ? ExitCode.Ok : ExitCode.Failed;
    });

    public static Task<int> Import(
        Surroundings surroundings, Output output, string file, string target, string? metaFile, CancellationToken cancellation) => Told(async () =>
    {
        var source = Path.Combine(surroundings.Directory, file);
        var known = metaFile is null ? [] : ForeignMarkets.Parse(await RawFrames.Text(Path.Combine(surroundings.Directory, metaFile), cancellation));
        var report = await output.WithProgress("import", tell => new CaptureImport(source, NewFile(surroundings, target), new Progress(tell)).Run(known, cancellation));
        if (output.IsJson)
        {
            output.Document(new
            {
                file = report.File,
                source = report.Source,
                inputs = report.Inputs,
                conditions = report.Conditions,
                guessed = report.Guessed,
                gaps = report.Gaps,
                first = report.First?.Millis,
                last = report.Last?.Millis,
            });
        }
        else
        {
            output.Line($"{report.File}: {report.Inputs} inputs of {report.Conditions} conditions, {report.First?.ToString() ?? "never"} to {report.Last?.ToString() ?? "never"}");
            if (report.Gaps > 0) output.Line($"{report.Gaps} times another connection began: each is a gap");
            if (report.Guessed > 0)
            {
                output.Line(
                    $"{report.Guessed} conditions are known from their frames alone: which token is YES is a guess, fees and events are unknown; see --meta");
            }
        }

        return ExitCode.Ok;
    });

    public static async Task<int> Check(Surroundings surroundings, Output output, string file, string? metaFile, CancellationToken cancellation)
    {
        file = Path.Combine(surroundings.Directory, file);
        metaFile = metaFile is null ? null : Path.Combine(surroundings.Directory, metaFile);
        var report = await new CaptureCheck(await Meta(file, metaFile, cancellation)).Run(file, cancellation);
        if (output.IsJson)
        {
            output.SnakeDocument(report);
        }
        else
        {
            output.Line($"{report.Frames} frames, {report.Unparsable} unparsable, {report.Crossed} crossed");
            output.Line($"events  {string.Join(", ", report.Events.Where(type => type.Value > 0).Select(type => $"{type.Key} {type.Value}"))}");
            output.Line($"proofs  {report.Proofs["ok"]} ok, {report.Proofs["failed"]} failed, {report.Proofs["unknown"]} unknown, {report.Proofs["unsettled"]} unsettled at the end");
            output.Table(["market", "token", "levels"], report.Books.Select(book => new[] { Output.Brief(book.Market), Output.Brief(book.AssetId), $"{book.Levels}" }));
        }

        return report.Proofs["failed"] == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Recordings are not written over.</summary>
    private static string NewFile(Surroundings surroundings, string file) => Path.Combine(surroundings.Directory, file) is var path && File.Exists(path)
        ? throw new CommandException($"{path} exists already: choose another place", ExitCode.Failed)
        : path;

    private static string EventsOf(Surroundings surroundings, ExportArguments asked)
    {
        var directory = surroundings.DataDirectory(asked.Data);
        if (!Directory.Exists(directory)) throw new CommandException($"{directory}: no such directory: name the silo's with --data DIR", ExitCode.Usage);

        return surroundings.Load(asked.Config) switch
        {
            ConfigResult.Invalid(var lines) => throw new CommandException(string.Join('\n', lines), ExitCode.Usage),
            ConfigResult.Ok(var options, _) => Path.Combine(directory, options.Recorder.DbPath),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<int> Told(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is StorageException or FormatException)
        {
            throw new CommandException(e.Message, ExitCode.Failed);
        }
    }

    /// <summary>What is said in --meta, else in the capture's own header, else nothing.</summary>
    private static async Task<Dictionary<ConditionId, ConditionMeta>> Meta(string file, string? metaFile, CancellationToken cancellation)
    {
        try
        {
            if (metaFile is not null) return CaptureMeta.Parse(await File.ReadAllTextAsync(metaFile, cancellation));

            return await RawFrames.Header(file, cancellation) is { } header ? CaptureMeta.Parse(header) : [];
        }
        catch (FormatException e)
        {
            throw new CommandException($"{metaFile ?? file}: {e.Message}", ExitCode.Failed);
        }
    }
}
