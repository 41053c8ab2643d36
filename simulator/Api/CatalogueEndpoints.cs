using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>The listing (protocol 2). Numbers are JSON numbers here, unlike in the books.</summary>
internal sealed class CatalogueEndpoints(Exchange exchange)
{
    private const int PageSize = 500;
    private const string Opened = "2026-01-01T00:00:00Z";

    public Answer All(string? cursor) => Pages.Page(exchange.World.Conditions, cursor, PageSize, Write);

    public Answer One(string id) =>
        exchange.World.Find(id) is { } condition ? Answer.Json(json => Write(json, condition)) : Answer.Error(404, "market not found");

    public Answer ByToken(string token)
    {
        if (!exchange.World.TryToken(token, out var condition, out _)) return Answer.Error(404, "market not found");

        // Primary and secondary are only the numeric order of the two ids, all of one length here (protocol 1.1).
        var ordered = condition.Tokens.Order(StringComparer.Ordinal).ToArray();
        return Answer.Object(json =>
        {
            json.WriteString("condition_id", condition.Id);
            json.WriteString("primary_token_id", ordered[0]);
            json.WriteString("secondary_token_id", ordered[1]);
        });
    }

    /// <summary>The compact parameters (protocol 2.3): false flags and a missing fee are left out.</summary>
    public Answer Compact(string id)
    {
        if (exchange.World.Find(id) is not { } condition) return Answer.Error(404, "market not found");

        return Answer.Object(json =>
        {
            json.WriteString("c", condition.Id);
            json.WriteStartArray("t");
            for (var i = 0; i < 2; i++)
            {
                json.WriteStartObject();
                json.WriteString("t", condition.Tokens[i]);
                json.WriteString("o", condition.Outcomes[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Number(json, "mts", Units.Price(exchange.MarketOf(condition).Tick));
            Number(json, "mos", Units.Micros(condition.MinSize));
            json.WriteNumber("mbf", LegacyFee(condition));
            json.WriteNumber("tbf", LegacyFee(condition));
            if (condition.NegRisk) json.WriteBoolean("nr", true);
            if (condition.Fee is { } fee)
            {
                json.WriteStartObject("fd");
                Number(json, "r", Units.Price(fee.Rate));
                json.WriteNumber("e", fee.Exponent);
                json.WriteBoolean("to", true);
                json.WriteEndObject();
            }

            json.WriteNull("r");
            json.WriteBoolean("ao", true);
            json.WriteString("aot", Opened);
        });
    }

    /// <summary>1000 on every fee market, whatever its rate: never usable for money (protocol 8).</summary>
    public static int LegacyFee(Condition condition) => condition.Fee is null ? 0 : 1000;

    public static void Number(Utf8JsonWriter json, string name, string decimalText)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(decimalText);
    }

    private void Write(Utf8JsonWriter json, Condition condition)
    {
        json.WriteStartObject();
        json.WriteBoolean("enable_order_book", true);
        json.WriteBoolean("active", true);
        json.WriteBoolean("closed", false);
        json.WriteBoolean("archived", false);
        json.WriteBoolean("accepting_orders", true);
        json.WriteString("accepting_order_timestamp", Opened);
        Number(json, "minimum_order_size", Units.Micros(condition.MinSize));
        Number(json, "minimum_tick_size", Units.Price(exchange.MarketOf(condition).Tick));
        json.WriteString("condition_id", condition.Id);
        json.WriteString("question_id", condition.QuestionId);
        json.WriteString("question", condition.Question);
        json.WriteString("description", "A market of the local exchange.");
        json.WriteString("market_slug", condition.Slug);
        json.WriteString("end_date_iso", "2027-12-31T00:00:00Z");
        json.WriteNull("game_start_time");
        json.WriteNumber("seconds_delay", 0);
        json.WriteString("fpmm", "");
        json.WriteNumber("maker_base_fee", LegacyFee(condition));
        json.WriteNumber("taker_base_fee", LegacyFee(condition));
        json.WriteBoolean("notifications_enabled", false);
        json.WriteBoolean("neg_risk", condition.NegRisk);
        json.WriteString("neg_risk_market_id", condition.NegRiskMarketId);
        json.WriteString("neg_risk_request_id", condition.NegRisk ? condition.QuestionId : "");
        json.WriteString("icon", "");
        json.WriteString("image", "");
        json.WriteStartObject("rewards");
        json.WriteNull("rates");
        json.WriteNumber("min_size", 0);
        json.WriteNumber("max_spread", 0);
        json.WriteEndObject();
        json.WriteBoolean("is_50_50_outcome", false);
        Tokens(json, condition);
        json.WriteStartArray("tags");
        json.WriteStringValue(condition.NegRisk ? "Event" : "All");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Tokens(Utf8JsonWriter json, Condition condition)
    {
        var yes = exchange.MarketOf(condition).LastTrade ?? condition.OpeningPrice;
        json.WriteStartArray("tokens");
        for (var i = 0; i < 2; i++)
        {
            json.WriteStartObject();
            json.WriteString("token_id", condition.Tokens[i]);
            json.WriteString("outcome", condition.Outcomes[i]);
            Number(json, "price", Units.Price(i == 0 ? yes : Units.PriceOne - yes));
            json.WriteBoolean("winner", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
