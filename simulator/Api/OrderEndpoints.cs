using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Placing and canceling (protocol 7.5 to 7.8).</summary>
internal sealed class OrderEndpoints(Exchange exchange, OrderDoor door, Road road)
{
    private const int BatchMax = 15;
    private const int CancelMax = 1000;

    /// <summary>Also of an order inside a taker delay, which is not in the book yet and cannot be canceled (protocol 7.8, 10.5).</summary>
    private const string Gone = "Order not found or already canceled";

    public async Task<Answer> PlaceAsync(ApiKey key, JsonElement body)
    {
        await road.Travel([body]);
        if (Barred(mode => mode.ForOrders(postOnly: true)) is { } barred) return barred;

        return await door.PlaceAsync(key, body) switch
        {
            PlaceResult.Refused refused => Refused(refused),
            var accepted => Answer.Json(json => Result(json, accepted)),
        };
    }

    /// <summary>Each leg on its own, all at once (protocol 7.7); the answer waits for the slowest.</summary>
    public async Task<Answer> PlaceManyAsync(ApiKey key, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Array) return Answer.Error(400, "Invalid order payload");
        if (body.GetArrayLength() > BatchMax)
        {
            return Answer.Error(400, $"Too many orders in payload: {body.GetArrayLength()}, max allowed: {BatchMax}");
        }

        await road.Travel([.. body.EnumerateArray()]);
        if (Barred(mode => mode.ForOrders(postOnly: true)) is { } barred) return barred;

        Task<PlaceResult>[] legs = [.. body.EnumerateArray().Select(order => door.PlaceAsync(key, order))];
        var results = await Task.WhenAll(legs);
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
        Barred(mode => mode.ForCancels()) ?? Canceled([.. orders.Where(o => exchange.Cancel(o)).Select(o => o.Id)], []);

    private Answer CancelIds(ApiKey key, IReadOnlyList<string> ids)
    {
        if (Barred(mode => mode.ForCancels()) is { } barred) return barred;

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

    private Answer? Barred(Func<TradingMode, PlaceResult.Refused?> ask)
    {
        lock (exchange.Gate) return ask(exchange.Mode) is { } refused ? Refused(refused) : null;
    }

    private static Answer Refused(PlaceResult.Refused refused) => Answer.Object(json =>
    {
        json.WriteString("error", refused.Text);
        Details(json, refused);
    }) with
    { Status = refused.Status, Headers = refused.RetryAfterSeconds is { } seconds ? [("Retry-After", JsonText.Number(seconds))] : [] };

    private static void Details(Utf8JsonWriter json, PlaceResult.Refused refused)
    {
        if (refused.Code is { } code) json.WriteString("code", code);
        if (refused.RetryAfterSeconds is { } seconds) json.WriteNumber("retry_after_seconds", seconds);
    }

    private static Answer Canceled(List<string> canceled, List<(string Id, string Reason)> kept) => Answer.Object(json =>
    {
        json.WriteStartObject("not_canceled");
        foreach (var (id, reason) in kept) json.WriteString(id, reason);
        json.WriteEndObject();
        json.WriteStrings("canceled", canceled);
    });

    /// <summary>Amounts are whole units: what was given and received, before the fee; keys as recorded (protocol 7.6).</summary>
    private static void Result(Utf8JsonWriter json, PlaceResult result)
    {
        var trade = (result as PlaceResult.Accepted)?.Trade;
        var (order, status) = result switch
        {
            PlaceResult.Accepted accepted => (accepted.Order, trade is null ? "live" : "matched"),
            PlaceResult.Delayed delayed => (delayed.Order, "delayed"),
            _ => (null, ""),
        };
        var (making, taking) = (trade, status) switch
        {
            (null, "delayed") => ("0", "0"),
            (null, _) => ("", ""),
            ({ Taker.Side: Side.Buy }, _) => (Units.Micros(trade.Cash), Units.Micros(trade.Shares)),
            _ => (Units.Micros(trade.Shares), Units.Micros(trade.Cash)),
        };
        json.WriteStartObject();
        json.WriteString("errorMsg", (result as PlaceResult.Refused)?.Text ?? "");
        json.WriteString("orderID", order?.Id ?? "");
        json.WriteString("takingAmount", taking);
        json.WriteString("makingAmount", making);
        json.WriteString("status", status);
        if (trade is not null || status == "delayed")
        {
            json.WriteStrings("transactionsHashes", trade is null ? [] : [trade.Transaction]);
            json.WriteStrings("tradeIDs", trade is null ? [] : [trade.Id]);
        }

        json.WriteBoolean("success", order is not null);
        if (result is PlaceResult.Refused refused) Details(json, refused);
        json.WriteEndObject();
    }
}
