using PolyArb.Domain.Books;

namespace PolyArb.Domain.Simulation;

/// <summary>Where our orders of one book stand in the queues of their prices.</summary>
internal sealed class Queues(QueueModel model, Draws draws)
{
    private readonly Dictionary<BookPlace, QueueWatch> _watches = []; // Empty where cancels say nothing.

    /// <summary>Joins behind what is displayed at its price.</summary>
    public void Join(SimulatedOrder order, ConditionBook book)
    {
        (order.Ahead, order.JoinedMs) = (Shown(order.Place, book.Book), book.VenueMs);
        if (model is not QueueModel.Probabilistic probabilistic) return;

        if (!_watches.TryGetValue(order.Place, out var watch)) _watches.Add(order.Place, watch = new QueueWatch(probabilistic, draws, order.Ahead));
        watch.Orders.Add(order);
    }

    public void Leave(SimulatedOrder order)
    {
        if (!_watches.TryGetValue(order.Place, out var watch)) return;

        watch.Orders.Remove(order);
        if (watch.Orders.Count == 0) _watches.Remove(order.Place);
    }

    public void Judge(Instant now)
    {
        foreach (var watch in _watches.Values) watch.Judge(now);
    }

    public void Trade(BookPlace place, in BookUpdate trade, Instant now)
    {
        if (_watches.TryGetValue(place, out var watch) && trade.VenueMs > watch.Orders[0].JoinedMs) watch.Trade(trade.Level.Size, now);
    }

    /// <summary>The book after a message about all of it.</summary>
    public void Show(Book book, Instant now)
    {
        foreach (var (place, watch) in _watches) watch.Show(Shown(place, book), now);
    }

    /// <summary>One level after a message about it.</summary>
    public void Show(BookPlace place, Book book, Instant now)
    {
        if (_watches.TryGetValue(place, out var watch)) watch.Show(Shown(place, book), now);
    }

    public void Lose()
    {
        foreach (var watch in _watches.Values) watch.Lose();
    }

    private static Size Shown(BookPlace place, Book book) => book.SizeAt(Outcome.Yes, place.IsBid ? Side.Buy : Side.Sell, place.Price);
}
