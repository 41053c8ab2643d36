using System.Text.Json;

namespace PolyArb.Simulator.Recordings;

/// <summary>
/// The market frames of a file, one a line, plain or gzipped: as received, wrapped in an object's "payload", or our own capture format,
/// whose first line is the header. Text that is no JSON (PONG, blank lines) is no frame.
/// </summary>
internal sealed record RecordedFrames(JsonElement? Header, IReadOnlyList<RecordedFrame> Frames)
{
    /// <summary>Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="InvalidDataException"/> (broken gzip).</summary>
    public static RecordedFrames Read(string path)
    {
        JsonElement? header = null;
        List<RecordedFrame> frames = [];
        using var reader = CaptureFile.Open(path);
        while (reader.ReadLine() is { } line)
        {
            if (Json(line) is not { } json) continue;

            if (json.ValueKind is JsonValueKind.Object && json.TryGetProperty("polyarb_capture", out _)) header = json;
            else if (Frame(json) is { } frame) frames.Add(frame);
        }

        return new RecordedFrames(header, frames);
    }

    private static RecordedFrame? Frame(JsonElement line)
    {
        if (line.ValueKind is not JsonValueKind.Object) return new RecordedFrame(line, null);

        if (line.TryGetProperty("s", out var stream) && line.TryGetProperty("m", out var text))
        {
            return stream.ValueEquals("market") && Json(text.GetString()) is { } frame ? new RecordedFrame(frame, line.GetProperty("t").GetInt64() / 1000) : null;
        }

        if (!line.TryGetProperty("payload", out var payload)) return new RecordedFrame(line, null);

        long? received = line.TryGetProperty("receive_wall_ms", out var at) && at.TryGetInt64(out var ms) ? ms : null;
        var inner = payload.ValueKind is JsonValueKind.String ? Json(payload.GetString()) : payload;
        return inner is { } wrapped ? new RecordedFrame(wrapped, received) : null;
    }

    private static JsonElement? Json(string? text)
    {
        if (text is null || text.AsSpan().TrimStart() is not ['{' or '[', ..]) return null;

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A frame's JSON and when it was received, in Unix milliseconds, if the recorder kept that.</summary>
internal readonly record struct RecordedFrame(JsonElement Json, long? ReceivedAt);
