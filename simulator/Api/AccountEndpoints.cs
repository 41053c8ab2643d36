using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>What a key may read of its own orders, trades and money (protocol 7.9).</summary>
internal sealed class AccountEndpoints(Exchange exchange)
{
    private const int PageSize = 500;
    private const string Conditional = "CONDITIONAL";
    private const string ConditionalV2 = "CONDITIONAL-V2";
    private const string Unlimited = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

    private static readonly string[] Spenders =
        [TypedData.StandardExchange, TypedData.NegRiskExchange, TypedData.NegRiskAdapter, TypedData.ThirdExchange];

    public Answer Order(ApiKey key, string id)
    {
        lock (exchange.Gate)
        {
            return exchange.FindOrder(id) is { } order && order.Owner == key.Key
                ? Answer.Json(json => Write(json, order))
                : Answer.Error(404, "Order not found");
        }
    }

    /// <summary>Open orders; by id any of them.</summary>
    public Answer Orders(ApiKey key, IQueryCollection query)
    {
        var (id, market, asset) = (query.Text("id"), query.Text("market"), query.Text("asset_id"));
        lock (exchange.Gate)
        {
            IReadOnlyList<BookOrder> orders = id is null
                ? exchange.OpenOrders(key.Key, market, asset)
                : exchange.FindOrder(id) is { } order && order.Owner == key.Key ? [order] : [];
            return Pages.Page(orders, query.Text("next_cursor"), PageSize, Write);
        }
    }

    /// <summary>Trades of the key as taker or maker, newest first; before and after are Unix seconds.</summary>
    public Answer Trades(ApiKey key, IQueryCollection query)
    {
        if (!query.TryNumber("before", long.MaxValue, out var before) || !query.TryNumber("after", long.MinValue, out var after))
        {
            return Answer.Error(400, "Invalid trade params payload");
        }

        var (id, market, asset, maker) =
            (query.Text("id"), query.Text("market"), query.Text("asset_id"), query.Text("maker_address"));
        lock (exchange.Gate)
        {
            var trades = exchange.TradesOf(key.Key).Where(t => (id is null || t.Id == id)
                && (market is null || t.Condition.Id == market)
                && (asset is null || t.Taker.TokenId == asset || t.Legs.Any(l => l.Maker.TokenId == asset))
                && (maker is null || Involves(t, maker))
                && t.MatchedAt / 1000 < before && t.MatchedAt / 1000 > after);
            return Pages.Page(trades.Reverse().ToArray(), query.Text("next_cursor"), PageSize, (json, trade) => Write(json, trade, key.Key));
        }
    }

    public Answer Balance(ApiKey key, IQueryCollection query)
    {
        var (kind, token) = (query.Text("asset_type"), query.Text("token_id"));
        if (kind is not ("COLLATERAL" or Conditional or ConditionalV2)) return Answer.Error(400, "Invalid asset type");
        if (Funder(key, query.Text("signature_type")) is not { } funder) return Answer.Error(400, "Invalid signature_type");
        if (kind != "COLLATERAL" && !Holds(kind, token)) return Answer.Error(400, "Invalid token id");

        long balance;
        lock (exchange.Gate) balance = exchange.Ledger.Account(funder).Balance(kind == "COLLATERAL" ? Movement.Cash : token!);

        return Answer.Object(json =>
        {
            json.WriteString("balance", JsonText.Number(balance));
            json.WriteStartObject("allowances");
            foreach (var spender in Spenders) json.WriteString(spender, Unlimited);
            json.WriteEndObject();
        });
    }

    private static bool Involves(TradeRecord trade, string address) =>
        Is(trade.Taker, address) || trade.Legs.Any(l => Is(l.Maker, address));

    /// <summary>Positions of Protocol V2 markets have an asset type of their own (protocol 0.2).</summary>
    private bool Holds(string kind, string? token) => exchange.World.TryToken(token ?? "", out var condition, out _)
        && kind == (condition.ProtocolV2 ? ConditionalV2 : Conditional);

    /// <summary>Whose money a signature type trades: the key's own address, or the wallet registered for it when there is one.</summary>
    private string? Funder(ApiKey key, string? signatureType) => signatureType switch
    {
        null or "0" => key.Address,
        "1" or "2" or "3" => exchange.Wallets.WalletOf(key.Address) ?? key.Address,
        _ => null,
    };

    private static bool Is(BookOrder order, string address) =>
        order.Request.Maker.Equals(address, StringComparison.OrdinalIgnoreCase);

    private void Write(Utf8JsonWriter json, BookOrder order)
    {
        json.WriteStartObject();
        json.WriteString("id", order.Id);
        json.WriteString("status", OddStatus.Order(exchange.Faults, order, order.Status.Text()));
        json.WriteString("owner", order.Owner);
        json.WriteString("maker_address", order.Request.Maker);
        json.WriteString("market", order.Condition.Id);
        json.WriteString("asset_id", order.TokenId);
        json.WriteString("side", order.Side.Text());
        json.WriteString("original_size", Units.Micros(order.Original));
        json.WriteString("size_matched", Units.Micros(order.Matched));
        json.WriteString("price", Units.Price(order.Price));
        json.WriteString("outcome", order.Condition.Outcomes[order.Token]);
        json.WriteString("expiration", JsonText.Number(order.Request.Expiration));
        json.WriteString("order_type", order.Request.Type.Text());
        json.WriteStrings("associate_trades", order.Trades);
        json.WriteNumber("created_at", order.CreatedAt / 1000);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, TradeRecord trade, string key)
    {
        json.WriteStartObject();
        var status = OddStatus.Trade(exchange.Faults, trade);
        UserText.TradeFields(json, trade, key, trade.Taker.Owner == key ? "TAKER" : "MAKER", status, isRead: true);
        json.WriteEndObject();
    }
}
