using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>One party's part of a trade as the public sees it: its own token, micro-shares, and its price in millionths of a pUSD.</summary>
internal sealed record PublicFill(string Address, int Token, Side Side, long Price, long Shares);

/// <summary>A trade without the keys behind it. Time in Unix milliseconds.</summary>
internal sealed record PublicTrade(Condition Condition, PublicFill Taker, IReadOnlyList<PublicFill> Makers, string Transaction, long At)
{
    public static PublicTrade Of(TradeRecord trade, long at) => new(
        trade.Condition,
        new PublicFill(trade.Taker.Request.Account, trade.Taker.Token, trade.Taker.Side, trade.AveragePrice, trade.Shares),
        [.. trade.Legs.Select(l => new PublicFill(l.Maker.Request.Account, l.Maker.Token, l.Maker.Side, l.Price * 100L, l.Shares))],
        trade.Transaction,
        at);
}
