using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>The market channel's frames about markets themselves (protocol 4.2).</summary>
internal static class ListingText
{
    public static byte[] TickSizeChange(Market market, int token, int oldTick) => Utf8Buffer.Empty()
        .Add("{\"event_type\":\"tick_size_change\",\"market\":\""u8).Add(market.Condition.Id)
        .Add("\",\"asset_id\":\""u8).Add(market.Condition.Tokens[token])
        .Add("\",\"old_tick_size\":\""u8).Price(oldTick).Add("\",\"new_tick_size\":\""u8).Price(market.Tick)
        .Add("\",\"timestamp\":\""u8).Number(market.Timestamp).Add("\"}"u8).Spaced();

    public static byte[] NewMarket(ExchangeWorld world, Condition condition, long now) => JsonText.Object(json =>
    {
        json.WriteString("event_type", "new_market");
        json.WriteString("id", world.MarketId(condition));
        json.WriteString("question", condition.Question);
        json.WriteString("market", condition.Id);
        json.WriteString("slug", condition.Slug);
        json.WriteString("description", "");
        json.WriteStrings("assets_ids", condition.Tokens);
        json.WriteStrings("outcomes", condition.Outcomes);
        Event(json, condition.Event);
        json.WriteString("timestamp", JsonText.Number(now));
        json.WriteStrings("tags", [MarketCategory.Of(condition).Slug]);
        json.WriteString("condition_id", condition.Id);
        json.WriteBoolean("active", true);
        json.WriteStrings("clob_token_ids", condition.Tokens);
        json.WriteString("order_price_min_tick_size", Units.Price(condition.Tick));
        json.WriteString("group_item_title", condition.GroupTitle);
        json.WriteString("taker_base_fee", condition.Fee is null ? "0" : "1000"); // Never the rate (protocol 8).
        json.WriteBoolean("fees_enabled", condition.Fee is not null);
        if (condition.Fee is { } fee) Schedule(json, fee, MarketCategory.Of(condition));
    });

    /// <summary>The winner's keys are empty after a 50/50, which no source shows.</summary>
    public static byte[] MarketResolved(ExchangeWorld world, Condition condition, int? winner, long now) => JsonText.Object(json =>
    {
        json.WriteString("event_type", "market_resolved");
        json.WriteString("id", world.MarketId(condition));
        json.WriteString("market", condition.Id);
        json.WriteStrings("assets_ids", condition.Tokens);
        json.WriteString("winning_asset_id", winner is { } token ? condition.Tokens[token] : "");
        json.WriteString("winning_outcome", winner is { } outcome ? condition.Outcomes[outcome] : "");
        Event(json, condition.Event);
        json.WriteString("timestamp", JsonText.Number(now));
        json.WriteStrings("tags", [MarketCategory.Of(condition).Slug]);
    });

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

    private static void Schedule(Utf8JsonWriter json, FeeSchedule fee, MarketCategory category)
    {
        json.WriteStartObject("fee_schedule");
        json.WriteNumber("exponent", fee.Exponent);
        json.WriteDecimal("rate", Units.Price(fee.Rate));
        json.WriteBoolean("taker_only", true);
        json.WriteDecimal("rebate_rate", Units.Price(category.RebatePercent * 100));
        json.WriteEndObject();
    }
}
