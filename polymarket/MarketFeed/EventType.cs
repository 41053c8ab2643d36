using System.Text;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The names of the market channel (protocol sheet 4.2), and those that are none of it.</summary>
internal static class EventType
{
    private const int LengthMax = 32;

    /// <summary>Everything the sheet or a recording has, whether we use it or not. `version` is Protocol V2's (0.2).</summary>
    private static readonly NameSet Fields = new(
        "event_type", "market", "condition_id", "asset_id", "timestamp", "hash", "bids", "asks", "buys", "sells", "min_order_size", "tick_size",
        "neg_risk", "last_trade_price", "version", "price_changes", "changes", "price", "size", "side", "best_bid", "best_ask", "spread",
        "fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size", "winning_asset_id", "winning_outcome", "id", "question", "slug",
        "description", "assets_ids", "outcomes", "event_message", "tags", "active", "clob_token_ids", "sports_market_type", "line",
        "game_start_time", "order_price_min_tick_size", "group_item_title", "taker_base_fee", "fees_enabled", "fee_schedule");

    /// <summary>In any case: old frames shouted.</summary>
    public static FrameEvent Of(ReadOnlySpan<byte> text, UnknownNames? unknown)
    {
        var type = Exact(text);
        if (type is not FrameEvent.Other || text.IsEmpty) return type;

        Span<byte> lower = stackalloc byte[LengthMax];
        if (text.Length <= LengthMax && Ascii.ToLower(text, lower, out var length) is System.Buffers.OperationStatus.Done) type = Exact(lower[..length]);
        if (type is FrameEvent.Other) unknown?.Note("event of the market channel", text);
        return type;
    }

    public static bool HasField(ReadOnlySpan<byte> name) => Fields.Has(name);

    private static FrameEvent Exact(ReadOnlySpan<byte> text) => text.Length switch
    {
        12 when text.SequenceEqual("price_change"u8) => FrameEvent.PriceChange,
        4 when text.SequenceEqual("book"u8) => FrameEvent.Book,
        12 when text.SequenceEqual("best_bid_ask"u8) => FrameEvent.BestBidAsk,
        16 when text.SequenceEqual("last_trade_price"u8) => FrameEvent.LastTradePrice,
        16 when text.SequenceEqual("tick_size_change"u8) => FrameEvent.TickSizeChange,
        10 when text.SequenceEqual("new_market"u8) => FrameEvent.NewMarket,
        15 when text.SequenceEqual("market_resolved"u8) => FrameEvent.MarketResolved,
        5 when text.SequenceEqual("order"u8) => FrameEvent.Order,
        5 when text.SequenceEqual("trade"u8) => FrameEvent.Trade,
        _ => FrameEvent.Other,
    };
}
