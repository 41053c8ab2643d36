using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>An order of ours as the venue really took it, with what became of it.</summary>
/// <param name="PlacedAt">When it was made; its fills are timed from here.</param>
/// <param name="Fills">Oldest first, each in its last status; none when it was killed or canceled unfilled.</param>
public sealed record RecordedOrder(LegOrder Terms, Instant PlacedAt, ImmutableArray<Fill> Fills)
{
    /// <summary>
    /// Null where there is no whole story to repeat: while something of it could match, when the venue never took it for a reason other than
    /// that nothing was there to match, and when trades of it are not known.
    /// </summary>
    /// <param name="fills">All that are known, in any order.</param>
    public static RecordedOrder? Of(LegNews order, IEnumerable<Fill> fills)
    {
        if (!order.IsClosed || order.State is OrderState.Absent or OrderState.Disputed) return null;
        if (order.Refusal is not (null or RejectCode.FokNotFilled or RejectCode.FakNotFilled)) return null;

        ImmutableArray<Fill> known = [.. fills.OrderBy(fill => fill.At)];
        return known.Sum(fill => fill.Shares.Micros) < order.Matched.Micros ? null : new RecordedOrder(order.Order, order.PlacedAt, known);
    }
}

/// <summary>
/// What our own orders met when the recording was made. An order on the same terms at about the same time gets just that: the book it
/// was recorded with shows what that order left, so no model could say it better. Any other order is decided by the model.
/// </summary>
public sealed class RecordedFills
{
    private readonly Dictionary<(TokenId Token, Side Side, OrderType Type, Price Limit, long MakerAmount, long TakerAmount), Queue<RecordedOrder>> _orders = [];
    private readonly TimeSpan _within;

    /// <summary>Recorded orders that an order of now got the fate of.</summary>
    public int Taken { get; private set; }

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

    /// <summary>The recorded order that this one is, until one of now takes it; null when there is none.</summary>
    internal RecordedOrder? Find(OrderIntent intent)
    {
        if (!_orders.TryGetValue(Key(intent.Order), out var same)) return null;

        var made = Instant.FromMillis(intent.TimestampMs);
        while (same.TryPeek(out var oldest) && made - oldest.PlacedAt > _within) same.Dequeue();
        return same.TryPeek(out var next) && next.PlacedAt - made <= _within ? next : null;
    }

    /// <summary>An order of now got what this one got, the one found last: no other does.</summary>
    internal void Take(RecordedOrder found)
    {
        _orders[Key(found.Terms)].Dequeue();
        Taken++;
    }

    private static (TokenId, Side, OrderType, Price, long, long) Key(LegOrder order) =>
        (order.Token, order.Side, order.Type, order.Limit, order.MakerAmount, order.TakerAmount);
}
