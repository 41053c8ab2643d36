using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Demo;

/// <summary>What the exchange's own ledger says of one account, and where ours differs from it.</summary>
internal sealed record VenueLedger(
    Usd Cash,
    Dictionary<TokenId, Size> Positions,
    Dictionary<OrderId, Size> Matched,
    Dictionary<(string Trade, OrderId Order), (Size Shares, Usd Fee, string Status)> Trades)
{
    public static async Task<VenueLedger> Read(HttpClient http, Uri exchange, string wallet, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(exchange, "/sim/ledger"), cancellation));
        var account = document.RootElement.GetProperty("accounts").GetProperty(wallet.ToLowerInvariant());
        return new VenueLedger(
            Usd.Parse(Text(account, "cash")),
            account.GetProperty("positions").EnumerateObject()
                .Select(position => (Token: new TokenId(position.Name), Shares: Size.Parse(position.Value.GetString()!)))
                .Where(position => position.Shares != Size.Zero)
                .ToDictionary(position => position.Token, position => position.Shares),
            account.GetProperty("orders").EnumerateArray().ToDictionary(order => new OrderId(Text(order, "id")), order => Size.Parse(Text(order, "matched"))),
            account.GetProperty("trades").EnumerateArray().ToDictionary(
                trade => (Text(trade, "tradeId"), new OrderId(Text(trade, "orderId"))),
                trade => (Size.Parse(Text(trade, "size")), Usd.Parse(Text(trade, "fee")), Text(trade, "status"))));
    }

    /// <summary>Orders, fills, positions and cash, to the last unit. Empty when they agree.</summary>
    public IEnumerable<string> Differences(PositionsView ours, IReadOnlyCollection<OrderView> orders, IReadOnlyCollection<FillView> fills)
    {
        if (ours.Cash != Cash) yield return $"cash: ours {ours.Cash}, venue {Cash}";

        var shares = ours.Positions.ToDictionary(position => position.Token, position => position.Qty);
        foreach (var token in shares.Keys.Union(Positions.Keys))
        {
            var (mine, theirs) = (shares.GetValueOrDefault(token), Positions.GetValueOrDefault(token));
            if (mine != theirs) yield return $"position {token}: ours {mine}, venue {theirs}";
        }

        var known = orders.ToDictionary(order => order.Id);
        foreach (var (id, matched) in Matched)
        {
            var stands = matched - Failed(id);
            if (!known.TryGetValue(id, out var order)) yield return $"order {id}: only the venue knows it";
            else if (order.Matched != stands) yield return $"order {id}: matched ours {order.Matched}, venue {stands}";
        }

        foreach (var order in orders.Where(order => !Matched.ContainsKey(order.Id) && !NeverWas(order)))
            yield return $"order {order.Id}: {order.Status} here, unknown to the venue";

        var filled = fills.ToDictionary(fill => (fill.TradeId.Text, fill.OrderId));
        foreach (var key in filled.Keys.Union(Trades.Keys))
        {
            var mine = filled.TryGetValue(key, out var fill) ? $"{fill.Size} fee {fill.Fee} {fill.Status}" : "nothing";
            var theirs = Trades.TryGetValue(key, out var trade) ? $"{trade.Shares} fee {trade.Fee} {trade.Status}" : "nothing";
            if (!string.Equals(mine, theirs, StringComparison.OrdinalIgnoreCase)) yield return $"trade {key.Item1} of {key.Item2}: ours {mine}, venue {theirs}";
        }
    }

    /// <summary>The venue keeps what matched when its trade fails later; we count what stands.</summary>
    private Size Failed(OrderId order) => new(Trades.Where(trade => trade.Key.Order == order && trade.Value.Status == "FAILED").Sum(trade => trade.Value.Shares.Micros));

    /// <summary>Refused, or killed without a match: the user channel may tell of a kill, as a cancel, before the answer does.</summary>
    private static bool NeverWas(OrderView order) =>
        order.Status is OrderState.Rejected or OrderState.Absent || (order.Status is OrderState.Canceled && order.Matched == Size.Zero);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
