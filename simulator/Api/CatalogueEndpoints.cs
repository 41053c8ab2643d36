using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>The listing (protocol 2), as it stands at the moment of the question.</summary>
internal sealed class CatalogueEndpoints(Exchange exchange)
{
    private const int PageSize = 500;
    private const int ActivityMax = 100; // The venue's own number is not documented.
    private const string NotFound = "market not found";

    public Answer All(string? cursor) => Page(exchange.World.Conditions, cursor, simplified: false);

    public Answer Simplified(string? cursor) => Page(exchange.World.Conditions, cursor, simplified: true);

    /// <summary>Open markets with liquidity rewards.</summary>
    public Answer Sampling(string? cursor, bool simplified)
    {
        lock (exchange.Gate)
        {
            var listed = exchange.World.Conditions.Where(c => RewardTerms.Of(c) is not null && !exchange.MarketOf(c).IsClosed);
            return Page([.. listed], cursor, simplified);
        }
    }

    /// <summary>The short id of a Protocol V2 condition, 31 bytes, is taken too (protocol 0).</summary>
    public Answer One(string id) => Of(id.Length == 64 ? id + "00" : id, market => Answer.Json(json => MarketJson.Full(json, market)));

    public Answer Compact(string id) => Of(id, market => Answer.Json(json => MarketJson.Compact(json, market)));

    public Answer ByToken(string token)
    {
        if (!exchange.World.TryToken(token, out var condition, out _) || Hides(condition)) return Answer.Error(404, NotFound);

        // Primary and secondary are only the numeric order of the two ids, all of one length here (protocol 1.1).
        var ordered = condition.Tokens.Order(StringComparer.Ordinal).ToArray();
        return Answer.Object(json =>
        {
            json.WriteString("condition_id", condition.Id);
            json.WriteString("primary_token_id", ordered[0]);
            json.WriteString("secondary_token_id", ordered[1]);
        });
    }

    /// <summary>The last trades of a market, newest first; the parties' addresses are public, their keys are not.</summary>
    public Answer Activity(string id) =>
        Of(id, market => Answer.Array(exchange.Prints.Tape.Trades(market.Condition).Take(ActivityMax), TradeJson.Activity));

    private Answer Page(IReadOnlyList<Condition> conditions, string? cursor, bool simplified)
    {
        lock (exchange.Gate)
        {
            if (!exchange.Faults.IsIdle) conditions = [.. conditions.Where(c => !Hides(c))];
            return Pages.Page(conditions, cursor, PageSize, (json, condition) =>
            {
                var market = exchange.MarketOf(condition);
                if (simplified) MarketJson.Simplified(json, market);
                else MarketJson.Full(json, market);
            });
        }
    }

    private Answer Of(string id, Func<Market, Answer> answer)
    {
        if (exchange.World.Find(id) is not { } condition || Hides(condition)) return Answer.Error(404, NotFound);
        lock (exchange.Gate) return answer(exchange.MarketOf(condition));
    }

    /// <summary>Announced, but not here yet (protocol 2.1).</summary>
    private bool Hides(Condition condition)
    {
        lock (exchange.Gate) return exchange.Faults.Holds(FaultKind.Hydration404, condition);
    }
}
