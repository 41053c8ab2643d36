using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// The market channel's frames about markets themselves (protocol 4.2). The keys of new_market stand as recorded; the others were never
/// recorded, so their event_type stands where every recorded frame has it: after the timestamp.
/// </summary>
internal static class ListingText
{
    public static byte[] TickSizeChange(Market market, int token, int oldTick) => Utf8Buffer.Empty()
        .Add("{\"market\":\""u8).Add(market.Condition.Id)
        .Add("\",\"asset_id\":\""u8).Add(market.Condition.Tokens[token])
        .Add("\",\"old_tick_size\":\""u8).Price(oldTick).Add("\",\"new_tick_size\":\""u8).Price(market.Tick)
        .Add("\",\"timestamp\":\""u8).Number(market.Timestamp)
        .Add("\",\"event_type\":\"tick_size_change\"}"u8).Spaced();

    /// <summary>A market is announced before it is active.</summary>
    public static byte[] NewMarket(ExchangeWorld world, Condition condition, long now) => JsonText.Spaced(JsonText.Object(json =>
    {
        json.WriteString("id", world.MarketId(condition));
        json.WriteString("question", condition.Question);
        json.WriteString("market", condition.Id);
        json.WriteString("slug", condition.Slug);
        json.WriteString("description", "");
        json.WriteStrings("assets_ids", condition.Tokens);
        json.WriteStrings("outcomes", condition.Outcomes);
        Event(json, condition.Event);
        json.WriteString("timestamp", JsonText.Number(now));
        json.WriteString("event_type", "new_market");
        json.WriteStrings("tags", [MarketCategory.Of(condition).Slug]);
        json.WriteString("condition_id", condition.Id);
        json.WriteBoolean("active", false);
        json.WriteStrings("clob_token_ids", condition.Tokens);
        json.WriteString("sports_market_type", condition.GameStart is null ? "" : "moneyline");
        json.WriteString("line", "");
        json.WriteString("game_start_time", GameStart(condition));
        json.WriteString("order_price_min_tick_size", Units.Price(condition.Tick));
        json.WriteString("group_item_title", condition.GroupTitle);
        json.WriteString("taker_base_fee", condition.Fee is null ? "0" : "1000"); // Never the rate (protocol 8).
        json.WriteBoolean("fees_enabled", condition.Fee is not null);
        if (condition.Fee is { } fee) Schedule(json, fee, MarketCategory.Of(condition));
    }));

    /// <summary>The winner's keys are empty after a 50/50, which no source shows.</summary>
    public static byte[] MarketResolved(ExchangeWorld world, Condition condition, int? winner, long now) => JsonText.Spaced(JsonText.Object(json =>
    {
        json.WriteString("id", world.MarketId(condition));
        json.WriteString("market", condition.Id);
        json.WriteStrings("assets_ids", condition.Tokens);
        json.WriteString("winning_asset_id", winner is { } token ? condition.Tokens[token] : "");
        json.WriteString("winning_outcome", winner is { } outcome ? condition.Outcomes[outcome] : "");
        Event(json, condition.Event);
        json.WriteString("timestamp", JsonText.Number(now));
        json.WriteString("event_type", "market_resolved");
        json.WriteStrings("tags", [MarketCategory.Of(condition).Slug]);
    }));

    private static string GameStart(Condition condition) =>
        condition.GameStart?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'+00'", CultureInfo.InvariantCulture) ?? "";

    private static void Event(Utf8JsonWriter json, ListedEvent listed)
    {
        json.WriteStartObject("event_message");
        json.WriteString("id", listed.Id);
        json.WriteString("ticker", listed.Slug);
        json.WriteString("slug", listed.Slug);
        json.WriteString("title", listed.Title);
        json.WriteString("description", "");
        json.WriteEndObject();
    }

    /// <summary>Its numbers are text here.</summary>
    private static void Schedule(Utf8JsonWriter json, FeeSchedule fee, MarketCategory category)
    {
        json.WriteStartObject("fee_schedule");
        json.WriteString("exponent", JsonText.Number(fee.Exponent));
        json.WriteString("rate", Units.Price(fee.Rate));
        json.WriteBoolean("taker_only", true);
        json.WriteString("rebate_rate", Units.Price(category.RebatePercent * 100));
        json.WriteEndObject();
    }
}
