using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;

namespace PolyArb.Client.Capture;

/// <summary>The answer of `capture import`.</summary>
/// <param name="Source">"capture", "database" or "frames".</param>
/// <param name="Conditions">In the header.</param>
/// <param name="Guessed">Those of them that only the frames told of.</param>
/// <param name="Gaps">Where another connection began: nothing between the two was recorded.</param>
internal sealed record ImportReport(string File, string Source, long Inputs, int Conditions, int Guessed, int Gaps, Instant? First, Instant? Last);

/// <summary>Turns any recording into our own: a capture file or an events.db, by the name asked for.</summary>
internal sealed class CaptureImport(string path, string target, Progress progress)
{
    private const string Connection = "import";

    private long _inputs;
    private int _gaps;
    private Instant? _first;
    private Instant? _last;

    /// <exception cref="FormatException">One line: what is wrong with the file.</exception>
    public async Task<ImportReport> Run(ImmutableArray<CaptureMarket> known, CancellationToken cancellation)
    {
        if (Recording.IsDatabase(path)) return await Ours("database", cancellation);
        if (await RawFrames.Header(path, cancellation) is not null) return await Ours("capture", cancellation);

        var (markets, start) = (new ForeignMarkets(known), (Instant?)null);
        var frames = 0L;
        await foreach (var frame in ForeignFrames.Read(path, cancellation))
        {
            frames++;
            var (_, venue) = markets.See(frame.Text);
            start ??= frame.At ?? venue;
        }

        if (frames == 0 || markets.Header.Conditions.IsEmpty) throw new FormatException("no frames of the market channel");

        progress.Total = frames;
        var header = markets.Header;
        await Write(header, Lines(markets, header, start ?? default, cancellation), cancellation);
        return Report("frames", header, markets.Guessed);
    }

    private async Task<ImportReport> Ours(string source, CancellationToken cancellation)
    {
        progress.Total = Recording.Count(path);
        var header = await CaptureExport.HeaderOf(path, from: new Instant(long.MinValue), cancellation);
        await Write(header, Seen(Recording.Read(path, cancellation), cancellation), cancellation);
        return Report(source, header, guessed: 0);
    }

    private Task Write(CaptureHeader header, IAsyncEnumerable<CaptureLine> lines, CancellationToken cancellation) => target.EndsWith(".db", StringComparison.Ordinal)
        ? RecordingImport.Write(target, header, lines, cancellation)
        : CaptureFile.Write(target, header, lines, cancellation);

    private ImportReport Report(string source, CaptureHeader header, int guessed) =>
        new(target, source, _inputs, header.Conditions.Length, guessed, _gaps, _first, _last);

    private async IAsyncEnumerable<CaptureLine> Seen(IAsyncEnumerable<CaptureLine> lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            See(line);
            yield return line;
        }
    }

    /// <summary>Where nobody wrote down when a frame came, the venue's own times stand in; they never run backwards here.</summary>
    private async IAsyncEnumerable<CaptureLine> Lines(
        ForeignMarkets markets, CaptureHeader header, Instant start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (now, connection) = (start, (string?)null);
        await foreach (var frame in ForeignFrames.Read(path, cancellation))
        {
            var (kind, venue) = markets.See(frame.Text);
            var at = frame.At ?? venue ?? now;
            if (at > now) now = at;
            if (connection is not null && frame.Connection != connection)
            {
                _gaps++;
                foreach (var market in header.Conditions.Select(entry => entry.Market).Distinct())
                    yield return Next(InputKind.Timer, Connection, DomainJson.Write(new RecordedGap("another connection", market.Text)), now);
            }

            connection = frame.Connection;
            yield return Next(kind, connection is null ? Connection : $"{Connection}#{connection}", frame.Text, now);
        }
    }

    private CaptureLine Next(InputKind kind, string connection, string text, Instant at)
    {
        var line = new CaptureLine(_inputs + 1, at, connection, kind, text);
        See(line);
        return line;
    }

    private void See(CaptureLine line)
    {
        _inputs++;
        (_first, _last) = (_first ?? line.At, line.At);
        progress.Step();
    }
}
