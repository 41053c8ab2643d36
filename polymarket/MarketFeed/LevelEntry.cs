using System.Runtime.CompilerServices;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>One object of a level array, its keys in whatever order. Size is the level's new total, not a difference (protocol sheet 4.2).</summary>
internal ref struct LevelEntry
{
    private ReadOnlySpan<byte> _asset, _price, _size, _side, _hash;

    public readonly Level Level => new(JsonText.Price(_price), JsonText.Size(_size));

    public readonly LevelChange Change => new(
        _asset.IsEmpty ? default : new TokenId(IdText.Of(_asset)),
        JsonText.Side(_side),
        Level,
        BookHash.TryParse(_hash, out var hash) ? hash : null);

    private enum Use
    {
        Kept,
        Ignored,
        Unknown,
    }

    /// <summary>From the object's start to its end.</summary>
    public void Read(ref Utf8JsonReader reader, UnknownNames? unknown)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = JsonText.Scalar(ref reader);
            reader.Read();
            var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
            var use = Keep(key, isText ? JsonText.Scalar(ref reader) : default);
            if (use is Use.Kept && !isText) throw new FormatException("a part of a level that is no text");
            if (use is Use.Unknown) unknown?.Note("field of a level", key);

            reader.Skip();
        }
    }

    /// <summary>The same of plain JSON, before the object's start; false where that says no, and for a name we do not know.</summary>
    public bool TryRead(ref PlainJson json)
    {
        if (!json.Take((byte)'{')) return false;
        if (json.Take((byte)'}')) return true;

        do
        {
            if (!json.TryKey(out var key) || !json.TryScalar(out var value, out var isFlag)) return false;

            var use = Keep(key, value);
            if (use is Use.Unknown || (use is Use.Kept && isFlag)) return false;
        }
        while (json.Take((byte)','));

        return json.Take((byte)'}');
    }

    /// <summary>A level as it nearly always is, a price and a size and nothing between them, or else in any way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryReadLevel(ref PlainJson json, out Level level)
    {
        var ahead = json;
        if (ahead.Take("{\"price\":\""u8) && ahead.TryRestOfText(out var price) && ahead.Take((byte)',')
            && ahead.Take("\"size\":\""u8) && ahead.TryRestOfText(out var size) && ahead.Take((byte)'}'))
        {
            json = ahead;
            level = new Level(JsonText.Price(price), JsonText.Size(size));
            return true;
        }

        var entry = new LevelEntry();
        level = default;
        if (!entry.TryRead(ref json)) return false;

        level = entry.Level;
        return true;
    }

    /// <summary>A change as it nearly always is, its parts in the recorded order, or else in any way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // A whole of its own: within another method the compiler runs out of patience half-way.
    public bool TryReadChange(ref PlainJson json)
    {
        var ahead = json;
        if (ahead.Take("{\"asset_id\":\""u8) && ahead.TryRestOfText(out _asset)
            && ahead.Take((byte)',') && ahead.Take("\"price\":\""u8) && ahead.TryRestOfText(out _price)
            && ahead.Take((byte)',') && ahead.Take("\"size\":\""u8) && ahead.TryRestOfText(out _size)
            && ahead.Take((byte)',') && ahead.Take("\"side\":\""u8) && ahead.TryRestOfText(out _side)
            && ahead.Take((byte)',') && ahead.Take("\"hash\":\""u8) && ahead.TryRestOfText(out _hash)
            && ahead.Take((byte)',') && ahead.Take("\"best_bid\":\""u8) && ahead.TryRestOfText(out _)
            && ahead.Take((byte)',') && ahead.Take("\"best_ask\":\""u8) && ahead.TryRestOfText(out _)
            && ahead.Take((byte)'}'))
        {
            json = ahead;
            return true;
        }

        this = default;
        return TryRead(ref json);
    }

    private Use Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (key.Length)
        {
            case 5 when key.SequenceEqual("price"u8):
                _price = value;
                return Use.Kept;
            case 4 when key.SequenceEqual("size"u8):
                _size = value;
                return Use.Kept;
            case 4 when key.SequenceEqual("side"u8):
                _side = value;
                return Use.Kept;
            case 4 when key.SequenceEqual("hash"u8):
                _hash = value;
                return Use.Kept;
            case 8 when key.SequenceEqual("asset_id"u8):
                _asset = value;
                return Use.Kept;
            case 8 when key.SequenceEqual("best_bid"u8) || key.SequenceEqual("best_ask"u8):
                return Use.Ignored;
            default:
                return Use.Unknown;
        }
    }
}
