using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Public market data (protocol 3). Every answer is taken under the lock, so it is one moment's book.</summary>
internal sealed class BookEndpoints(Exchange exchange)
{
    private const string NoBook = "No orderbook exists for the requested token id";

    public Answer Book(string? token) => Of(
        token, (market, index) => market.IsClosed ? Answer.Error(404, NoBook) : Answer.Text(BookText.Summary(market, index)));

    /// <summary>Unknown tokens are left out.</summary>
    public Answer Books(JsonElement body) => Many(body, (market, index, _) => BookText.Summary(market, index), "[", "]");

    /// <summary>{"<token>":{"BUY":"0.81"}}, one entry for each (token, side) asked.</summary>
    public Answer Prices(JsonElement body) => Many(
        body,
        (market, index, entry) =>
        {
            var (bid, ask) = market.Top(index);
            var side = entry.Field("side") == "SELL" ? "SELL" : "BUY";
            return $"{Key(market, index)}{{\"{side}\":\"{Units.Price((side == "BUY" ? bid : ask) ?? 0)}\"}}";
        },
        "{",
        "}");

    public Answer Midpoints(JsonElement body) =>
        Many(body, (market, index, _) => $"{Key(market, index)}\"{Middle(market, index)}\"", "{", "}");

    public Answer Spreads(JsonElement body) =>
        Many(body, (market, index, _) => $"{Key(market, index)}\"{Width(market, index)}\"", "{", "}");

    public Answer TickSize(string? token) => Of(token, (market, _) => Answer.Object(
        json => CatalogueEndpoints.Number(json, "minimum_tick_size", Units.Price(market.Tick))));

    public Answer NegRisk(string? token) => Of(token, (market, _) => Answer.Object(
        json => json.WriteBoolean("neg_risk", market.Condition.NegRisk)));

    public Answer FeeRate(string? token) => Of(token, (market, _) => Answer.Object(
        json => json.WriteNumber("base_fee", CatalogueEndpoints.LegacyFee(market.Condition))));

    /// <summary>side=BUY is the best bid, side=SELL the best ask.</summary>
    public Answer Price(string? token, string? side) => side is not ("BUY" or "SELL")
        ? Answer.Error(400, "Invalid side")
        : Of(token, (market, index) => Answer.Object(json =>
        {
            var (bid, ask) = market.Top(index);
            json.WriteString("price", Units.Price((side == "BUY" ? bid : ask) ?? 0));
        }));

    public Answer Midpoint(string? token) => Of(token, (market, index) => Answer.Object(
        json => json.WriteString("mid", Middle(market, index))));

    public Answer Spread(string? token) => Of(token, (market, index) => Answer.Object(
        json => json.WriteString("spread", Width(market, index))));

    public Answer LastTrade(string? token) => Of(token, (market, index) => Answer.Object(json =>
    {
        var yes = market.LastTrade ?? Units.PriceOne / 2;
        var price = index == 0 ? yes : Units.PriceOne - yes;
        json.WriteString("price", Units.Price(price));
        json.WriteString("side", market.LastTrade is null ? "" : Aggressor(market, index).Text());
    }));

    private static string Key(Market market, int token) => $"\"{market.Condition.Tokens[token]}\":";

    private static string Middle(Market market, int token)
    {
        var (bid, ask) = market.Top(token);
        return Units.Micros(((bid ?? 0) + (ask ?? Units.PriceOne)) * 50L); // Half of 1/10,000 is 50 micros.
    }

    private static string Width(Market market, int token)
    {
        var (bid, ask) = market.Top(token);
        return Units.Price((ask ?? Units.PriceOne) - (bid ?? 0));
    }

    /// <summary>Buying one token is selling the other.</summary>
    private static Side Aggressor(Market market, int token) =>
        token == market.LastToken ? market.LastSide : market.LastSide is Side.Buy ? Side.Sell : Side.Buy;

    private Answer Of(string? token, Func<Market, int, Answer> answer)
    {
        if (!exchange.World.TryToken(token ?? "", out var condition, out var index)) return Answer.Error(404, NoBook);
        lock (exchange.Gate) return answer(exchange.MarketOf(condition), index);
    }

    private Answer Many(JsonElement body, Func<Market, int, JsonElement, string> item, string open, string close)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid payload");

        List<string> items = [];
        lock (exchange.Gate)
        {
            foreach (var entry in body.EnumerateArray())
            {
                if (exchange.World.TryToken(entry.Field("token_id") ?? "", out var condition, out var index))
                {
                    items.Add(item(exchange.MarketOf(condition), index, entry));
                }
            }
        }

        return Answer.Text(open + string.Join(',', items) + close);
    }
}
