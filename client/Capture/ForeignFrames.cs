using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;

namespace PolyArb.Client.Capture;

/// <summary>A frame that somebody else recorded.</summary>
/// <param name="At">When it was received; null where the recorder did not say.</param>
/// <param name="Connection">Which of its connections it came over; null where the recorder did not say.</param>
internal sealed record ForeignFrame(string Text, Instant? At, string? Connection);

/// <summary>
/// Reads what others recorded, a frame a line: as received, or in an envelope, a JSON object that has the frame in `payload` or `raw_frame`
/// and may tell of its receive time, its connection and the payload's SHA-256. Plain or gzipped; blank lines are no frames.
/// </summary>
internal static class ForeignFrames
{
    private static readonly string[] Frames = ["payload", "raw_frame"];
    private static readonly string[] Times = ["receive_wall_ms", "recv_ms", "received_ms", "received_at", "receive_time", "recv_ts_ms", "recv_ts"];
    private static readonly string[] Connections = ["connection_id", "connection_epoch", "connection"];

    /// <exception cref="FormatException">A payload that is not what its recorder received, or a receive time that cannot be read.</exception>
    public static async IAsyncEnumerable<ForeignFrame> Read(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = RawFrames.Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        for (var number = 1; await reader.ReadLineAsync(cancellation) is { } line; number++)
        {
            if (line.Trim().Length > 0) yield return FrameOf(line, number);
        }
    }

    private static ForeignFrame FrameOf(string line, int number)
    {
        if (!line.StartsWith('{')) return new ForeignFrame(line, null, null);

        try
        {
            using var document = JsonDocument.Parse(line);
            var envelope = document.RootElement;
            return Find(envelope, Frames) is { } payload ? Unwrapped(envelope, payload, number) : new ForeignFrame(line, null, null);
        }
        catch (JsonException)
        {
            return new ForeignFrame(line, null, null); // A replay will call it unreadable.
        }
    }

    private static ForeignFrame Unwrapped(JsonElement envelope, JsonElement payload, int number)
    {
        var text = TextOf(payload);
        if (envelope.TryGetProperty("payload_sha256", out var seal) && seal.ValueKind is JsonValueKind.String
            && !Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).Equals(seal.GetString(), StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"line {number}: the payload's SHA-256 is not the one beside it: the file is damaged");
        }

        var at = Find(envelope, Times) is { } time ? InstantOf(time) ?? throw new FormatException($"line {number}: {time} is no time") : (Instant?)null;
        return new ForeignFrame(text, at, Find(envelope, Connections)?.ToString());
    }

    /// <summary>The frame in an envelope, as text or as it is; null for an object that is none.</summary>
    public static string? Inside(JsonElement envelope) => Find(envelope, Frames) is { } payload ? TextOf(payload) : null;

    private static string TextOf(JsonElement payload) => payload.ValueKind is JsonValueKind.String ? payload.GetString()! : payload.GetRawText();

    private static JsonElement? Find(JsonElement envelope, string[] names)
    {
        foreach (var name in names)
        {
            if (envelope.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null) return value;
        }

        return null;
    }

    /// <summary>Text as of ISO 8601; a number of seconds, milliseconds, microseconds or nanoseconds of Unix time, told apart by its size.</summary>
    private static Instant? InstantOf(JsonElement time)
    {
        if (time.ValueKind is JsonValueKind.String)
        {
            return DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
                ? Instant.From(parsed) : null;
        }

        return time.ValueKind is JsonValueKind.Number && time.TryGetInt64(out var number)
            ? number switch
            {
                < 0 => null,
                < 100_000_000_000 => new Instant(number * 1_000_000),
                < 100_000_000_000_000 => new Instant(number * 1_000),
                < 100_000_000_000_000_000 => new Instant(number),
                _ => new Instant(number / 1_000),
            }
            : null;
    }
}
