using System.Collections.Concurrent;
using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>At most four questions to one market within any second, whatever is asked and by how many pages.</summary>
internal sealed class MarketPace(TimeProvider time)
{
    public const int PerSecond = 4;

    private readonly ConcurrentDictionary<MarketId, Queue<long>> _asked = new();

    public bool TryTake(MarketId market)
    {
        var asked = _asked.GetOrAdd(market, _ => new Queue<long>(PerSecond));
        lock (asked)
        {
            if (asked.Count == PerSecond && time.GetElapsedTime(asked.Peek()) < TimeSpan.FromSeconds(1)) return false;
            if (asked.Count == PerSecond) asked.Dequeue();

            asked.Enqueue(time.GetTimestamp());
            return true;
        }
    }
}
