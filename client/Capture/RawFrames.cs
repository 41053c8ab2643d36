using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PolyArb.Client.Capture;

/// <summary>
/// Reads frames out of a file, one per line: as received, in somebody else's envelope, or our own capture format.
/// Plain or gzipped. Blank lines are no frames.
/// </summary>
internal static class RawFrames
{
    /// <summary>The header of a capture in our own format, as JSON text; null for any other file.</summary>
    public static async Task<string?> Header(string path, CancellationToken cancellation)
    {
        await using var stream = Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var first = await reader.ReadLineAsync(cancellation);
        return first is not null && first.StartsWith("{\"polyarb_capture\"", StringComparison.Ordinal) ? first : null;
    }

    /// <summary>All of a file, plain or gzipped.</summary>
    public static async Task<string> Text(string path, CancellationToken cancellation)
    {
        await using var stream = Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    public static async IAsyncEnumerable<string> Read(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Trim().Length > 0 && FrameOf(line) is { } frame) yield return frame;
        }
    }

    internal static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Null for a line that is no frame: a header, a turn, an answer.</summary>
    private static string? FrameOf(string line)
    {
        if (!line.StartsWith('{')) return line;

        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.TryGetProperty("polyarb_capture", out _)) return null;
            if (root.TryGetProperty("s", out var stream) && root.TryGetProperty("m", out var text) && root.TryGetProperty("n", out _))
                return stream.GetString() is "market" or "user" && text.GetString() is { } m && m.Trim().Length > 0 ? m : null;

            return ForeignFrames.Inside(root) ?? line;
        }
        catch (JsonException)
        {
            return line; // The frame reader will call it unparsable.
        }
    }
}
