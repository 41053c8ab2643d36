using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api.Gamma;

/// <summary>
/// Gamma's objects (protocol 2.2): camel case, lists of a market as JSON text inside a string, amounts once as text and once as a number.
/// Protocol V2 markets name position ids, in a real array, instead of token ids (protocol 0.2).
/// </summary>
internal static class GammaJson
{
    public static void Market(Utf8JsonWriter json, GammaMarket row, bool withEvent)
    {
        var (market, condition) = (row.Market, row.Condition);
        json.WriteStartObject();
        Identity(json, row);
        json.WriteString("outcomes", Texts(condition.Outcomes));
        json.WriteString("outcomePrices", Texts([Units.Price(MarketJson.Price(market, 0)), Units.Price(MarketJson.Price(market, 1))]));
        if (condition.ProtocolV2) json.WriteStrings("positionIds", condition.Tokens);
        else json.WriteString("clobTokenIds", Texts(condition.Tokens));
        json.WriteString("version", condition.ProtocolV2 ? "v2" : "v1");
        json.WriteBoolean("active", true);
        json.WriteBoolean("closed", market.IsClosed);
        json.WriteBoolean("archived", false);
        json.WriteBoolean("restricted", false);
        json.WriteBoolean("acceptingOrders", market.AcceptsOrders);
        json.WriteString("acceptingOrdersTimestamp", MarketJson.Opened);
        json.WriteBoolean("enableOrderBook", true);
        json.WriteDecimal("orderPriceMinTickSize", Units.Price(market.Tick));
        json.WriteDecimal("orderMinSize", Units.Micros(condition.MinSize));
        NegRisk(json, condition);
        Timing(json, row);
        Fees(json, condition);
        Prices(json, row);
        if (withEvent)
        {
            json.WriteStartArray("events");
            json.WriteStartObject();
            EventIdentity(json, condition);
            json.WriteBoolean("closed", row.EventClosed);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void Event(Utf8JsonWriter json, GammaEvent row, bool withMarkets)
    {
        json.WriteStartObject();
        EventIdentity(json, row.First);
        json.WriteBoolean("closed", row.IsClosed);
        json.WriteBoolean("archived", false);
        json.WriteBoolean("restricted", false);
        json.WriteDecimal("volume", Units.Micros(row.Volume));
        json.WriteDecimal("liquidity", Units.Micros(row.Liquidity));
        if (withMarkets)
        {
            json.WriteStartArray("markets");
            foreach (var market in row.Markets) Market(json, market, withEvent: false);
            json.WriteEndArray();
        }

        var category = MarketCategory.Of(row.First);
        json.WriteStartArray("tags");
        json.WriteStartObject();
        json.WriteString("id", category.Id);
        json.WriteString("label", category.Label);
        json.WriteString("slug", category.Slug);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("series");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Identity(Utf8JsonWriter json, GammaMarket row)
    {
        var condition = row.Condition;
        json.WriteString("id", row.Id);
        json.WriteString("question", condition.Question);
        json.WriteString("conditionId", condition.Id);
        json.WriteString("questionID", condition.QuestionId);
        json.WriteString("slug", condition.Slug);
        json.WriteString("description", "A market of the local exchange.");
        json.WriteString("marketMakerAddress", "");
        json.WriteString("image", "");
        json.WriteString("icon", "");
        if (condition.NegRisk) json.WriteString("groupItemTitle", condition.GroupTitle);
    }

    private static void EventIdentity(Utf8JsonWriter json, Condition condition)
    {
        var listed = condition.Event;
        json.WriteString("id", listed.Id);
        json.WriteString("ticker", listed.Slug);
        json.WriteString("slug", listed.Slug);
        json.WriteString("title", listed.Title);
        json.WriteString("startDate", MarketJson.Opened);
        json.WriteString("endDate", MarketJson.Ends);
        json.WriteBoolean("active", true);
        json.WriteBoolean("enableNegRisk", condition.NegRisk);
        json.WriteBoolean("negRisk", condition.NegRisk);
        if (condition.NegRisk) json.WriteString("negRiskMarketID", condition.NegRiskMarketId);
        json.WriteBoolean("negRiskAugmented", listed.Augmented);
    }

    private static void NegRisk(Utf8JsonWriter json, Condition condition)
    {
        json.WriteBoolean("negRisk", condition.NegRisk);
        json.WriteString("negRiskMarketID", condition.NegRiskMarketId);
        json.WriteString("negRiskRequestID", condition.NegRisk ? condition.QuestionId : "");
        json.WriteBoolean("negRiskOther", condition.IsOther);
    }

    /// <summary>Three ways to write a time, as the venue does.</summary>
    private static void Timing(Utf8JsonWriter json, GammaMarket row)
    {
        var (market, condition) = (row.Market, row.Condition);
        json.WriteString("startDate", MarketJson.Opened);
        json.WriteString("endDate", MarketJson.Ends);
        json.WriteString("endDateIso", MarketJson.Ends[..10]);
        json.WriteNumber("secondsDelay", condition.SecondsDelay);
        if (condition.GameStart is { } start)
        {
            json.WriteString("gameStartTime", Spaced(start));
            json.WriteString("eventStartTime", MarketJson.Iso(start));
        }

        json.WriteBoolean("clearBookOnStart", condition.ClearsAtStart);
        json.WriteBoolean("rfqEnabled", false);
        if (market.IsClosed) json.WriteString("closedTime", Spaced(DateTimeOffset.FromUnixTimeMilliseconds(market.Timestamp)));
        json.WriteString("umaResolutionStatus", row.Resolution);
    }

    private static void Fees(Utf8JsonWriter json, Condition condition)
    {
        var category = MarketCategory.Of(condition);
        json.WriteBoolean("feesEnabled", condition.Fee is not null);
        json.WriteString("feeType", condition.Fee is null ? "" : category.FeeType);
        if (condition.Fee is { } fee)
        {
            json.WriteStartObject("feeSchedule");
            json.WriteDecimal("rate", Units.Price(fee.Rate));
            json.WriteNumber("exponent", fee.Exponent);
            json.WriteBoolean("takerOnly", true);
            json.WriteDecimal("rebateRate", Units.Price(category.RebatePercent * 100));
            json.WriteEndObject();
        }

        json.WriteNumber("makerBaseFee", MarketJson.LegacyFee(condition));
        json.WriteNumber("takerBaseFee", MarketJson.LegacyFee(condition));
        var rewards = RewardTerms.Of(condition);
        json.WriteDecimal("rewardsMinSize", Units.Micros(rewards?.MinSize ?? 0));
        json.WriteDecimal("rewardsMaxSpread", MarketJson.Cents(rewards?.SpreadMax ?? 0));
    }

    /// <summary>A side without orders is left out.</summary>
    private static void Prices(Utf8JsonWriter json, GammaMarket row)
    {
        var (bid, ask) = row.Market.Top(0);
        if (bid is { } best) json.WriteDecimal("bestBid", Units.Price(best));
        if (ask is { } lowest) json.WriteDecimal("bestAsk", Units.Price(lowest));
        json.WriteDecimal("spread", Units.Price((ask ?? Units.PriceOne) - (bid ?? 0)));
        json.WriteDecimal("lastTradePrice", Units.Price(row.Market.LastTrade ?? 0));
        json.WriteString("volume", Units.Micros(row.Volume));
        json.WriteDecimal("volumeNum", Units.Micros(row.Volume));
        json.WriteString("liquidity", Units.Micros(row.Liquidity));
        json.WriteDecimal("liquidityNum", Units.Micros(row.Liquidity));
    }

    private static string Spaced(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'+00'", CultureInfo.InvariantCulture);

    /// <summary>A JSON array of texts, as text.</summary>
    private static string Texts(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(v => JsonSerializer.Serialize(v))) + "]";
}
