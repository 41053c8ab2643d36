using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>
/// Whether an order earns liquidity rewards now (protocol 7.9). How long it must have rested is not documented, so at once counts.
/// </summary>
internal sealed class ScoringEndpoints(Exchange exchange)
{
    public Answer One(ApiKey key, IQueryCollection query)
    {
        if (query.Text("order_id") is not { } id) return Answer.Error(400, "Invalid orderID");
        lock (exchange.Gate)
        {
            var scores = Scores(key, id);
            return Answer.Object(json => json.WriteBoolean("scoring", scores));
        }
    }

    /// <summary>The official client sends the array of ids itself.</summary>
    public Answer Many(ApiKey key, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid payload");
        lock (exchange.Gate)
        {
            var ids = body.EnumerateArray().Select(id => id.AsText()).OfType<string>().Distinct().ToArray();
            return Answer.Object(json =>
            {
                foreach (var id in ids) json.WriteBoolean(id, Scores(key, id));
            });
        }
    }

    private bool Scores(ApiKey key, string id)
    {
        if (exchange.FindOrder(id) is not { Place: not null } order || order.Owner != key.Key) return false;
        if (RewardTerms.Of(order.Condition) is not { } terms || order.Remaining < terms.MinSize) return false;

        var (bid, ask) = exchange.MarketOf(order.Condition).Top(order.Token);
        return bid is not null && ask is not null && Math.Abs(2 * order.Price - bid.Value - ask.Value) <= 2 * terms.SpreadMax;
    }
}
