using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>A market in the three sizes of the CLOB (protocol 2.1, 2.3). Numbers are JSON numbers here, unlike in the books.</summary>
internal static class MarketJson
{
    public const string Opened = "2026-01-01T00:00:00Z";
    public const string Ends = "2027-12-31T00:00:00Z";

    public const string RewardAsset = "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174"; // As in protocol 2.1.

    public static void Full(Utf8JsonWriter json, Market market)
    {
        var condition = market.Condition;
        json.WriteStartObject();
        json.WriteBoolean("enable_order_book", true);
        json.WriteBoolean("active", true);
        json.WriteBoolean("closed", market.IsClosed);
        json.WriteBoolean("archived", false);
        json.WriteBoolean("accepting_orders", market.AcceptsOrders);
        json.WriteString("accepting_order_timestamp", Opened);
        json.WriteDecimal("minimum_order_size", Units.Micros(condition.MinSize));
        json.WriteDecimal("minimum_tick_size", Units.Price(market.Tick));
        json.WriteString("condition_id", condition.Id);
        json.WriteString("question_id", condition.QuestionId);
        json.WriteString("question", condition.Question);
        json.WriteString("description", "A market of the local exchange.");
        json.WriteString("market_slug", condition.Slug);
        json.WriteString("end_date_iso", Ends);
        json.WriteString("game_start_time", condition.GameStart is { } start ? Iso(start) : null);
        json.WriteNumber("seconds_delay", condition.SecondsDelay);
        json.WriteString("fpmm", "");
        json.WriteNumber("maker_base_fee", LegacyFee(condition));
        json.WriteNumber("taker_base_fee", LegacyFee(condition));
        json.WriteBoolean("notifications_enabled", true);
        json.WriteBoolean("neg_risk", condition.NegRisk);
        json.WriteString("neg_risk_market_id", condition.NegRiskMarketId);
        json.WriteString("neg_risk_request_id", condition.NegRisk ? condition.QuestionId : "");
        json.WriteString("icon", "");
        json.WriteString("image", "");
        Rewards(json, condition);
        json.WriteBoolean("is_50_50_outcome", market.Payouts is [Units.MicrosOne / 2, Units.MicrosOne / 2]);
        Tokens(json, market);
        json.WriteStrings("tags", [MarketCategory.Of(condition).Label]);
        json.WriteEndObject();
    }

    public static void Simplified(Utf8JsonWriter json, Market market)
    {
        json.WriteStartObject();
        json.WriteString("condition_id", market.Condition.Id);
        Rewards(json, market.Condition);
        Tokens(json, market);
        json.WriteBoolean("active", true);
        json.WriteBoolean("closed", market.IsClosed);
        json.WriteBoolean("archived", false);
        json.WriteBoolean("accepting_orders", market.AcceptsOrders);
        json.WriteEndObject();
    }

    /// <summary>False flags and a missing fee are left out.</summary>
    public static void Compact(Utf8JsonWriter json, Market market)
    {
        var condition = market.Condition;
        json.WriteStartObject();
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
        json.WriteDecimal("mts", Units.Price(market.Tick));
        json.WriteDecimal("mos", Units.Micros(condition.MinSize));
        json.WriteNumber("mbf", LegacyFee(condition));
        json.WriteNumber("tbf", LegacyFee(condition));
        if (condition.NegRisk) json.WriteBoolean("nr", true);
        if (condition.Fee is { } fee)
        {
            json.WriteStartObject("fd");
            json.WriteDecimal("r", Units.Price(fee.Rate));
            json.WriteNumber("e", fee.Exponent);
            json.WriteBoolean("to", true);
            json.WriteEndObject();
        }

        CompactRewards(json, condition);
        if (market.AcceptsOrders) json.WriteBoolean("ao", true);
        json.WriteString("aot", Opened);
        if (condition.SecondsDelay > 0) json.WriteNumber("sd", condition.SecondsDelay);
        if (condition.GameStart is { } start) json.WriteString("gst", Iso(start));
        if (condition.ClearsAtStart) json.WriteBoolean("cbos", true);
        if (condition.HoldsTakers) json.WriteBoolean("itode", true);
        if (condition.ProtocolV2) json.WriteString("v", "v2");
        json.WriteEndObject();
    }

    /// <summary>1000 on every fee market, whatever its rate: never usable for money (protocol 8).</summary>
    public static int LegacyFee(Condition condition) => condition.Fee is null ? 0 : 1000;

    /// <summary>What a token is worth by the last trade, or by the verdict once there is one; in 1/10,000.</summary>
    public static int Price(Market market, int token)
    {
        if (market.Payouts is { } payouts) return (int)(payouts[token] / (Units.MicrosOne / Units.PriceOne));

        var yes = market.LastTrade ?? market.Condition.OpeningPrice;
        return token == 0 ? yes : Units.PriceOne - yes;
    }

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Tokens(Utf8JsonWriter json, Market market)
    {
        json.WriteStartArray("tokens");
        for (var i = 0; i < 2; i++)
        {
            json.WriteStartObject();
            json.WriteString("token_id", market.Condition.Tokens[i]);
            json.WriteString("outcome", market.Condition.Outcomes[i]);
            json.WriteDecimal("price", Units.Price(Price(market, i)));
            json.WriteBoolean("winner", market.Payouts?[i] == Units.MicrosOne);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The spread is in cents on the wire: 3.5 is 0.035.</summary>
    private static void Rewards(Utf8JsonWriter json, Condition condition)
    {
        var terms = RewardTerms.Of(condition);
        json.WriteStartObject("rewards");
        if (terms is null)
        {
            json.WriteNull("rates");
        }
        else
        {
            json.WriteStartArray("rates");
            json.WriteStartObject();
            json.WriteString("asset_address", RewardAsset);
            json.WriteNumber("rewards_daily_rate", terms.PerDay);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteDecimal("min_size", Units.Micros(terms?.MinSize ?? 0));
        json.WriteDecimal("max_spread", Cents(terms?.SpreadMax ?? 0));
        json.WriteEndObject();
    }

    private static void CompactRewards(Utf8JsonWriter json, Condition condition)
    {
        if (RewardTerms.Of(condition) is not { } terms)
        {
            json.WriteNull("r");
            return;
        }

        json.WriteStartObject("r");
        json.WriteDecimal("mi", Units.Micros(terms.MinSize));
        json.WriteDecimal("ma", Cents(terms.SpreadMax));
        json.WriteBoolean("e", true);
        json.WriteEndObject();
    }

    public static string Cents(int price) => Units.Micros(price * 10_000L);
}
