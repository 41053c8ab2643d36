using System.Collections.Immutable;

namespace PolyArb.Domain.Orders;

/// <summary>What is to be done about orders that somebody wants gone.</summary>
/// <param name="Canceling">To be cancelled now; counted against the cap already.</param>
/// <param name="Again">Going already, and urgent enough to be asked for once more.</param>
/// <param name="Kept">Too young, or too many of their condition in this second: they come up again later.</param>
/// <param name="Gone">Nothing is to be done: over, or on their way.</param>
public sealed record PullPlan(
    ImmutableArray<OrderId> Canceling, ImmutableArray<OrderId> Again, ImmutableArray<OrderId> Kept, ImmutableArray<OrderId> Gone);

/// <summary>
/// The clocks of orders that rest: how long one may, how long it has to, and how many of one condition are cancelled in a second.
/// </summary>
/// <param name="inForce">The rules, as they are at the moment.</param>
/// <param name="find">An order as it stands; null for one that is not ours.</param>
public sealed class RestingClocks(Func<RestingRules> inForce, Func<OrderId, Order?> find)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Dictionary<OrderId, (Instant Asked, string Why)> _leaving = [];
    private readonly Dictionary<ConditionId, Queue<Instant>> _cancels = []; // Of the last second.

    /// <summary>A cancel is under way that may have to be asked for again.</summary>
    public bool IsWaiting => _leaving.Count > 0;

    /// <param name="isUrgent">For risk's sake, so whatever their age and number.</param>
    public PullPlan Plan(ImmutableArray<OrderId> orders, bool isUrgent, Instant now)
    {
        var (canceling, again) = (ImmutableArray.CreateBuilder<OrderId>(), ImmutableArray.CreateBuilder<OrderId>());
        var (kept, gone) = (ImmutableArray.CreateBuilder<OrderId>(), ImmutableArray.CreateBuilder<OrderId>());
        foreach (var id in orders)
        {
            if (find(id) is not { IsClosed: false } order) gone.Add(id);
            else if (_leaving.ContainsKey(id)) (isUrgent ? again : gone).Add(id); // Going, or held back by the rate limits.
            else if (now - PlacedAt(order) >= inForce().MinLifetime && Taken(order, now)) canceling.Add(id);
            else (isUrgent ? canceling : kept).Add(id);
        }

        return new PullPlan(canceling.ToImmutable(), again.ToImmutable(), kept.ToImmutable(), gone.ToImmutable());
    }

    /// <summary>A cancel of these is asked for now.</summary>
    public void Leave(ImmutableArray<OrderId> orders, string why, Instant now)
    {
        foreach (var order in orders) _leaving[order] = (now, why);
    }

    /// <summary>No cancel of these went out.</summary>
    public void Stay(ImmutableArray<OrderId> orders)
    {
        foreach (var order in orders) _leaving.Remove(order);
    }

    /// <summary>Forgets what has ended; then those of the resting orders whose time is over and that may be cancelled now.</summary>
    public ImmutableArray<Order> Over(IEnumerable<Order> resting, Instant now)
    {
        foreach (var id in _leaving.Keys.Where(id => find(id) is not { IsClosed: false }).ToArray()) _leaving.Remove(id);
        var ttl = inForce().Ttl;
        return [.. resting.Where(order => !_leaving.ContainsKey(order.Id) && now - PlacedAt(order) >= ttl && Taken(order, now))];
    }

    /// <summary>Those whose cancel had no effect for a second, by what they are cancelled for.</summary>
    public ImmutableArray<(string Why, ImmutableArray<OrderId> Orders)> AskAgain(Instant now)
    {
        var again = _leaving.Where(order => now - order.Value.Asked >= AgainAfter && Taken(find(order.Key)!, now)).ToArray();
        return [.. again.GroupBy(order => order.Value.Why).Select(orders => (orders.Key, orders.Select(order => order.Key).ToImmutableArray()))];
    }

    public static Instant PlacedAt(Order order) => Instant.FromMillis(order.Intent.TimestampMs);

    private bool Taken(Order order, Instant now)
    {
        var hasRoom = HasRoom(order, now);
        if (hasRoom) Count(order, now);
        return hasRoom;
    }

    /// <summary>In no second more than the cap: the last so many cancels of the condition lie longer back.</summary>
    private bool HasRoom(Order order, Instant now)
    {
        if (!_cancels.TryGetValue(order.Intent.Order.Condition, out var recent)) return true;

        while (recent.TryPeek(out var oldest) && now - oldest >= Window) recent.Dequeue();
        return recent.Count < inForce().CancelsPerSecond;
    }

    private void Count(Order order, Instant now)
    {
        if (!_cancels.TryGetValue(order.Intent.Order.Condition, out var recent)) _cancels[order.Intent.Order.Condition] = recent = [];
        recent.Enqueue(now);
    }
}
