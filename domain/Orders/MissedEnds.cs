using System.Collections.Immutable;

namespace PolyArb.Domain.Orders;

/// <summary>
/// Orders that the venue once had and now answers empty for: we missed their end. One empty answer proves nothing, so two rounds of
/// questions in a row must agree, at least five seconds apart, and anything odd starts over. Only orders under suspicion are asked about:
/// those for which one of the usual questions came back empty.
/// </summary>
public sealed class MissedEnds
{
    public const int RoundsNeeded = 2;
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    private readonly Dictionary<OrderId, int> _agreed = []; // Of the suspects: rounds in a row.
    private Instant? _lastRound;

    /// <summary>The venue does not know it by its id.</summary>
    public void Suspect(OrderId order) => _agreed.TryAdd(order, 0);

    /// <summary>Suspects to ask about now, none of them younger than five seconds; none when the last round was not five seconds ago.</summary>
    /// <param name="orders">All that may be asked about. A suspect that is not among them, or has ended, is none any more.</param>
    public ImmutableArray<Order> Due(IEnumerable<Order> orders, Instant now)
    {
        if (_agreed.Count == 0) return [];
        if (_lastRound is { } last && now < last) Break(now); // The clock went back: nobody knows how far apart the rounds were.
        if (now - _lastRound < Apart) return [];

        var suspects = orders.Where(order => _agreed.ContainsKey(order.Id) && WasTaken(order)).ToImmutableArray();
        foreach (var id in _agreed.Keys.Except(suspects.Select(order => order.Id)).ToArray()) _agreed.Remove(id);
        return [.. suspects.Where(order => now - Instant.FromMillis(order.Intent.TimestampMs) >= Apart)];
    }

    /// <summary>A round that brought nothing to rely on.</summary>
    public void Break(Instant now)
    {
        foreach (var id in _agreed.Keys.ToArray()) _agreed[id] = 0;
        _lastRound = now;
    }

    /// <summary>Counts a round in which every question was answered; the orders that have ended by it.</summary>
    /// <param name="asked">Those that nothing new was heard of meanwhile.</param>
    /// <param name="known">Those that the venue knows by their id or has among the open ones.</param>
    /// <param name="ended">When the last answer was there.</param>
    public ImmutableArray<OrderId> Count(ImmutableArray<Order> asked, ImmutableHashSet<OrderId> known, Instant ended)
    {
        if (!known.IsEmpty)
        {
            Break(ended); // Slow with that one, so perhaps with the others too.
            foreach (var id in known) _agreed.Remove(id);
            return [];
        }

        _lastRound = ended;
        var over = ImmutableArray.CreateBuilder<OrderId>();
        foreach (var id in _agreed.Keys.ToArray())
        {
            _agreed[id] = asked.Any(order => order.Id == id) ? _agreed[id] + 1 : 0;
            if (_agreed[id] < RoundsNeeded) continue;

            over.Add(id);
            _agreed.Remove(id);
        }

        return over.ToImmutable();
    }

    /// <summary>It was acknowledged, or the venue contradicts itself about it, and something of it may match still.</summary>
    private static bool WasTaken(Order order) => !order.IsClosed && order.State is not (OrderState.InFlight or OrderState.Unanswered);
}
