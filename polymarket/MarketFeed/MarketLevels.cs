using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The two arrays of the market channel: levels of a book, and changes of levels.</summary>
internal static class MarketLevels
{
    /// <summary>The reader stands on the array; null is an empty side.</summary>
    public static ReadOnlyMemory<Level> Read(ref Utf8JsonReader reader, UpdateBuffer into)
    {
        if (reader.TokenType is JsonTokenType.Null) return default;

        Enter(ref reader);
        var start = into.LevelCount;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var entry = new Entry();
            entry.Read(ref reader);
            into.Add(entry.Level);
        }

        Leave(ref reader);
        return into.LevelsFrom(start);
    }

    /// <summary>Returns where its entries start. One of the old form names no token: it is left without one.</summary>
    public static int ReadChanges(ref Utf8JsonReader reader, UpdateBuffer into)
    {
        Enter(ref reader);
        var start = into.EntryCount;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var entry = new Entry();
            entry.Read(ref reader);
            into.Add(entry.Change);
        }

        Leave(ref reader);
        return start;
    }

    private static void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartArray) throw new FormatException("levels that are no array");
    }

    private static void Leave(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.EndArray) throw new FormatException("a level that is no object");
    }

    /// <summary>Size is the level's new total, not a difference (protocol sheet 4.2).</summary>
    private ref struct Entry
    {
        private ReadOnlySpan<byte> _asset, _price, _size, _side, _hash;

        public readonly Level Level => new(JsonText.Price(_price), JsonText.Size(_size));

        public readonly LevelChange Change => new(
            _asset.IsEmpty ? default : new TokenId(IdText.Of(_asset)),
            JsonText.Side(_side),
            Level,
            BookHash.TryParse(_hash, out var hash) ? hash : null);

        public void Read(ref Utf8JsonReader reader)
        {
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var key = JsonText.Scalar(ref reader);
                reader.Read();
                if (key.SequenceEqual("price"u8)) _price = JsonText.Scalar(ref reader);
                else if (key.SequenceEqual("size"u8)) _size = JsonText.Scalar(ref reader);
                else if (key.SequenceEqual("side"u8)) _side = JsonText.Scalar(ref reader);
                else if (key.SequenceEqual("hash"u8)) _hash = JsonText.Scalar(ref reader);
                else if (key.SequenceEqual("asset_id"u8)) _asset = JsonText.Scalar(ref reader);
                else reader.Skip();
            }
        }
    }
}
