using System.Globalization;
using System.Text;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>The later frames of the market channel. The real venue writes ", " between fields there, so this does (protocol 4.3).</summary>
internal static class MarketText
{
    public static string Spaced(string compact) => compact.Replace(",", ", ", StringComparison.Ordinal);

    public static string PriceChange(Market market, int firstToken, LevelChange change)
    {
        var text = new StringBuilder(1024);
        text.Append("{\"market\":\"").Append(market.Condition.Id).Append("\",\"price_changes\":[");
        Entry(text, market, firstToken, change);
        text.Append(',');
        Entry(text, market, 1 - firstToken, change);
        text.Append("],\"timestamp\":\"").Append(Number(market.Timestamp)).Append("\",\"event_type\":\"price_change\"}");
        return Spaced(text.ToString());
    }

    public static string BestBidAsk(Market market, int token)
    {
        var (bid, ask) = market.Top(token);
        var text = new StringBuilder(512);
        text.Append("{\"market\":\"").Append(market.Condition.Id)
            .Append("\",\"asset_id\":\"").Append(market.Condition.Tokens[token])
            .Append("\",\"best_bid\":\"").Append(Bid(bid)).Append("\",\"best_ask\":\"").Append(Ask(ask))
            .Append("\",\"spread\":\"").Append(Units.Price((ask ?? Units.PriceOne) - (bid ?? 0)))
            .Append("\",\"timestamp\":\"").Append(Number(market.Timestamp)).Append("\",\"event_type\":\"best_bid_ask\"}");
        return Spaced(text.ToString());
    }

    /// <summary>Token, side and price are the taker's; the price is the last level it reached.</summary>
    public static string Print(TradeRecord trade, long now)
    {
        var yes = LastYesPrice(trade);
        var price = trade.Taker.Token == 0 ? yes : Units.PriceOne - yes;
        var text = new StringBuilder(512);
        text.Append("{\"market\":\"").Append(trade.Condition.Id)
            .Append("\",\"asset_id\":\"").Append(trade.Taker.TokenId)
            .Append("\",\"price\":\"").Append(Units.Price(price)).Append("\",\"size\":\"").Append(Units.Micros(trade.Shares))
            .Append("\",\"fee_rate_bps\":\"0\",\"side\":\"").Append(trade.Taker.Side.Text())
            .Append("\",\"timestamp\":\"").Append(Number(now))
            .Append("\",\"event_type\":\"last_trade_price\",\"transaction_hash\":\"").Append(trade.Transaction).Append("\"}");
        return Spaced(text.ToString());
    }

    /// <summary>The last level a trade reached, in YES terms.</summary>
    public static int LastYesPrice(TradeRecord trade)
    {
        var last = trade.Legs[^1];
        return last.Maker.Token == 0 ? last.Price : Units.PriceOne - last.Price;
    }

    private static void Entry(StringBuilder text, Market market, int token, LevelChange change)
    {
        var price = token == 0 ? change.Price : Units.PriceOne - change.Price;
        var isBid = token == 0 == change.IsBid;
        var (bid, ask) = market.Top(token);
        text.Append("{\"asset_id\":\"").Append(market.Condition.Tokens[token])
            .Append("\",\"price\":\"").Append(Units.Price(price)).Append("\",\"size\":\"").Append(Units.Micros(change.Total))
            .Append("\",\"side\":\"").Append(isBid ? "BUY" : "SELL").Append("\",\"hash\":\"").Append(market.Hash(token))
            .Append("\",\"best_bid\":\"").Append(Bid(bid)).Append("\",\"best_ask\":\"").Append(Ask(ask)).Append("\"}");
    }

    /// <summary>An empty side reads "0" or "1" (protocol 4.2).</summary>
    private static string Bid(int? price) => Units.Price(price ?? 0);

    private static string Ask(int? price) => Units.Price(price ?? Units.PriceOne);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
