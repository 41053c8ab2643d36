using System.Runtime.InteropServices;
using System.Text.Json;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>The names of the user channel (protocol sheet 5.1, 5.2), used or not.</summary>
internal static class UserNames
{
    private static readonly NameSet Order = new(
        "event_type", "type", "id", "owner", "order_owner", "market", "asset_id", "side", "original_size", "size_matched", "price", "associate_trades",
        "outcome", "created_at", "expiration", "order_type", "status", "maker_address", "timestamp");

    private static readonly NameSet Trade = new(
        "event_type", "type", "id", "taker_order_id", "market", "asset_id", "side", "size", "price", "fee_rate_bps", "status", "match_time", "matchtime",
        "last_update", "outcome", "owner", "trade_owner", "maker_address", "transaction_hash", "bucket_index", "maker_orders", "trader_side", "timestamp",
        "match_time_nano", "err_msg");

    private static readonly NameSet Leg = new(
        "order_id", "owner", "maker_address", "matched_amount", "price", "fee_rate_bps", "asset_id", "outcome", "outcome_index", "side", "builder_fee", "builder_code");

    /// <param name="type">In capitals.</param>
    public static void Note(JsonElement item, string type, UnknownNames? unknown)
    {
        if (unknown is null) return;

        switch (type)
        {
            case "ORDER":
                NoteFields(item, Order, "field of an order", unknown);
                break;
            case "TRADE":
                NoteFields(item, Trade, "field of a trade", unknown);
                foreach (var leg in item.Items("maker_orders")) NoteFields(leg, Leg, "field of a trade's leg", unknown);
                break;
            default:
                unknown.Note("event of the user channel", type);
                break;
        }
    }

    private static void NoteFields(JsonElement item, NameSet known, string what, UnknownNames unknown)
    {
        if (item.ValueKind is not JsonValueKind.Object) return;

        foreach (var member in item.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (!known.Has(name)) unknown.Note(what, name);
        }
    }
}
