using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>A public trade: the taker's token, side, micro-shares, and the furthest price it reached in terms of its own token.</summary>
internal readonly record struct TradePrint(
    Condition Condition, int Token, Side Side, int Price, long Shares, long Timestamp, string Transaction)
{
    public int YesPrice => Token == 0 ? Price : Units.PriceOne - Price;

    public static TradePrint Of(TradeRecord trade, long now)
    {
        var last = trade.Legs[^1];
        var price = last.Maker.Token == trade.Taker.Token ? last.Price : Units.PriceOne - last.Price;
        return new TradePrint(trade.Condition, trade.Taker.Token, trade.Taker.Side, price, trade.Shares, now, trade.Transaction);
    }
}
