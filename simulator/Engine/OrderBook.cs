namespace PolyArb.Simulator.Engine;

/// <summary>A level of the YES book after a change; total 0 means the level is gone.</summary>
internal readonly record struct LevelChange(bool IsBid, int Price, long Total);

/// <summary>
/// The one book of a condition, in YES terms; the NO book is its mirror (protocol 10.1).
/// Best price first, then first come, first served.
/// </summary>
internal sealed class OrderBook
{
    private readonly SortedList<int, PriceLevel> _bids = [];
    private readonly SortedList<int, PriceLevel> _asks = [];

    public int? BestBid => _bids.Count == 0 ? null : _bids.Keys[^1];

    public int? BestAsk => _asks.Count == 0 ? null : _asks.Keys[0];

    /// <summary>Levels the way the venue writes them: the best one last (protocol 3).</summary>
    public IEnumerable<PriceLevel> WireLevels(bool bids) => bids ? _bids.Values : Reverse(_asks);

    /// <summary>Levels from the best one on.</summary>
    public IEnumerable<PriceLevel> FromBest(bool bids) => bids ? Reverse(_bids) : _asks.Values;

    public long TotalAt(bool bids, int price) => (bids ? _bids : _asks).TryGetValue(price, out var level) ? level.Total : 0;

    public LevelChange Add(BookOrder order)
    {
        var side = order.Request.IsBid ? _bids : _asks;
        if (!side.TryGetValue(order.YesPrice, out var level)) side.Add(order.YesPrice, level = new PriceLevel(order.YesPrice));

        order.Place = level.Orders.AddLast(order);
        level.Total = checked(level.Total + order.Remaining);
        return new LevelChange(order.Request.IsBid, level.Price, level.Total);
    }

    /// <summary>Counts a fill of a resting order and drops it once nothing remains.</summary>
    public LevelChange Fill(BookOrder order, long shares)
    {
        order.Matched = checked(order.Matched + shares);
        return Shrink(order, shares, gone: order.Remaining == 0);
    }

    public LevelChange Remove(BookOrder order) => Shrink(order, order.Remaining, gone: true);

    private LevelChange Shrink(BookOrder order, long shares, bool gone)
    {
        var side = order.Request.IsBid ? _bids : _asks;
        var level = side[order.YesPrice];
        level.Total = checked(level.Total - shares);
        if (gone)
        {
            level.Orders.Remove(order.Place!);
            order.Place = null;
        }

        if (level.Orders.Count == 0) side.Remove(level.Price);
        return new LevelChange(order.Request.IsBid, level.Price, level.Total);
    }

    private static IEnumerable<PriceLevel> Reverse(SortedList<int, PriceLevel> levels)
    {
        for (var i = levels.Count - 1; i >= 0; i--) yield return levels.Values[i];
    }
}
