using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>One line of a capture, from UTF-8 into a batch. As the line nearly always is it is scanned; else JSON's own reader decides.</summary>
internal static class CaptureRow
{
    /// <summary>Throws <see cref="JsonException"/>, <see cref="FormatException"/> or <see cref="InvalidOperationException"/> for what is no line of a capture.</summary>
    public static void Read(ReadOnlySpan<byte> line, InputBatch into)
    {
        if (!TryScan(line, into)) ReadWhole(line, into);
    }

    /// <summary>The contract's order, without spaces.</summary>
    private static bool TryScan(ReadOnlySpan<byte> line, InputBatch into)
    {
        var rest = line;
        if (!TryNumber(ref rest, "{\"n\":"u8, out var n) || !TryNumber(ref rest, ",\"t\":"u8, out var t)) return false;
        if (!TryWord(ref rest, ",\"c\":\""u8, out var connection) || !TryWord(ref rest, ",\"s\":\""u8, out var word)) return false;
        if (!rest.StartsWith(",\"m\":\""u8) || !rest.EndsWith("\"}"u8) || rest.Length < 8 || !TryKind(word, out var kind)) return false;

        var text = rest[6..^2];
        var room = into.Room(text.Length + QuoteText.Slack);
        if (!QuoteText.TryUnescape(text, room, out var length)) return false;

        into.Add(n, new Instant(t), into.Connection(connection), kind, length);
        return true;
    }

    private static bool TryNumber(scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> key, out long number)
    {
        number = 0;
        if (!rest.StartsWith(key) || !Utf8Parser.TryParse(rest[key.Length..], out number, out var digits)) return false;

        rest = rest[(key.Length + digits)..];
        return true;
    }

    private static bool TryWord(scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> word)
    {
        word = default;
        if (!rest.StartsWith(key)) return false;

        rest = rest[key.Length..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] == (byte)'\\') return false;

        word = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }

    private static bool TryKind(ReadOnlySpan<byte> word, out InputKind kind)
    {
        kind = InputKind.Market;
        return word.SequenceEqual("market"u8) || InputKinds.TryRead(Encoding.ASCII.GetString(word), out kind);
    }

    private static void ReadWhole(ReadOnlySpan<byte> line, InputBatch into)
    {
        var reader = new Utf8JsonReader(line);
        (long? n, long? t, string? connection, InputKind? kind, int? length) = (null, null, null, null, null);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject) throw new FormatException("not an object");

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("n"u8)) n = Number(ref reader);
            else if (reader.ValueTextEquals("t"u8)) t = Number(ref reader);
            else if (reader.ValueTextEquals("c"u8)) connection = Name(ref reader);
            else if (reader.ValueTextEquals("s"u8)) kind = Kind(ref reader);
            else if (reader.ValueTextEquals("m"u8)) length = Text(ref reader, into.Room(line.Length));
            else reader.Skip();
        }

        while (reader.Read())
        {
            // Throws by itself on trailing bytes.
        }

        into.Add(
            n ?? throw new FormatException("no n"), new Instant(t ?? throw new FormatException("no t")), connection ?? throw new FormatException("no c"),
            kind ?? throw new FormatException("no s"), length ?? throw new FormatException("no m"));
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? "";
    }

    private static InputKind Kind(ref Utf8JsonReader reader)
    {
        var word = Name(ref reader);
        return InputKinds.TryRead(word, out var kind) ? kind : throw new FormatException($"unknown kind '{word}'");
    }

    private static int Text(ref Utf8JsonReader reader, Span<byte> room)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String ? reader.CopyString(room) : throw new FormatException("m is no text");
    }
}
