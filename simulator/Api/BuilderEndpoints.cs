using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// What a builder may ask about the orders signed with its code (protocol 6.2). No builder charges a fee here. The official client asks
/// without a key, so the code alone opens its trades; their fields are those of the client's BuilderTrade.
/// </summary>
internal sealed class BuilderEndpoints(Exchange exchange)
{
    private const int PageSize = 500;

    public static Answer Fees(string code) => Hex.TryBytes(code, 32, out _)
        ? Answer.Object(json =>
        {
            json.WriteNumber("builder_maker_fee_rate_bps", 0);
            json.WriteNumber("builder_taker_fee_rate_bps", 0);
        })
        : Answer.Error(400, "Invalid payload");

    /// <summary>One entry for each order of the builder's in a trade, newest first; before and after are Unix seconds.</summary>
    public Answer Trades(IQueryCollection query)
    {
        if (!Hex.TryBytes(query.Text("builder_code"), 32, out var code)
            || !query.TryNumber("before", long.MaxValue, out var before) || !query.TryNumber("after", long.MinValue, out var after))
        {
            return Answer.Error(400, "Invalid trade params payload");
        }

        var builder = Hex.Text(code);
        var (id, market, asset, maker) = (query.Text("id"), query.Text("market"), query.Text("asset_id"), query.Text("maker_address"));
        lock (exchange.Gate)
        {
            var parts = exchange.Trades.Where(t => t.MatchedAt / 1000 < before && t.MatchedAt / 1000 > after).SelectMany(BuilderPart.Of)
                .Where(p => p.Order.Request.Builder == builder && (id is null || p.Trade.Id == id)
                    && (market is null || p.Trade.Condition.Id == market) && (asset is null || p.Order.TokenId == asset)
                    && (maker is null || p.Order.Request.Maker.Equals(maker, StringComparison.OrdinalIgnoreCase)));
            return Pages.Page(parts.Reverse().ToArray(), query.Text("next_cursor"), PageSize, Write);
        }
    }

    private static void Write(Utf8JsonWriter json, BuilderPart part)
    {
        var (trade, order) = (part.Trade, part.Order);
        json.WriteStartObject();
        json.WriteString("id", trade.Id);
        json.WriteString("tradeType", part.Taker ? "TAKER" : "MAKER");
        json.WriteString("takerOrderHash", trade.Taker.Id);
        json.WriteString("builder", order.Request.Builder);
        json.WriteString("market", trade.Condition.Id);
        json.WriteString("assetId", order.TokenId);
        json.WriteString("side", order.Side.Text());
        json.WriteString("size", Units.Micros(part.Shares));
        json.WriteString("sizeUsdc", Units.Micros(part.Cash));
        json.WriteString("price", Units.Micros(part.Price));
        json.WriteString("status", trade.Status);
        json.WriteString("outcome", trade.Condition.Outcomes[order.Token]);
        json.WriteNumber("outcomeIndex", order.Token);
        json.WriteString("owner", order.Owner);
        json.WriteString("maker", order.Request.Maker);
        json.WriteString("transactionHash", trade.KnownTransaction ?? "");
        json.WriteString("matchTime", JsonText.Number(trade.MatchedAt / 1000));
        json.WriteNumber("bucketIndex", 0);
        json.WriteString("fee", Units.Micros(part.Fee));
        json.WriteString("feeUsdc", Units.Micros(part.Fee));
        json.WriteString("builderFee", "0");
        json.WriteString("builderCode", order.Request.Builder);
        json.WriteNull("err_msg");
        json.WriteString("createdAt", JsonText.Time(trade.MatchedAt));
        json.WriteString("updatedAt", JsonText.Time(trade.UpdatedAt));
        json.WriteEndObject();
    }

    /// <summary>One order's part of a trade: micro-shares of its own token, the price in millionths of a pUSD, money in micros.</summary>
    private sealed record BuilderPart(TradeRecord Trade, BookOrder Order, bool Taker, long Shares, long Cash, long Price, long Fee)
    {
        public static IEnumerable<BuilderPart> Of(TradeRecord trade) =>
        [
            new(trade, trade.Taker, true, trade.Shares, trade.Cash, trade.AveragePrice, trade.Fee),
            .. trade.Legs.Select(l => new BuilderPart(trade, l.Maker, false, l.Shares, Units.Notional(l.Shares, l.Price), l.Price * 100L, 0)),
        ];
    }
}
