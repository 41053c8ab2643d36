using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>What tests ask beside the venue's API: the truth about every outside account, health, and a halt.</summary>
internal sealed class SimEndpoints(Exchange exchange)
{
    public Answer Ledger()
    {
        lock (exchange.Gate)
        {
            return Answer.Object(json =>
            {
                json.WriteStartObject("accounts");
                foreach (var account in exchange.Ledger.Accounts) if (!account.House) Write(json, account);
                json.WriteEndObject();
                json.WriteString("feesCollected", Units.Micros(exchange.Ledger.FeesCollected));
            });
        }
    }

    public Answer Health()
    {
        lock (exchange.Gate)
        {
            return Answer.Object(json =>
            {
                json.WriteBoolean("ok", true);
                json.WriteBoolean("halted", exchange.Halted);
                json.WriteNumber("conditions", exchange.World.Conditions.Count);
                json.WriteNumber("changes", exchange.Changes);
            });
        }
    }

    /// <summary>Halts; a body {"halted":false} resumes.</summary>
    public Answer Halt(JsonElement body)
    {
        var halted = body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("halted", out var flag)
            || flag.ValueKind is not JsonValueKind.False;
        lock (exchange.Gate) exchange.Halted = halted;
        return Answer.Object(json => json.WriteBoolean("halted", halted));
    }

    private static void Write(Utf8JsonWriter json, Account account)
    {
        json.WriteStartObject(account.Address);
        json.WriteString("cash", Units.Micros(account.Cash));
        json.WriteStartObject("positions");
        foreach (var (token, shares) in account.Tokens) if (shares != 0) json.WriteString(token, Units.Micros(shares));
        json.WriteEndObject();
        json.WriteStartArray("orders");
        foreach (var order in account.Orders) Write(json, order);
        json.WriteEndArray();
        json.WriteStartArray("trades");
        foreach (var trade in account.Trades) Write(json, account, trade);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BookOrder order)
    {
        json.WriteStartObject();
        json.WriteString("id", order.Id);
        json.WriteString("token", order.TokenId);
        json.WriteString("side", order.Side.Text());
        json.WriteString("type", order.Request.Type.Text());
        json.WriteString("price", Units.Price(order.Price));
        json.WriteString("size", Units.Micros(order.Original));
        json.WriteString("matched", Units.Micros(order.Matched));
        json.WriteString("status", order.Status.Text());
        json.WriteNumber("createdAt", order.CreatedAt);
        json.WriteEndObject();
    }

    /// <summary>One entry for the taker, with the average price and the fee, and one for each own maker leg.</summary>
    private static void Write(Utf8JsonWriter json, Account account, TradeRecord trade)
    {
        if (trade.Taker.Request.Account == account.Address)
        {
            Entry(json, trade, trade.Taker, Units.Micros(trade.AveragePrice), trade.Shares, trade.Fee);
        }

        foreach (var leg in trade.Legs)
        {
            if (leg.Maker.Request.Account == account.Address) Entry(json, trade, leg.Maker, Units.Price(leg.Price), leg.Shares, 0);
        }
    }

    private static void Entry(Utf8JsonWriter json, TradeRecord trade, BookOrder order, string price, long shares, long fee)
    {
        json.WriteStartObject();
        json.WriteString("tradeId", trade.Id);
        json.WriteString("orderId", order.Id);
        json.WriteString("token", order.TokenId);
        json.WriteString("side", order.Side.Text());
        json.WriteString("price", price);
        json.WriteString("size", Units.Micros(shares));
        json.WriteString("fee", Units.Micros(fee));
        json.WriteString("status", trade.Status);
        json.WriteNumber("time", trade.MatchedAt);
        json.WriteEndObject();
    }
}
