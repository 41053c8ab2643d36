using PolyArb.Client.Capture;
using PolyArb.Domain;

namespace PolyArb.Client.Commands;

/// <summary>`capture check FILE`: needs no silo.</summary>
internal static class CaptureCommands
{
    public static async Task<int> Check(Output output, string file, string? metaFile, CancellationToken cancellation)
    {
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
