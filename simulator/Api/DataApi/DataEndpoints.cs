using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api.DataApi;

/// <summary>
/// The Data API (data-api.polymarket.com, its openapi for the fields), under /data-api here: who holds what and the public trades. Numbers
/// are JSON numbers.
/// </summary>
internal sealed class DataEndpoints(Exchange exchange)
{
    private const int PageSize = 100;
    private const int PositionsMax = 500;
    private const int TradesMax = 10_000;

    /// <summary>Positions of a wallet from one share on, unless "sizeThreshold" says otherwise; the largest first.</summary>
    public Answer Positions(IQueryCollection query)
    {
        if (Address(query) is not { } address) return Answer.Error(400, "required query param 'user' not provided");
        if (!query.TryCount("limit", PageSize, out var limit) || !query.TryCount("offset", 0, out var offset)
            || !query.TryMicros("sizeThreshold", Units.MicrosOne, out var least))
        {
            return Answer.Error(400, "invalid query params");
        }

        var markets = Markets(query);
        lock (exchange.Gate)
        {
            var account = exchange.Ledger.Accounts.FirstOrDefault(a => a.Address == address);
            var page = account is null ? [] : Holding.Of(account, exchange.World)
                .Where(h => h.Size >= least && (markets.Length == 0 || markets.Contains(h.Condition.Id)))
                .Where(h => Wanted(query, "redeemable", IsRedeemable(h)) && Wanted(query, "mergeable", IsMergeable(account, h.Condition)))
                .OrderByDescending(h => h.Size).Skip(offset).Take(Math.Min(limit, PositionsMax)).ToArray();
            return Answer.Array(page, (json, holding) => Write(json, account!, holding));
        }
    }

    /// <summary>Public trades, newest first, as far back as the tape goes; makers' sides only with "takerOnly=false".</summary>
    public Answer Trades(IQueryCollection query)
    {
        if (query.Text("user") is not null && Address(query) is null) return Answer.Error(400, "invalid query params");
        if (!query.TryCount("limit", PageSize, out var limit) || !query.TryCount("offset", 0, out var offset))
        {
            return Answer.Error(400, "invalid query params");
        }

        var (address, markets, side) = (Address(query), Markets(query), query.Text("side"));
        var takerOnly = query.Text("takerOnly") != "false";
        lock (exchange.Gate)
        {
            var conditions = markets.Length == 0 ? exchange.World.Conditions : [.. markets.Select(exchange.World.Find).OfType<Condition>()];
            var page = conditions.SelectMany(exchange.Prints.Tape.Trades).OrderByDescending(t => t.At)
                .SelectMany(t => (takerOnly ? [t.Taker] : (IEnumerable<PublicFill>)[t.Taker, .. t.Makers]).Select(f => (t, f)))
                .Where(e => (address is null || e.f.Address == address) && (side is null || e.f.Side.Text() == side))
                .Skip(offset).Take(Math.Min(limit, TradesMax)).ToArray();
            return Answer.Array(page, TradeJson.Public);
        }
    }

    private bool IsRedeemable(Holding holding) => exchange.MarketOf(holding.Condition).Payouts is not null;

    private static bool IsMergeable(Account account, Condition condition) => condition.Tokens.All(t => account.TokenBalance(t) > 0);

    private void Write(Utf8JsonWriter json, Account account, Holding holding)
    {
        var (condition, token) = (holding.Condition, holding.Token);
        var price = MarketJson.Price(exchange.MarketOf(condition), token);
        var value = Holding.Worth(holding.Size, price * 100L);
        json.WriteStartObject();
        json.WriteString("proxyWallet", account.Address);
        json.WriteString("asset", condition.Tokens[token]);
        json.WriteString("conditionId", condition.Id);
        json.WriteDecimal("size", Units.Micros(holding.Size));
        json.WriteDecimal("avgPrice", Units.Micros(holding.Average));
        json.WriteDecimal("initialValue", Units.Micros(holding.InitialValue));
        json.WriteDecimal("currentValue", Units.Micros(value));
        json.WriteDecimal("cashPnl", Units.Micros(value - holding.InitialValue));
        json.WriteDecimal("percentPnl", Percent(value - holding.InitialValue, holding.InitialValue));
        json.WriteDecimal("totalBought", Units.Micros(holding.Bought));
        json.WriteDecimal("realizedPnl", Units.Micros(holding.RealizedGain));
        json.WriteDecimal("percentRealizedPnl", Percent(holding.RealizedGain, holding.Paid));
        json.WriteDecimal("curPrice", Units.Price(price));
        json.WriteBoolean("redeemable", IsRedeemable(holding));
        json.WriteBoolean("mergeable", IsMergeable(account, condition));
        json.WriteString("title", condition.Question);
        json.WriteString("slug", condition.Slug);
        json.WriteString("icon", "");
        json.WriteString("eventSlug", condition.Event.Slug);
        json.WriteString("outcome", condition.Outcomes[token]);
        json.WriteNumber("outcomeIndex", token);
        json.WriteString("oppositeOutcome", condition.Outcomes[1 - token]);
        json.WriteString("oppositeAsset", condition.Tokens[1 - token]);
        json.WriteString("endDate", MarketJson.Ends[..10]);
        json.WriteBoolean("negativeRisk", condition.NegRisk);
        json.WriteEndObject();
    }

    private static string Percent(long part, long whole) => whole == 0 ? "0" : Units.Micros((long)((Int128)part * 100 * Units.MicrosOne / whole));

    private static string? Address(IQueryCollection query) =>
        query.Text("user") is { } user && Hex.IsAddress(user) ? user.ToLowerInvariant() : null;

    /// <summary>One parameter with commas, or several.</summary>
    private static string[] Markets(IQueryCollection query) =>
        [.. query["market"].OfType<string>().SelectMany(m => m.Split(',', StringSplitOptions.RemoveEmptyEntries))];

    private static bool Wanted(IQueryCollection query, string name, bool value) => query.Text(name) switch
    {
        "true" => value,
        "false" => !value,
        _ => true,
    };
}
