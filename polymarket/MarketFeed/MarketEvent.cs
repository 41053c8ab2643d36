using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// One event of the market channel, its keys gathered in whatever order they came, for `event_type` is not the first
/// (protocol sheet 4.2). Throws FormatException on what the venue would not send.
/// </summary>
internal ref struct MarketEvent
{
    private ReadOnlySpan<byte> _type, _market, _condition, _asset, _winner, _time, _hash;
    private ReadOnlySpan<byte> _tick, _newTick, _price, _size, _side, _bestBid, _bestAsk;
    private string? _lastTrade;
    private ReadOnlyMemory<Level> _bids, _asks;
    private int _entries; // Where they start.
    private bool _hasBids, _hasAsks, _hasEntries;

    private enum Part
    {
        Member,
        Bids,
        Asks,
        Entries,
    }

    public readonly FrameEvent Type(UnknownNames? unknown) => _type.IsEmpty && _hasBids && _hasAsks && !_asset.IsEmpty
        ? FrameEvent.Book // As REST answers.
        : EventType.Of(_type, unknown);

    /// <summary>From the object's start to its end.</summary>
    public void Read(ref Utf8JsonReader reader, UpdateBuffer into, UnknownNames? unknown)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = JsonText.Scalar(ref reader);
            reader.Read();
            switch (PartOf(key))
            {
                case Part.Bids:
                    (_bids, _hasBids) = (MarketLevels.Read(ref reader, into, unknown), true);
                    break;
                case Part.Asks:
                    (_asks, _hasAsks) = (MarketLevels.Read(ref reader, into, unknown), true);
                    break;
                case Part.Entries:
                    (_entries, _hasEntries) = (MarketLevels.ReadChanges(ref reader, into, unknown), true);
                    break;
                default:
                    var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
                    if (isText ? !Keep(key, JsonText.Scalar(ref reader)) : !EventType.HasField(key)) unknown?.Note("field of the market channel", key);
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>The same of plain JSON, after the object's start; false where that says no, and for a name we do not know.</summary>
    public bool TryRead(ref PlainJson json, UpdateBuffer into)
    {
        if (json.Take((byte)'}')) return true;

        do
        {
            if (!json.TryKey(out var key)) return false;

            switch (PartOf(key))
            {
                case Part.Bids:
                    if (!MarketLevels.TryRead(ref json, into, out _bids)) return false;
                    _hasBids = true;
                    break;
                case Part.Asks:
                    if (!MarketLevels.TryRead(ref json, into, out _asks)) return false;
                    _hasAsks = true;
                    break;
                case Part.Entries:
                    if (!MarketLevels.TryReadChanges(ref json, into, out _entries)) return false;
                    _hasEntries = true;
                    break;
                default:
                    if (!json.TryScalar(out var value, out var isFlag)) return false;
                    if (isFlag ? !EventType.HasField(key) : !Keep(key, value)) return false;
                    break;
            }
        }
        while (json.Take((byte)','));

        return json.Take((byte)'}');
    }

    /// <summary>Nothing when the event says nothing about a book.</summary>
    public readonly void AddTo(UpdateBuffer updates, FrameEvent type)
    {
        switch (type)
        {
            case FrameEvent.Book:
                if (!_hasBids || !_hasAsks) throw new FormatException("a book without one of its sides");
                updates.Add(BookUpdate.Snapshot(Condition, Token, VenueMs, Hash, _bids, _asks, Tick(_tick), _lastTrade));
                break;

            case FrameEvent.PriceChange:
                if (!_hasEntries) throw new FormatException("a price_change without changes");
                Complete(updates);
                updates.Add(BookUpdate.Changes(Condition, VenueMs, updates.EntriesFrom(_entries)));
                break;

            case FrameEvent.LastTradePrice:
                updates.Add(BookUpdate.Trade(
                    Condition, Token, VenueMs, JsonText.NearestPrice(_price), JsonText.Size(_size), JsonText.Side(_side)));
                break;

            case FrameEvent.TickSizeChange:
                updates.Add(BookUpdate.TickChange(Condition, Token, VenueMs, Tick(_newTick) ?? throw new FormatException("no new tick size")));
                break;

            case FrameEvent.BestBidAsk:
                updates.Add(BookUpdate.Best(Condition, Token, VenueMs, Best(_bestBid), Best(_bestAsk)));
                break;

            case FrameEvent.NewMarket:
                updates.Add(BookUpdate.Listed(Condition));
                break;

            case FrameEvent.MarketResolved:
                updates.Add(BookUpdate.Resolved(Condition, _winner.IsEmpty ? null : new TokenId(IdText.Of(_winner))));
                break;
        }
    }

    private readonly ConditionId Condition => new(IdText.Of(_market.IsEmpty ? _condition : _market));

    private readonly TokenId Token => new(IdText.Of(_asset));

    private readonly long VenueMs => JsonText.Time(_time).Millis;

    private readonly BookHash? Hash => BookHash.TryParse(_hash, out var hash) ? hash : null;

    private static Price? Tick(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? null : JsonText.Price(text) is { IsInside: true } tick ? tick : throw new FormatException("not a tick size");

    /// <summary>An empty side is written "0", "1" or "" (4.2).</summary>
    private static Price? Best(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && JsonText.NearestPrice(text) is { IsInside: true } price ? price : null;

    /// <summary>Until September 2025 token and hash stood beside the changes, not in each of them.</summary>
    private readonly void Complete(UpdateBuffer updates)
    {
        foreach (ref var entry in updates.OpenEntriesFrom(_entries))
        {
            if (entry.Token.Text is null) entry = entry with { Token = Token, Hash = Hash };
        }
    }

    /// <summary>Very old books called their sides buys and sells, old changes were just changes (4.2).</summary>
    private static Part PartOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 when key.SequenceEqual("bids"u8) || key.SequenceEqual("buys"u8) => Part.Bids,
        4 when key.SequenceEqual("asks"u8) => Part.Asks,
        5 when key.SequenceEqual("sells"u8) => Part.Asks,
        7 when key.SequenceEqual("changes"u8) => Part.Entries,
        13 when key.SequenceEqual("price_changes"u8) => Part.Entries,
        _ => Part.Member,
    };

    /// <summary>False for a name we do not know.</summary>
    private bool Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (key.Length)
        {
            case 4 when key.SequenceEqual("hash"u8):
                _hash = value;
                break;
            case 4 when key.SequenceEqual("size"u8):
                _size = value;
                break;
            case 4 when key.SequenceEqual("side"u8):
                _side = value;
                break;
            case 5 when key.SequenceEqual("price"u8):
                _price = value;
                break;
            case 6 when key.SequenceEqual("market"u8):
                _market = value;
                break;
            case 8 when key.SequenceEqual("asset_id"u8):
                _asset = value;
                break;
            case 8 when key.SequenceEqual("best_bid"u8):
                _bestBid = value;
                break;
            case 8 when key.SequenceEqual("best_ask"u8):
                _bestAsk = value;
                break;
            case 9 when key.SequenceEqual("timestamp"u8):
                _time = value;
                break;
            case 9 when key.SequenceEqual("tick_size"u8):
                _tick = value;
                break;
            case 10 when key.SequenceEqual("event_type"u8):
                _type = value;
                break;
            case 12 when key.SequenceEqual("condition_id"u8):
                _condition = value;
                break;
            case 13 when key.SequenceEqual("new_tick_size"u8):
                _newTick = value;
                break;
            case 16 when key.SequenceEqual("winning_asset_id"u8):
                _winner = value;
                break;
            case 16 when key.SequenceEqual("last_trade_price"u8):
                _lastTrade = LastTradeText.Of(value);
                break;
            default:
                return EventType.HasField(key);
        }

        return true;
    }
}
