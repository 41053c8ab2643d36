using System.Text.Json;

namespace PolyArb.Tests.Polymarket;

/// <summary>Frames and answers in the shapes of the protocol sheet, one a line, composed by us. Captures are added where they are at hand.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Market => Lines("market.txt");

    public static IReadOnlyList<byte[]> User => Lines("user.txt");

    public static IReadOnlyList<byte[]> Answers => Lines("answers.txt");

    public static IReadOnlyList<byte[]> Reads => Lines("reads.txt");

    public static IReadOnlyList<byte[]> Catalog => Lines("catalog.txt");

    private static byte[][] Lines(string name) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Polymarket", "Frames", name)).Select(Given.Frame)];
}

/// <summary>Frames and answers that went wrong on their way, or that another venue would send. Seeded: the same number gives the same text.</summary>
internal sealed class Mutations(Random random, IReadOnlyList<byte[]> corpus)
{
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-1", "1e5", "0.00000001", "1.5", "99999999999999999999", "123456789012345678", "\"\"", "\"0\"", "\"1\"", "\"-0.5\"",
        "\"0.12345\"", "\"1.\"", "\".5\"", "\"00.50\"", "\"1e-2\"", "\"NaN\"", "\"null\"", "\"\\u0030.5\"", "\"\\n\"", "\"\\\"\"", "\"caf\u00e9\"", "\"\u2713\"", "[]", "{}",
        "[[]]", "{\"price\":\"0.5\"}", "\"2026-06-29T17:15:57Z\"", "\"9999-12-31T23:59:59.9999999+14:00\"", "\"0001-01-01T00:00:00Z\"", "1782753357257",
        "9223372036854775807", "\"0.999999999999999999999\"", "\"1.0000\"", "\"0.5 \"", "\" 0.5\"", "\"BUY\"", "\"sell\"", "\"book\"", "\"PRICE_CHANGE\"",
    ];

    private static readonly string[] Pieces =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "\n", "\r", "\0", "null", "true", "\\u00", "\\ud800", "\u00e9", "0", ".", "-", "e9", "/*", "//", "\ufeff",
        "\"event_type\":\"book\",", "\"price_changes\":[", "\"bids\":[],\"asks\":[]",
    ];

    private static readonly string[] Names =
    [
        "event_type", "type", "market", "asset_id", "price", "size", "side", "hash", "bids", "asks", "buys", "sells", "changes", "price_changes", "timestamp",
        "last_trade_price", "tick_size", "new_tick_size", "condition_id", "version", "neg_risk", "status", "maker_orders", "id", "color", "",
    ];

    /// <summary>One of the corpus, changed as JSON, as bytes, both or not at all.</summary>
    public byte[] Next()
    {
        var frame = Pick(corpus);
        if (random.Next(3) > 0) frame = Rewritten(frame);
        if (random.Next(3) == 0) frame = Damaged(frame);
        return frame;
    }

    private byte[] Rewritten(byte[] frame)
    {
        try
        {
            var root = JsonElement.Parse(frame);
            using var text = new MemoryStream();
            using (var writer = new StreamWriter(text, leaveOpen: true)) Write(writer, root, new Style(random.Next(4), random.Next(2) == 0 ? 0 : 1 + random.Next(20)));
            return text.ToArray();
        }
        catch (JsonException)
        {
            return frame; // PONG and the like.
        }
    }

    private void Write(TextWriter writer, JsonElement element, Style style)
    {
        if (style.Percent > 0 && Happens(style.Percent, 4))
        {
            writer.Write(Pick(Scalars));
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element, style);
                break;
            case JsonValueKind.Array:
                writer.Write('[');
                var items = element.EnumerateArray().ToArray();
                for (var i = 0; i < items.Length; i++)
                {
                    if (i > 0) writer.Write(style.Comma);
                    Write(writer, Happens(style.Percent, 4) ? Pick(items) : items[i], style);
                }

                writer.Write(']');
                break;
            case JsonValueKind.String when Happens(style.Percent, 4) && decimal.TryParse(element.GetString(), out _):
                writer.Write(element.GetString()); // A number where there was text; digits as they are.
                break;
            case JsonValueKind.String when Happens(style.Percent, 4):
                writer.Write(JsonSerializer.Serialize(Happens(50, 1) ? element.GetString()!.ToUpperInvariant() : element.GetString()!.ToLowerInvariant()));
                break;
            default:
                writer.Write(element.GetRawText());
                break;
        }
    }

    private void WriteObject(TextWriter writer, JsonElement element, Style style)
    {
        var members = element.EnumerateObject().Select(member => (member.Name, member.Value)).ToList();
        if (Happens(style.Percent, 1)) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        if (members.Count > 0 && Happens(style.Percent, 2)) members.RemoveAt(random.Next(members.Count));
        if (members.Count > 0 && Happens(style.Percent, 2)) members.Add(members[random.Next(members.Count)]);
        if (members.Count > 0 && Happens(style.Percent, 2)) members.Insert(random.Next(members.Count + 1), (Pick(Names), members[random.Next(members.Count)].Value));

        writer.Write('{');
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0) writer.Write(style.Comma);
            writer.Write(JsonSerializer.Serialize(Happens(style.Percent, 8) ? Pick(Names) : members[i].Name));
            writer.Write(style.Colon);
            Write(writer, members[i].Value, style);
        }

        writer.Write('}');
    }

    private byte[] Damaged(byte[] frame)
    {
        var bytes = frame.ToList();
        for (var times = 1 + random.Next(4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(40), bytes.Count - at)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(random.Next(4) == 0 ? Pick(Scalars) : Pick(Pieces)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Of so many percent, one in so many.</summary>
    private bool Happens(int percent, int of) => random.Next(100 * of) < percent;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>How a text is written, and how much of it is changed.</summary>
    private readonly record struct Style(int Spacing, int Percent)
    {
        public string Comma => Spacing switch { 0 => ",", 1 or 2 => ", ", _ => ",\n  " };

        public string Colon => Spacing switch { 2 or 3 => ": ", _ => ":" };
    }
}
