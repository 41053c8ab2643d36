using System.Runtime.CompilerServices;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using PolyArb.Storage;

namespace PolyArb.Client.Capture;

/// <summary>The answer of `capture export`.</summary>
/// <param name="FirstN">Null where nothing was recorded in that time.</param>
/// <param name="BrokenSeal">The number of the first row that is not as it was recorded; null when all are.</param>
internal sealed record ExportReport(
    string File, long Bytes, long Inputs, long? FirstN, long? LastN, Instant? First, Instant? Last, int Markets, int Conditions, long? BrokenSeal);

/// <summary>Makes a capture file of an events.db, or of a part of one. The inputs keep their numbers, so that they can be found again.</summary>
internal sealed class CaptureExport(string path, string target, Progress progress)
{
    private long _inputs;
    private CaptureLine? _first;
    private CaptureLine? _last;

    /// <param name="from">Inputs received from here on,</param>
    /// <param name="to">and before this.</param>
    public async Task<ExportReport> Run(Instant from, Instant to, CancellationToken cancellation)
    {
        progress.Total = Recording.Count(path);
        var header = await HeaderOf(path, from, cancellation);
        var broken = Recording.BrokenSeal(path);
        await CaptureFile.Write(target, header, Within(from, to, cancellation), cancellation);
        return new ExportReport(
            target, new FileInfo(target).Length, _inputs, _first?.Sequence, _last?.Sequence, _first?.At, _last?.At,
            header.Markets.Length, header.Conditions.Length, broken);
    }

    /// <summary>What the file says of itself, and the markets that were opened in it.</summary>
    public static async Task<CaptureHeader> HeaderOf(string path, Instant from, CancellationToken cancellation)
    {
        var said = await Recording.ReadHeader(path, cancellation);
        if (!Recording.IsDatabase(path)) return said!;

        var opened = new RecordedMarkets(from);
        await foreach (var line in Recording.Read(path, cancellation)) opened.See(line);
        return said is null ? opened.Header : new CaptureHeader([.. said.Conditions, .. opened.Header.Conditions.Where(IsNew)]);

        bool IsNew(CaptureMarket market) => said.Conditions.All(known => known.Condition.Id != market.Condition.Id);
    }

    private async IAsyncEnumerable<CaptureLine> Within(Instant from, Instant to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in Recording.Read(path, cancellation))
        {
            progress.Step();
            if (line.At < from || line.At >= to) continue;

            _inputs++;
            (_first, _last) = (_first ?? line, line);
            yield return line;
        }
    }
}
