using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>An order of ours as the venue really took it, with what became of it.</summary>
/// <param name="PlacedAt">When it was made; its fills are timed from here.</param>
/// <param name="Fills">Oldest first, each in its last status; none when it was killed or canceled unfilled.</param>
public sealed record RecordedOrder(LegOrder Terms, Instant PlacedAt, ImmutableArray<Fill> Fills)
{
    /// <summary>An order of a journal; null while it may still change, or when the venue never took it.</summary>
    public static RecordedOrder? Of(Order order) => !order.IsDone || order.State is OrderState.Absent or OrderState.Disputed
        ? null
        : new RecordedOrder(order.Intent.Order, Instant.FromMillis(order.Intent.TimestampMs), [.. order.Fills.Values.OrderBy(fill => fill.At)]);
}

/// <summary>
/// What our own orders met when the recording was made. An order on the same terms at about the same time gets just that: the book it
/// was recorded with shows what that order left, so no model could say it better. Any other order is decided by the model.
/// </summary>
public sealed class RecordedFills
{
    private readonly Dictionary<(TokenId Token, Side Side, OrderType Type, Price Limit, long MakerAmount, long TakerAmount), Queue<RecordedOrder>> _orders = [];
    private readonly TimeSpan _within;

    /// <param name="within">How far apart the two may have been made.</param>
    public RecordedFills(IEnumerable<RecordedOrder> orders, TimeSpan within)
    {
        _within = within;
        foreach (var order in orders.OrderBy(order => order.PlacedAt))
        {
            if (!_orders.TryGetValue(Key(order.Terms), out var same)) _orders.Add(Key(order.Terms), same = new Queue<RecordedOrder>());
            same.Enqueue(order);
        }
    }

    /// <summary>The recorded order that this one is, which no other is from here on; null when there is none.</summary>
    internal RecordedOrder? Take(OrderIntent intent)
    {
        if (!_orders.TryGetValue(Key(intent.Order), out var same)) return null;

        var made = Instant.FromMillis(intent.TimestampMs);
        while (same.TryPeek(out var oldest) && made - oldest.PlacedAt > _within) same.Dequeue();
        return same.TryPeek(out var next) && next.PlacedAt - made <= _within ? same.Dequeue() : null;
    }

    private static (TokenId, Side, OrderType, Price, long, long) Key(LegOrder order) =>
        (order.Token, order.Side, order.Type, order.Limit, order.MakerAmount, order.TakerAmount);
}
