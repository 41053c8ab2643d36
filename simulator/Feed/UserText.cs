using System.Text.Json;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// Order and trade objects as the user channel and /data carry them (protocol 5.1, 5.2, 7.9). A trade's keys stand in the order of a recorded
/// frame; no order event was recorded, so what it shares with a trade stands where it stands there.
/// </summary>
internal static class UserText
{
    public static byte[] Order(BookOrder order, string type, string status, long matched, IReadOnlyList<string> trades, long now) =>
        JsonText.Object(json =>
        {
            json.WriteString("type", type);
            json.WriteString("id", order.Id);
            json.WriteString("owner", order.Owner);
            json.WriteString("order_owner", order.Owner);
            json.WriteString("market", order.Condition.Id);
            json.WriteString("asset_id", order.TokenId);
            json.WriteString("side", order.Side.Text());
            json.WriteString("original_size", Units.Micros(order.Original));
            json.WriteString("size_matched", Units.Micros(matched));
            json.WriteString("price", Units.Price(order.Price));
            if (trades.Count == 0) json.WriteNull("associate_trades");
            else json.WriteStrings("associate_trades", trades);
            json.WriteString("outcome", order.Condition.Outcomes[order.Token]);
            json.WriteString("created_at", JsonText.Number(order.CreatedAt / 1000));
            json.WriteString("expiration", JsonText.Number(order.Request.Expiration));
            json.WriteString("order_type", order.Request.Type.Text());
            json.WriteString("status", status);
            json.WriteString("maker_address", order.Request.Maker);
            json.WriteString("timestamp", JsonText.Number(now));
            json.WriteString("event_type", "order");
        });

    /// <summary>Protocol 12.6: a killed FOK has empty size_matched, outcome and created_at.</summary>
    public static byte[] Killed(BookOrder order, string reason, long now) => JsonText.Object(json =>
    {
        json.WriteString("type", "CANCELLATION");
        json.WriteString("id", order.Id);
        json.WriteString("owner", order.Owner);
        json.WriteString("order_owner", order.Owner);
        json.WriteString("market", order.Condition.Id);
        json.WriteString("asset_id", order.TokenId);
        json.WriteString("side", order.Side.Text());
        json.WriteString("original_size", Units.Micros(order.Original));
        json.WriteString("size_matched", "");
        json.WriteString("price", Units.Price(order.Price));
        json.WriteStrings("associate_trades", []);
        json.WriteString("outcome", "");
        json.WriteString("created_at", "");
        json.WriteString("expiration", "0");
        json.WriteString("order_type", order.Request.Type.Text());
        json.WriteString("status", "CANCELED_" + reason);
        json.WriteString("maker_address", order.Request.Maker);
        json.WriteString("timestamp", JsonText.Number(now));
        json.WriteString("event_type", "order");
    });

    public static byte[] Trade(TradeRecord trade, string recipient, string traderSide, string? status = null) => JsonText.Object(json =>
    {
        json.WriteString("type", "TRADE");
        TradeFields(json, trade, recipient, traderSide, status);
        json.WriteString("timestamp", JsonText.Number(trade.UpdatedAt));
        json.WriteString("event_type", "trade");
    });

    /// <summary>
    /// Size, price, side and outcome are the taker's; price is its average. "owner" is the key that hears it, "trade_owner" the taker's.
    /// Each maker leg names its own token, at that token's price.
    /// </summary>
    /// <param name="status">The word for the trade's status when it is not the plain one.</param>
    /// <param name="isRead">/data has the time of the match in nanoseconds too (protocol 7.9); frames were recorded without.</param>
    public static void TradeFields(
        Utf8JsonWriter json, TradeRecord trade, string recipient, string traderSide, string? status = null, bool isRead = false)
    {
        var taker = trade.Taker;
        json.WriteString("id", trade.Id);
        json.WriteString("taker_order_id", taker.Id);
        json.WriteString("market", trade.Condition.Id);
        json.WriteString("asset_id", taker.TokenId);
        json.WriteString("side", taker.Side.Text());
        json.WriteString("size", Units.Micros(trade.Shares));
        json.WriteString("fee_rate_bps", "0");
        json.WriteString("price", Units.Micros(trade.AveragePrice));
        json.WriteString("status", status ?? trade.Status);
        json.WriteString("match_time", JsonText.Number(trade.MatchedAt / 1000));
        if (isRead) json.WriteString("match_time_nano", JsonText.Number(checked(trade.MatchedAt * 1_000_000)));
        json.WriteString("last_update", JsonText.Number(trade.UpdatedAt / 1000));
        json.WriteString("outcome", trade.Condition.Outcomes[taker.Token]);
        json.WriteString("owner", recipient);
        json.WriteString("trade_owner", taker.Owner);
        json.WriteString("maker_address", taker.Request.Maker);
        json.WriteString("transaction_hash", trade.KnownTransaction);
        json.WriteNumber("bucket_index", 0);
        json.WriteStartArray("maker_orders");
        foreach (var leg in trade.Legs) Leg(json, leg);
        json.WriteEndArray();
        json.WriteString("trader_side", traderSide);
    }

    private static void Leg(Utf8JsonWriter json, TradeLeg leg)
    {
        json.WriteStartObject();
        json.WriteString("order_id", leg.Maker.Id);
        json.WriteString("owner", leg.Maker.Owner);
        json.WriteString("maker_address", leg.Maker.Request.Maker);
        json.WriteString("matched_amount", Units.Micros(leg.Shares));
        json.WriteString("price", Units.Price(leg.Price));
        json.WriteString("fee_rate_bps", "0");
        json.WriteString("asset_id", leg.Maker.TokenId);
        json.WriteString("outcome", leg.Maker.Condition.Outcomes[leg.Maker.Token]);
        json.WriteNumber("outcome_index", leg.Maker.Token);
        json.WriteString("side", leg.Maker.Side.Text());
        json.WriteEndObject();
    }
}
