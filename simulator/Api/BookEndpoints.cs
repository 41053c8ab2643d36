using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// Public market data (protocol 3). Every answer is taken under the lock, so it is one moment's book. A closed market has no book any
/// more; its parameters can still be asked.
/// </summary>
internal sealed class BookEndpoints(Exchange exchange)
{
    private const string NoBook = "No orderbook exists for the requested token id";
    private const string NoMarket = "market not found";
    private const int TokensMax = 500; // Documented for the last trades, unverified for the others (protocol 3).

    private readonly StaleBooks _books = new(exchange);

    public Answer Book(string? token) => Of(
        token, (market, index) => market.IsClosed ? Answer.Error(404, NoBook) : Answer.Text(_books.Summary(market, index)));

    /// <summary>Unknown tokens are left out, here and below.</summary>
    public Answer Books(JsonElement body) =>
        Many(body, asked => Join('[', asked.Select(a => _books.Summary(a.Market, a.Token)), ']'));

    /// <summary>{"token":{"BUY":"0.81","SELL":"0.83"}}, the sides that were asked for.</summary>
    public Answer Prices(JsonElement body) => Many(body, asked => Join(
        '{',
        asked.GroupBy(a => (a.Market, a.Token)).Select(g => Key(g.Key) + Join(
            '{', g.Select(a => a.Side ?? "BUY").Distinct().Select(side => $"\"{side}\":\"{Touch(g.Key, side)}\""), '}')),
        '}'));

    public Answer Midpoints(JsonElement body) => Map(body, Middle);

    public Answer Spreads(JsonElement body) => Map(body, Width);

    public Answer LastTrades(JsonElement body) => Many(body, asked => Join(
        '[',
        asked.Select(a =>
        {
            var (price, side) = Last(a.Market, a.Token);
            return $$"""{"token_id":"{{a.Market.Condition.Tokens[a.Token]}}","price":"{{price}}","side":"{{side}}"}""";
        }),
        ']'));

    public Answer TickSize(string? token) => Parameter(token, NoMarket, market => Answer.Object(
        json => json.WriteDecimal("minimum_tick_size", Units.Price(market.Tick))));

    public Answer NegRisk(string? token) => Parameter(token, NoMarket, market => Answer.Object(
        json => json.WriteBoolean("neg_risk", market.Condition.NegRisk)));

    public Answer FeeRate(string? token) => Parameter(token, "fee rate not found for market", market => Answer.Object(
        json => json.WriteNumber("base_fee", MarketJson.LegacyFee(market.Condition))));

    /// <summary>side=BUY is the best bid, side=SELL the best ask.</summary>
    public Answer Price(string? token, string? side) => side is not ("BUY" or "SELL")
        ? Answer.Error(400, "Invalid side")
        : Of(token, (market, index) => Answer.Object(json => json.WriteString("price", Touch((market, index), side))));

    public Answer Midpoint(string? token) => Of(token, (market, index) => Answer.Object(
        json => json.WriteString("mid", Middle(market, index))));

    public Answer Spread(string? token) => Of(token, (market, index) => Answer.Object(
        json => json.WriteString("spread", Width(market, index))));

    public Answer LastTrade(string? token) => Parameter(token, NoBook, (market, index) => Answer.Object(json =>
    {
        var (price, side) = Last(market, index);
        json.WriteString("price", price);
        json.WriteString("side", side);
    }));

    private static string Key((Market Market, int Token) of) => $"\"{of.Market.Condition.Tokens[of.Token]}\":";

    private static string Join(char open, IEnumerable<string> items, char close) => open + string.Join(',', items) + close;

    private static string Touch((Market Market, int Token) of, string side)
    {
        var (bid, ask) = of.Market.Top(of.Token);
        return Units.Price((side == "BUY" ? bid : ask) ?? 0);
    }

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

    /// <summary>The side is the aggressor's: buying one token is selling the other. Never traded: 0.5 and no side (protocol 3).</summary>
    private static (string Price, string Side) Last(Market market, int token)
    {
        if (market.LastTrade is not { } yes) return ("0.5", "");

        var bought = market.LastSide is Side.Buy == (token == market.LastToken);
        return (Units.Price(token == 0 ? yes : Units.PriceOne - yes), bought ? "BUY" : "SELL");
    }

    private Answer Of(string? token, Func<Market, int, Answer> answer) => Parameter(
        token, NoBook, (market, index) => market.IsClosed ? Answer.Error(404, NoBook) : answer(market, index));

    private Answer Parameter(string? token, string missing, Func<Market, Answer> answer) => Parameter(token, missing, (market, _) => answer(market));

    private Answer Parameter(string? token, string missing, Func<Market, int, Answer> answer)
    {
        if (token is null) return Answer.Error(400, "Invalid token id");
        if (!exchange.World.TryToken(token, out var condition, out var index)) return Answer.Error(404, missing);
        lock (exchange.Gate)
        {
            return exchange.Faults.Holds(FaultKind.Hydration404, condition)
                ? Answer.Error(404, missing)
                : answer(exchange.MarketOf(condition), index);
        }
    }

    private Answer Map(JsonElement body, Func<Market, int, string> value) => Many(body, asked => Join(
        '{', asked.Select(a => (a.Market, a.Token)).Distinct().Select(of => $"{Key(of)}\"{value(of.Market, of.Token)}\""), '}'));

    private Answer Many(JsonElement body, Func<IReadOnlyList<Asked>, string> answer)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid payload");
        if (body.GetArrayLength() > TokensMax) return Answer.Error(400, "Payload exceeds the limit");

        List<Asked> asked = [];
        lock (exchange.Gate)
        {
            foreach (var entry in body.EnumerateArray())
            {
                if (!exchange.World.TryToken(entry.Field("token_id") ?? "", out var condition, out var index)) continue;

                var side = entry.Field("side");
                if (side is not (null or "BUY" or "SELL")) return Answer.Error(400, "Invalid side");

                var market = exchange.MarketOf(condition);
                if (!market.IsClosed && !exchange.Faults.Holds(FaultKind.Hydration404, condition)) asked.Add(new Asked(market, index, side));
            }

            return Answer.Text(answer(asked));
        }
    }

    private readonly record struct Asked(Market Market, int Token, string? Side);
}
