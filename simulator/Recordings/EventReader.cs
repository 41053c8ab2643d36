using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Recordings;

/// <summary>Turns recorded frames into events, in order. Kinds of frames that say nothing of a book or a trade are left out.</summary>
internal static class EventReader
{
    /// <summary>Throws <see cref="FormatException"/> or <see cref="KeyNotFoundException"/> on a frame of a known kind that is not whole.</summary>
    public static List<RecordedEvent> Read(IReadOnlyList<RecordedFrame> frames)
    {
        List<RecordedEvent> events = [];
        foreach (var frame in frames)
        {
            List<RecordedEvent> said = [];
            if (frame.Json.ValueKind is JsonValueKind.Array) said.AddRange(frame.Json.EnumerateArray().SelectMany(Events));
            else said.AddRange(Events(frame.Json));
            if (said.Count == 0) continue;

            var at = frame.ReceivedAt ?? said.Max(e => e.Timestamp); // Books in a dump are older than the dump.
            foreach (var said1 in said) Append(events, said1 with { At = at });
        }

        return events;
    }

    private static void Append(List<RecordedEvent> events, RecordedEvent next)
    {
        if (next is RecordedEvent.Changes more && events.Count > 0 && events[^1] is RecordedEvent.Changes last
            && (last.Condition, last.Token, last.Timestamp, last.Hash) == (more.Condition, more.Token, more.Timestamp, more.Hash))
        {
            events[^1] = last with { Levels = [.. last.Levels, .. more.Levels] };
            return;
        }

        events.Add(next);
    }

    private static IEnumerable<RecordedEvent> Events(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object) yield break;

        var kind = Text(json, "event_type");
        if (kind == "book") yield return Book(json);
        else if (kind == "price_change" && json.TryGetProperty("price_changes", out var changes) && changes.GetArrayLength() > 0) yield return Changes(json, changes);
        else if (kind == "last_trade_price") yield return Trade(json);
        else if (kind == "tick_size_change") yield return TickChange(json);
    }

    private static RecordedEvent.Book Book(JsonElement json)
    {
        var token = Need(json, "asset_id");
        List<RecordedLevel> levels = [];
        foreach (var (name, isBid) in (ReadOnlySpan<(string, bool)>)[("bids", true), ("asks", false)])
        {
            foreach (var level in json.GetProperty(name).EnumerateArray())
            {
                levels.Add(Level(level, token, isBid));
            }
        }

        return new RecordedEvent.Book(
            Need(json, "market"), token, Time(json), Need(json, "hash"), levels, Text(json, "tick_size"), Text(json, "last_trade_price"));
    }

    private static RecordedEvent.Changes Changes(JsonElement json, JsonElement changes)
    {
        List<RecordedLevel> levels = [];
        foreach (var change in changes.EnumerateArray())
        {
            var isBid = string.Equals(Need(change, "side"), "BUY", StringComparison.OrdinalIgnoreCase);
            levels.Add(Level(change, Need(change, "asset_id"), isBid));
        }

        var first = changes[0];
        return new RecordedEvent.Changes(Need(json, "market"), Need(first, "asset_id"), Time(json), Need(first, "hash"), levels);
    }

    private static RecordedLevel Level(JsonElement json, string token, bool isBid)
    {
        var price = Fixed.Price(Need(json, "price"));
        return price is > 0 and < Units.PriceOne
            ? new RecordedLevel(token, isBid, price, Fixed.Micros(Need(json, "size")))
            : throw new FormatException($"a level at {Need(json, "price")}; prices are between 0 and 1");
    }

    private static RecordedEvent.TickChange TickChange(JsonElement json) =>
        new(Need(json, "market"), Need(json, "asset_id"), Time(json), Fixed.Price(Need(json, "new_tick_size")));

    private static RecordedEvent.Trade Trade(JsonElement json) => new(
        Need(json, "market"), Need(json, "asset_id"), Time(json),
        string.Equals(Need(json, "side"), "BUY", StringComparison.OrdinalIgnoreCase) ? Side.Buy : Side.Sell,
        Fixed.Price(Need(json, "price")), Fixed.Micros(Need(json, "size")), Text(json, "transaction_hash") ?? "");

    private static long Time(JsonElement json) => long.Parse(Need(json, "timestamp"), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Need(JsonElement json, string name) => Text(json, name) ?? throw new FormatException($"a frame without {name}");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
