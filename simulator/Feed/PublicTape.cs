using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// What the public may read of past trades: the last thousand of each condition, and its closing price of each minute for a week.
/// Call it with the exchange's lock held.
/// </summary>
internal sealed class PublicTape
{
    private const int TradesMax = 1_000;
    private const int MinutesMax = 7 * 24 * 60;

    private readonly Dictionary<string, Strip> _strips = new(StringComparer.Ordinal);

    public void Add(TradeRecord trade, int yesPrice, long now)
    {
        if (!_strips.TryGetValue(trade.Condition.Id, out var strip)) _strips.Add(trade.Condition.Id, strip = new Strip());

        strip.Trades.Enqueue(PublicTrade.Of(trade, now));
        if (strip.Trades.Count > TradesMax) strip.Trades.Dequeue();
        strip.Volume = checked(strip.Volume + trade.Cash);
        var minute = now / 60_000;
        if (strip.Minutes.Count == 0 || strip.Minutes[^1].Minute != minute) strip.Minutes.Add((minute, yesPrice));
        else strip.Minutes[^1] = (minute, yesPrice);
        if (strip.Minutes.Count > 2 * MinutesMax) strip.Minutes.RemoveRange(0, MinutesMax); // Rarely, so that it costs nothing.
    }

    /// <summary>Newest first.</summary>
    public IEnumerable<PublicTrade> Trades(Condition condition) =>
        _strips.TryGetValue(condition.Id, out var strip) ? strip.Trades.Reverse() : [];

    /// <summary>The last YES price of each minute that traded, oldest first; minutes since 1970.</summary>
    public IReadOnlyList<(long Minute, int YesPrice)> Minutes(Condition condition) =>
        _strips.TryGetValue(condition.Id, out var strip) ? strip.Minutes : [];

    /// <summary>What takers paid or got since the start, in micros.</summary>
    public long Volume(Condition condition) => _strips.GetValueOrDefault(condition.Id)?.Volume ?? 0;

    private sealed class Strip
    {
        public Queue<PublicTrade> Trades { get; } = new();
        public List<(long Minute, int YesPrice)> Minutes { get; } = [];
        public long Volume { get; set; }
    }
}
