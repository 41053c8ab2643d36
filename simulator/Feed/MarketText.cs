using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>The later frames of the market channel. The real venue writes ", " between fields there, so this does (protocol 4.3).</summary>
internal static class MarketText
{
    public static byte[] PriceChange(Market market, int firstToken, LevelChange change)
    {
        var hashes = (market.Hash(firstToken), market.Hash(1 - firstToken)); // Before the buffer is asked for: hashing uses it too.
        var text = Utf8Buffer.Empty().Add("{\"market\":\""u8).Add(market.Condition.Id).Add("\",\"price_changes\":["u8);
        Entry(text, market, firstToken, change, hashes.Item1);
        Entry(text.Add(","u8), market, 1 - firstToken, change, hashes.Item2);
        return text.Add("],\"timestamp\":\""u8).Number(market.Timestamp).Add("\",\"event_type\":\"price_change\"}"u8).Spaced();
    }

    public static byte[] BestBidAsk(Market market, int token)
    {
        var (bid, ask) = market.Top(token);
        return Utf8Buffer.Empty().Add("{\"market\":\""u8).Add(market.Condition.Id)
            .Add("\",\"asset_id\":\""u8).Add(market.Condition.Tokens[token])
            .Add("\",\"best_bid\":\""u8).Price(Bid(bid)).Add("\",\"best_ask\":\""u8).Price(Ask(ask))
            .Add("\",\"spread\":\""u8).Price(Ask(ask) - Bid(bid))
            .Add("\",\"timestamp\":\""u8).Number(market.Timestamp).Add("\",\"event_type\":\"best_bid_ask\"}"u8).Spaced();
    }

    /// <summary>Token, side and price are the taker's; the price is the last level it reached.</summary>
    public static byte[] Print(TradePrint print) => Utf8Buffer.Empty().Add("{\"market\":\""u8).Add(print.Condition.Id)
        .Add("\",\"asset_id\":\""u8).Add(print.Condition.Tokens[print.Token])
        .Add("\",\"price\":\""u8).Price(print.Price).Add("\",\"size\":\""u8).Micros(print.Shares)
        .Add("\",\"fee_rate_bps\":\"0\",\"side\":\""u8).Add(print.Side.Text())
        .Add("\",\"timestamp\":\""u8).Number(print.Timestamp)
        .Add("\",\"event_type\":\"last_trade_price\",\"transaction_hash\":\""u8).Add(print.Transaction).Add("\"}"u8).Spaced();

    private static void Entry(Utf8Buffer text, Market market, int token, LevelChange change, string hash)
    {
        var (bid, ask) = market.Top(token);
        text.Add("{\"asset_id\":\""u8).Add(market.Condition.Tokens[token])
            .Add("\",\"price\":\""u8).Price(token == 0 ? change.Price : Units.PriceOne - change.Price)
            .Add("\",\"size\":\""u8).Micros(change.Total)
            .Add("\",\"side\":\""u8).Add(token == 0 == change.IsBid ? "BUY"u8 : "SELL"u8)
            .Add("\",\"hash\":\""u8).Add(hash)
            .Add("\",\"best_bid\":\""u8).Price(Bid(bid)).Add("\",\"best_ask\":\""u8).Price(Ask(ask)).Add("\"}"u8);
    }

    /// <summary>An empty side reads "0" or "1" (protocol 4.2).</summary>
    private static int Bid(int? price) => price ?? 0;

    private static int Ask(int? price) => price ?? Units.PriceOne;
}
