using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Placing and canceling (protocol 7.5 to 7.8).</summary>
internal sealed class OrderEndpoints(Exchange exchange, OrderDoor door)
{
    private const int BatchMax = 15;
    private const int CancelMax = 1000;
    private const string Gone = "Order not found or already canceled";

    public Answer Place(ApiKey key, JsonElement body) => door.Place(key, body) switch
    {
        PlaceResult.Refused refused => Answer.Error(refused.Status, refused.Text),
        var accepted => Answer.Json(json => Result(json, accepted)),
    };

    public Answer PlaceMany(ApiKey key, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid order payload");
        if (body.GetArrayLength() > BatchMax)
        {
            return Answer.Error(400, $"Too many orders in payload: {body.GetArrayLength()}, max allowed: {BatchMax}");
        }

        if (exchange.Halted) return Answer.Error(503, Exchange.Disabled);

        PlaceResult[] results = [.. body.EnumerateArray().Select(order => door.Place(key, order))];
        return Answer.Json(json =>
        {
            json.WriteStartArray();
            foreach (var result in results) Result(json, result);
            json.WriteEndArray();
        });
    }

    public Answer CancelOne(ApiKey key, JsonElement body) =>
        body.Field("orderID") is { } id ? CancelIds(key, [id]) : Answer.Error(400, "Invalid orderID");

    public Answer CancelMany(ApiKey key, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid order payload");
        if (body.GetArrayLength() > CancelMax) return Answer.Error(400, "Payload exceeds the limit");
        return CancelIds(key, [.. body.EnumerateArray().Select(id => id.AsText() ?? "").Distinct()]);
    }

    public Answer CancelAll(ApiKey key) => CancelOpen(exchange.OpenOrders(key.Key));

    public Answer CancelMarket(ApiKey key, JsonElement body)
    {
        var (market, asset) = (body.Field("market"), body.Field("asset_id"));
        return market is null && asset is null
            ? Answer.Error(400, "Invalid order payload")
            : CancelOpen(exchange.OpenOrders(key.Key, market, asset));
    }

    private Answer CancelOpen(IReadOnlyList<BookOrder> orders) =>
        exchange.Halted ? Answer.Error(503, Exchange.Disabled) : Canceled([.. orders.Where(exchange.Cancel).Select(o => o.Id)], []);

    private Answer CancelIds(ApiKey key, IReadOnlyList<string> ids)
    {
        if (exchange.Halted) return Answer.Error(503, Exchange.Disabled);

        List<string> canceled = [];
        List<(string Id, string Reason)> kept = [];
        foreach (var id in ids)
        {
            var order = exchange.FindOrder(id);
            if (order is null || order.Owner != key.Key) kept.Add((id, Gone));
            else if (exchange.Cancel(order)) canceled.Add(id);
            else kept.Add((id, order.Status is OrderStatus.Matched ? "Order already matched" : Gone));
        }

        return Canceled(canceled, kept);
    }

    private static Answer Canceled(List<string> canceled, List<(string Id, string Reason)> kept) => Answer.Object(json =>
    {
        UserText.Strings(json, "canceled", canceled);
        json.WriteStartObject("not_canceled");
        foreach (var (id, reason) in kept) json.WriteString(id, reason);
        json.WriteEndObject();
    });

    /// <summary>Amounts are whole units: what was given and received, before the fee (protocol 7.6).</summary>
    private static void Result(Utf8JsonWriter json, PlaceResult result)
    {
        var accepted = result as PlaceResult.Accepted;
        var trade = accepted?.Trade;
        var (making, taking) = trade switch
        {
            null => ("", ""),
            { Taker.Side: Side.Buy } => (Units.Micros(trade.Cash), Units.Micros(trade.Shares)),
            _ => (Units.Micros(trade.Shares), Units.Micros(trade.Cash)),
        };
        json.WriteStartObject();
        json.WriteBoolean("success", accepted is not null);
        json.WriteString("errorMsg", (result as PlaceResult.Refused)?.Text ?? "");
        json.WriteString("orderID", accepted?.Order.Id ?? "");
        json.WriteString("status", accepted is null ? "" : trade is null ? "live" : "matched");
        json.WriteString("makingAmount", making);
        json.WriteString("takingAmount", taking);
        if (trade is not null)
        {
            UserText.Strings(json, "transactionsHashes", [trade.Transaction]);
            UserText.Strings(json, "tradeIDs", [trade.Id]);
        }

        json.WriteEndObject();
    }
}
