using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Books;

/// <summary>An order of ours that rests in a book, or may.</summary>
public readonly record struct OwnOrder(OrderId Id, Outcome Outcome, Side Side, Price Price, Size Left)
{
    public static OwnOrder Of(LegNews news) => new(
        news.Id, news.Order.Outcome, news.Order.Side, news.Order.Limit, Size.Max(Size.Zero, news.Order.Shares - news.Matched));

    /// <summary>An order at this limit would be matched with the resting one, on either token of their condition.</summary>
    public static bool Meets(LegOrder order, LegOrder resting)
    {
        if (order.Condition != resting.Condition) return false;

        var (isBid, price) = InYes(order);
        var (restsAsBid, at) = InYes(resting);
        return isBid != restsAsBid && (isBid ? price >= at : price <= at);
    }

    private static (bool IsBid, Price Price) InYes(LegOrder order) =>
        ((order.Outcome is Outcome.Yes) == (order.Side is Side.Buy), order.Outcome is Outcome.Yes ? order.Limit : order.Limit.Complement);
}

/// <summary>
/// Our own resting size in one book. An order that shrank or ended is taken off until the next message of the book after we heard of it:
/// only then can it be gone there too.
/// </summary>
internal sealed class OwnOrders
{
    private readonly Dictionary<OrderId, (OwnOrder Order, Size Shown)> _orders = [];
    private Book? _without;

    /// <summary>All of them, as they stand now.</summary>
    public void Tell(ReadOnlySpan<OwnOrder> resting)
    {
        if (resting.IsEmpty && _orders.Count == 0) return;

        _without = null;
        foreach (var id in _orders.Keys.ToArray()) _orders[id] = _orders[id] with { Order = _orders[id].Order with { Left = Size.Zero } };
        foreach (var order in resting)
        {
            var shown = _orders.TryGetValue(order.Id, out var known) ? Size.Max(known.Shown, order.Left) : order.Left;
            _orders[order.Id] = (order, shown);
        }
    }

    /// <summary>The book had a message.</summary>
    public void Moved()
    {
        if (_orders.Count == 0) return;

        _without = null;
        foreach (var (id, (order, _)) in _orders.ToArray())
        {
            if (order.Left == Size.Zero) _orders.Remove(id);
            else _orders[id] = (order, order.Left);
        }
    }

    /// <summary>The book without them; the book itself when there are none.</summary>
    public Book Without(Book book)
    {
        if (_orders.Count == 0) return book;
        if (_without is not null) return _without;

        _without = new Book();
        _without.CopyFrom(book);
        foreach (var (order, shown) in _orders.Values)
        {
            var others = _without.SizeAt(order.Outcome, order.Side, order.Price) - shown;
            _without.Set(order.Outcome, order.Side, new Level(order.Price, Size.Max(Size.Zero, others)));
        }

        return _without;
    }
}
