using System.Text.Json;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// Turns a market-channel frame into book updates. Pure: bytes in, values out, no socket in sight. Plain JSON is read by a
/// scanner of its own, everything else by Utf8JsonReader; what an event means is decided in one place.
/// </summary>
public static class MarketFrame
{
    /// <summary>Appends what the frame says to <paramref name="updates"/>; false if it is not in the venue's format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, UpdateBuffer updates) => TryRead(frame, updates, null);

    /// <summary>The same, and notes the names that are none of the venue's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, UpdateBuffer updates, UnknownNames? unknown)
    {
        FrameSummary uncounted = default;
        return Read(frame, updates, new Reading(unknown, Counts: false), ref uncounted);
    }

    /// <summary>The same, and counts the events by type: for checking captures.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, UpdateBuffer updates, out FrameSummary summary, UnknownNames? unknown = null)
    {
        summary = default;
        return Read(frame, updates, new Reading(unknown, Counts: true), ref summary);
    }

    /// <summary>By the whole reader alone: the judge of the scanner.</summary>
    internal static bool TryReadWhole(ReadOnlySpan<byte> frame, UpdateBuffer updates, out FrameSummary summary, UnknownNames? unknown = null)
    {
        summary = default;
        return Read(frame, updates, new Reading(unknown, Counts: true, WholeOnly: true), ref summary);
    }

    /// <summary>By the scanner alone; false too for what it leaves to the whole reader.</summary>
    internal static bool TryReadPlain(ReadOnlySpan<byte> frame, UpdateBuffer updates)
    {
        FrameSummary uncounted = default;
        return TryReadPlain(frame.Trim(" \t\r\n"u8), updates, default, ref uncounted);
    }

    private static bool Read(ReadOnlySpan<byte> frame, UpdateBuffer updates, Reading how, ref FrameSummary summary)
    {
        var before = (updates.Count, updates.LevelCount, updates.EntryCount);
        try
        {
            var text = frame.Trim(" \t\r\n"u8);
            summary.Kind = KindOf(text);
            if (summary.Kind is not FrameKind.Events) return true;
            if (!how.WholeOnly && TryReadPlain(text, updates, how, ref summary)) return true;

            updates.CutTo(before);
            summary = new FrameSummary { Kind = FrameKind.Events };
            ReadWhole(text, updates, how, ref summary);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            updates.CutTo(before); // All of a frame or none of it.
            summary = new FrameSummary { Kind = FrameKind.Unparsable };
            return false;
        }
    }

    private static FrameKind KindOf(ReadOnlySpan<byte> text)
    {
        if (text.Length > "NO NEW ASSETS"u8.Length) return FrameKind.Events;
        if (text.SequenceEqual("PONG"u8)) return FrameKind.Pong;

        return text.IsEmpty || text.SequenceEqual("\"\""u8) || text.SequenceEqual("[]"u8) || text.SequenceEqual("NO NEW ASSETS"u8)
            ? FrameKind.Blank
            : FrameKind.Events;
    }

    /// <summary>False for anything out of the ordinary, also for what is wrong or unknown to us.</summary>
    private static bool TryReadPlain(ReadOnlySpan<byte> text, UpdateBuffer updates, Reading how, ref FrameSummary summary)
    {
        if (!PlainJson.TryOpen(text, out var json)) return false;

        var isArray = json.Take((byte)'[');
        do
        {
            var read = new MarketEvent();
            if (!json.Take((byte)'{') || !read.TryRead(ref json, updates)) return false;

            var type = read.Type(null);
            if (type is FrameEvent.Other) return false;

            Add(read, type, updates, how, ref summary);
        }
        while (isArray && json.Take((byte)','));

        return (!isArray || json.Take((byte)']')) && json.IsAtEnd;
    }

    private static void ReadWhole(ReadOnlySpan<byte> text, UpdateBuffer updates, Reading how, ref FrameSummary summary)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadEvent(ref reader, updates, how, ref summary);
                break;

            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType is JsonTokenType.StartObject) ReadEvent(ref reader, updates, how, ref summary);
                if (reader.TokenType is not JsonTokenType.EndArray) throw new FormatException("an event that is no object");
                break;

            default:
                throw new FormatException("neither an object nor an array");
        }

        if (reader.Read()) throw new FormatException("more than one document"); // Throws by itself on trailing bytes.
    }

    private static void ReadEvent(ref Utf8JsonReader reader, UpdateBuffer updates, Reading how, ref FrameSummary summary)
    {
        var read = new MarketEvent();
        read.Read(ref reader, updates, how.Unknown);
        Add(read, read.Type(how.Unknown), updates, how, ref summary);
    }

    private static void Add(scoped in MarketEvent read, FrameEvent type, UpdateBuffer updates, Reading how, ref FrameSummary summary)
    {
        if (how.Counts) summary.Count(type);
        read.AddTo(updates, type);
    }

    private readonly record struct Reading(UnknownNames? Unknown, bool Counts, bool WholeOnly = false);
}
