using System.Text.Json;
using PolyArb.Domain.Books;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>Turns a market-channel frame into book updates. Pure: bytes in, values out, no socket in sight.</summary>
public static class MarketFrame
{
    /// <summary>Appends what the frame says to <paramref name="updates"/>; false if it is not in the venue's format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, UpdateBuffer updates)
    {
        FrameSummary uncounted = default;
        return Read(frame, updates, ref uncounted, counts: false);
    }

    /// <summary>The same, and counts the events by type: for checking captures.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, UpdateBuffer updates, out FrameSummary summary)
    {
        summary = default;
        return Read(frame, updates, ref summary, counts: true);
    }

    private static bool Read(ReadOnlySpan<byte> frame, UpdateBuffer updates, ref FrameSummary summary, bool counts)
    {
        var before = (updates.Count, updates.LevelCount, updates.EntryCount);
        try
        {
            summary.Kind = KindOf(frame);
            if (summary.Kind is FrameKind.Events) ReadEvents(frame, updates, ref summary, counts);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            updates.CutTo(before); // All of a frame or none of it.
            summary = new FrameSummary { Kind = FrameKind.Unparsable };
            return false;
        }
    }

    private static FrameKind KindOf(ReadOnlySpan<byte> frame)
    {
        var text = frame.Trim(" \t\r\n"u8);
        if (text.SequenceEqual("PONG"u8)) return FrameKind.Pong;

        return text.IsEmpty || text.SequenceEqual("\"\""u8) || text.SequenceEqual("[]"u8) || text.SequenceEqual("NO NEW ASSETS"u8)
            ? FrameKind.Blank
            : FrameKind.Events;
    }

    private static void ReadEvents(ReadOnlySpan<byte> frame, UpdateBuffer updates, ref FrameSummary summary, bool counts)
    {
        var reader = new Utf8JsonReader(frame);
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadEvent(ref reader, updates, ref summary, counts);
                break;

            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType is JsonTokenType.StartObject) ReadEvent(ref reader, updates, ref summary, counts);
                if (reader.TokenType is not JsonTokenType.EndArray) throw new FormatException("an event that is no object");
                break;

            default:
                throw new FormatException("neither an object nor an array");
        }

        if (reader.Read()) throw new FormatException("more than one document"); // Throws by itself on trailing bytes.
    }

    private static void ReadEvent(ref Utf8JsonReader reader, UpdateBuffer updates, ref FrameSummary summary, bool counts)
    {
        var read = new MarketEvent();
        read.Read(ref reader, updates);
        var type = read.Type;
        if (counts) summary.Count(type);
        read.AddTo(updates, type);
    }
}
