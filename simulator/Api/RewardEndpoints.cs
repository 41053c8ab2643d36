using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>
/// Liquidity rewards as the official client asks for them: the terms of each market are real, but nobody earned anything, since nothing is
/// paid out here.
/// </summary>
internal sealed class RewardEndpoints(Exchange exchange)
{
    private const int PageSize = 500;

    public Answer Current(string? cursor)
    {
        lock (exchange.Gate) return Pages.Page([.. exchange.World.Conditions.Where(IsRewarded)], cursor, PageSize, Write);
    }

    public Answer OfMarket(string id, string? cursor)
    {
        lock (exchange.Gate)
        {
            Condition[] found = exchange.World.Find(id) is { } condition && IsRewarded(condition) ? [condition] : [];
            return Pages.Page(found, cursor, PageSize, Write);
        }
    }

    private bool IsRewarded(Condition condition) => RewardTerms.Of(condition) is not null && !exchange.MarketOf(condition).IsClosed;

    private void Write(Utf8JsonWriter json, Condition condition)
    {
        var terms = RewardTerms.Of(condition)!;
        var market = exchange.MarketOf(condition);
        json.WriteStartObject();
        json.WriteString("condition_id", condition.Id);
        json.WriteString("question", condition.Question);
        json.WriteString("market_slug", condition.Slug);
        json.WriteString("event_slug", condition.Event.Slug);
        json.WriteString("image", "");
        json.WriteDecimal("rewards_max_spread", MarketJson.Cents(terms.SpreadMax));
        json.WriteDecimal("rewards_min_size", Units.Micros(terms.MinSize));
        json.WriteStartArray("tokens");
        for (var i = 0; i < 2; i++)
        {
            json.WriteStartObject();
            json.WriteString("token_id", condition.Tokens[i]);
            json.WriteString("outcome", condition.Outcomes[i]);
            json.WriteDecimal("price", Units.Price(MarketJson.Price(market, i)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rewards_config");
        json.WriteStartObject();
        json.WriteString("asset_address", MarketJson.RewardAsset);
        json.WriteString("start_date", MarketJson.Opened[..10]);
        json.WriteString("end_date", MarketJson.Ends[..10]);
        json.WriteNumber("rate_per_day", terms.PerDay);
        json.WriteNumber("total_rewards", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
