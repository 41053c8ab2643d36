using PolyArb.Domain.Books;

namespace PolyArb.Domain.Simulation;

/// <summary>What is ours in one condition's book: the orders that rest in it, and what our fills took of it.</summary>
internal sealed class SimulatedBook(Condition terms, QueueModel model, Draws draws)
{
    private readonly RestingOrders _resting = new();
    private readonly Queues _queues = new(model, draws);

    /// <summary>As the catalogue gave them last: fee and minimum.</summary>
    public Condition Terms { get; set; } = terms;

    public ConsumedLiquidity Consumed { get; } = new();

    /// <summary>Nothing here is ours: whatever happens to the book is not our business.</summary>
    public bool IsQuiet => _resting.IsEmpty && Consumed.IsEmpty;

    /// <summary>The book has this update in it. Adds what it fills of our resting orders, each at its own price.</summary>
    public void Watch(in BookUpdate update, ConditionBook book, Instant now, List<(SimulatedOrder Order, Size Shares)> filled)
    {
        _queues.Judge(now);
        if (update.Kind is BookUpdateKind.Trade)
        {
            Trade(update, now, filled);
            return;
        }

        if (book.Life is not BookLife.Synced) return;

        Show(update, book.Book, now);
        if (!_resting.IsEmpty && !book.Book.IsCrossed) Cross(book.Book, filled); // Crossed with itself: the middle of a match.
    }

    public void Rest(SimulatedOrder order, ConditionBook book)
    {
        _queues.Join(order, book);
        _resting.Add(order);
    }

    public void Remove(SimulatedOrder order)
    {
        _queues.Leave(order);
        _resting.Remove(order);
    }

    /// <summary>A gap. What rests goes on resting and waits for the next book; what was taken is not forgotten.</summary>
    public void Lose() => _queues.Lose();

    /// <summary>The liquidity is ours from here on.</summary>
    public void Take(SimulatedOrder order, ArrivalMatch match)
    {
        foreach (var (price, size) in match.Fills) Consumed.Take(ArrivalMatch.Against(order, price), size);
    }

    private void Show(in BookUpdate update, Book book, Instant now)
    {
        if (update.Kind is not BookUpdateKind.Changes)
        {
            Consumed.Show(book);
            _queues.Show(book, now);
            return;
        }

        foreach (ref readonly var entry in update.Entries.Span)
        {
            if (Terms.OutcomeOf(entry.Token) is not { } outcome) continue;

            var price = outcome is Outcome.Yes ? entry.Level.Price : entry.Level.Price.Complement;
            var place = new BookPlace((outcome is Outcome.Yes) == (entry.Side is Side.Buy), price);
            Consumed.Show(place, book);
            _queues.Show(place, book, now);
        }
    }

    /// <summary>A trade of others. At our price it first uses up who came before us; beyond it nobody was left before us.</summary>
    private void Trade(in BookUpdate trade, Instant now, List<(SimulatedOrder Order, Size Shares)> filled)
    {
        if (Terms.OutcomeOf(trade.Token) is not { } outcome) return;

        var hitsBids = trade.TakerSide is Side.Sell == outcome is Outcome.Yes;
        var price = outcome is Outcome.Yes ? trade.Level.Price : trade.Level.Price.Complement;
        _queues.Trade(new BookPlace(hitsBids, price), trade, now);
        var left = trade.Level.Size;
        foreach (var order in _resting.Of(isBid: hitsBids))
        {
            if (hitsBids ? price > order.Price : price < order.Price) break; // Nor does it reach any that is worse.
            if (trade.VenueMs <= order.JoinedMs) continue; // The book it joined was what that trade had left.
            if (price != order.Price) order.Ahead = Size.Zero;

            var before = Size.Min(order.Ahead, left);
            order.Ahead -= before;
            var ours = Size.Min(order.Left, left - before);
            if (ours == Size.Zero) continue;

            left -= ours;
            filled.Add((order, ours));
        }
    }

    /// <summary>Somebody's new order stands where it would have met ours: whoever was before us is gone.</summary>
    private void Cross(Book book, List<(SimulatedOrder Order, Size Shares)> filled)
    {
        Cross(_resting.Of(isBid: true), book.Yes.Asks, filled);
        Cross(_resting.Of(isBid: false), book.Yes.Bids, filled);
    }

    private void Cross(List<SimulatedOrder> orders, BookSide against, List<(SimulatedOrder Order, Size Shares)> filled)
    {
        foreach (var order in orders)
        {
            var left = order.Left;
            for (var n = 0; n < against.Count && left > Size.Zero; n++)
            {
                var (price, size) = against.FromTop(n);
                if (order.IsBid ? price > order.Price : price < order.Price) break;

                var place = new BookPlace(!order.IsBid, price);
                var ours = Size.Min(left, size - Consumed.At(place));
                if (ours <= Size.Zero) continue;

                Consumed.Take(place, ours);
                left -= ours;
            }

            if (left < order.Left) filled.Add((order, order.Left - left));
        }
    }
}
