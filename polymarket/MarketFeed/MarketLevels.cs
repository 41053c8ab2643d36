using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The two arrays of the market channel: levels of a book, and changes of levels. Each is read by either reader.</summary>
internal static class MarketLevels
{
    /// <summary>The reader stands on the array; null is an empty side.</summary>
    public static ReadOnlyMemory<Level> Read(ref Utf8JsonReader reader, UpdateBuffer into, UnknownNames? unknown)
    {
        if (reader.TokenType is JsonTokenType.Null) return default;

        Enter(ref reader);
        var start = into.LevelCount;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var entry = new LevelEntry();
            entry.Read(ref reader, unknown);
            into.Add(entry.Level);
        }

        Leave(ref reader);
        return into.LevelsFrom(start);
    }

    public static bool TryRead(ref PlainJson json, UpdateBuffer into, out ReadOnlyMemory<Level> levels)
    {
        levels = default;
        if (!json.Take((byte)'[')) return false;

        var start = into.LevelCount;
        if (!json.Take((byte)']'))
        {
            do
            {
                if (!LevelEntry.TryReadLevel(ref json, out var level)) return false;

                into.Add(level);
            }
            while (json.Take((byte)','));

            if (!json.Take((byte)']')) return false;
        }

        levels = into.LevelsFrom(start);
        return true;
    }

    /// <summary>Returns where its entries start. One of the old form names no token: it is left without one.</summary>
    public static int ReadChanges(ref Utf8JsonReader reader, UpdateBuffer into, UnknownNames? unknown)
    {
        Enter(ref reader);
        var start = into.EntryCount;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var entry = new LevelEntry();
            entry.Read(ref reader, unknown);
            into.Add(entry.Change);
        }

        Leave(ref reader);
        return start;
    }

    public static bool TryReadChanges(ref PlainJson json, UpdateBuffer into, out int start)
    {
        start = into.EntryCount;
        if (!json.Take((byte)'[')) return false;
        if (json.Take((byte)']')) return true;

        do
        {
            var entry = new LevelEntry();
            if (!entry.TryReadChange(ref json)) return false;

            into.Add(entry.Change);
        }
        while (json.Take((byte)','));

        return json.Take((byte)']');
    }

    private static void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartArray) throw new FormatException("levels that are no array");
    }

    private static void Leave(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.EndArray) throw new FormatException("a level that is no object");
    }
}
