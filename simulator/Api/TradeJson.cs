using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Public trades as the CLOB and the Data API write them.</summary>
internal static class TradeJson
{
    /// <summary>An entry of /markets/live-activity; only its shape is known (official client, MarketTradeEvent).</summary>
    public static void Activity(Utf8JsonWriter json, PublicTrade trade)
    {
        var (condition, taker) = (trade.Condition, trade.Taker);
        json.WriteStartObject();
        json.WriteString("event_type", "trade");
        json.WriteStartObject("market");
        json.WriteString("condition_id", condition.Id);
        json.WriteString("asset_id", condition.Tokens[taker.Token]);
        json.WriteString("question", condition.Question);
        json.WriteString("icon", "");
        json.WriteString("slug", condition.Slug);
        json.WriteEndObject();
        json.WriteStartObject("user");
        json.WriteString("address", taker.Address);
        json.WriteString("username", "");
        json.WriteString("profile_picture", "");
        json.WriteString("optimized_profile_picture", "");
        json.WriteString("pseudonym", "");
        json.WriteEndObject();
        json.WriteString("side", taker.Side.Text());
        json.WriteString("size", Units.Micros(taker.Shares));
        json.WriteString("fee_rate_bps", "0");
        json.WriteString("price", Units.Micros(taker.Price));
        json.WriteString("outcome", condition.Outcomes[taker.Token]);
        json.WriteNumber("outcome_index", taker.Token);
        json.WriteString("transaction_hash", trade.Transaction);
        json.WriteString("timestamp", JsonText.Number(trade.At / 1000));
        json.WriteEndObject();
    }

    /// <summary>An entry of the Data API's /trades, one for each party; numbers are JSON numbers.</summary>
    public static void Public(Utf8JsonWriter json, (PublicTrade Trade, PublicFill Fill) entry)
    {
        var (trade, fill) = entry;
        var condition = trade.Condition;
        json.WriteStartObject();
        json.WriteString("proxyWallet", fill.Address);
        json.WriteString("side", fill.Side.Text());
        json.WriteString("asset", condition.Tokens[fill.Token]);
        json.WriteString("conditionId", condition.Id);
        json.WriteDecimal("size", Units.Micros(fill.Shares));
        json.WriteDecimal("price", Units.Micros(fill.Price));
        json.WriteNumber("timestamp", trade.At / 1000);
        json.WriteString("title", condition.Question);
        json.WriteString("slug", condition.Slug);
        json.WriteString("icon", "");
        json.WriteString("eventSlug", condition.Event.Slug);
        json.WriteString("outcome", condition.Outcomes[fill.Token]);
        json.WriteNumber("outcomeIndex", fill.Token);
        foreach (var name in (string[])["name", "pseudonym", "bio", "profileImage", "profileImageOptimized"]) json.WriteString(name, "");
        json.WriteString("transactionHash", trade.Transaction);
        json.WriteEndObject();
    }
}
