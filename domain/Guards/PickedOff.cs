using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>
/// Fills that the price ran away from: soon after one, the other side of the book offers the same token a tick or more better than what
/// we dealt at. A run of them says that somebody knows more than the book did.
/// </summary>
public sealed class PickedOff(GuardPolicy policy)
{
    private readonly List<FreshFill> _fresh = [];
    private readonly Queue<Instant> _hits = new();

    public IReadOnlyCollection<FreshFill> Fresh => _fresh;

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<Instant> Hits => _hits;

    /// <summary>In all, since the desk opened.</summary>
    public long Count { get; private set; }

    public bool IsSpike(Instant now)
    {
        while (_hits.TryPeek(out var oldest) && now - oldest > policy.PickedOffWindow) _hits.Dequeue();
        return _hits.Count >= policy.PickedOffCount;
    }

    /// <summary>Shares of an order have matched at about this price.</summary>
    public void Filled(ConditionId condition, Outcome outcome, Side side, Price price, Instant now) =>
        _fresh.Add(new FreshFill(condition, outcome, side, price, now + policy.PickedOffFreshness));

    /// <summary>What an earlier desk knew.</summary>
    public void Recall(IEnumerable<Instant> hits, IEnumerable<FreshFill> fresh)
    {
        foreach (var hit in hits) _hits.Enqueue(hit);
        _fresh.AddRange(fresh);
    }

    /// <summary>Once a turn: did the price run away from a fresh fill?</summary>
    /// <param name="books">Of the market's conditions.</param>
    public void Look(IReadOnlyDictionary<ConditionId, ConditionBook> books, Instant now)
    {
        for (var i = _fresh.Count - 1; i >= 0; i--)
        {
            var fill = _fresh[i];
            if (now > fill.Until)
            {
                _fresh.RemoveAt(i);
            }
            else if (books.TryGetValue(fill.Condition, out var book) && book.Prove() && HasRunAway(fill, book))
            {
                _fresh.RemoveAt(i);
                _hits.Enqueue(now);
                Count++;
            }
        }
    }

    private static bool HasRunAway(FreshFill fill, ConditionBook book)
    {
        var view = book.Open.Of(fill.Outcome);
        return fill.Side is Side.Buy
            ? view.Asks.Best is { } ask && ask.Price.Ticks <= fill.Price.Ticks - book.Tick.Ticks
            : view.Bids.Best is { } bid && bid.Price.Ticks >= fill.Price.Ticks + book.Tick.Ticks;
    }
}
