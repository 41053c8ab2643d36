using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>
/// Fills that the price ran away from: soon after one, the other side of the book offers the same token a tick or more better than what
/// we dealt at. A run of them says that somebody knows more than the book did.
/// </summary>
public sealed class PickedOff(GuardPolicy policy)
{
    private readonly List<Fresh> _fresh = [];
    private readonly Queue<Instant> _hits = new();

    /// <summary>In all, since the desk opened.</summary>
    public long Count { get; private set; }

    public bool IsSpike(Instant now)
    {
        while (_hits.TryPeek(out var oldest) && now - oldest > policy.PickedOffWindow) _hits.Dequeue();
        return _hits.Count >= policy.PickedOffCount;
    }

    /// <summary>Shares of an order have matched at about this price.</summary>
    public void Filled(ConditionBook book, Outcome outcome, Side side, Price price, Instant now) =>
        _fresh.Add(new Fresh(book, outcome, side, price, now + policy.PickedOffFreshness));

    /// <summary>Once a turn: did the price run away from a fresh fill?</summary>
    public void Look(Instant now)
    {
        for (var i = _fresh.Count - 1; i >= 0; i--)
        {
            var fill = _fresh[i];
            if (now > fill.Until)
            {
                _fresh.RemoveAt(i);
            }
            else if (fill.Book.IsTrusted && HasRunAway(fill))
            {
                _fresh.RemoveAt(i);
                _hits.Enqueue(now);
                Count++;
            }
        }
    }

    private static bool HasRunAway(Fresh fill)
    {
        var view = fill.Book.Open.Of(fill.Outcome);
        return fill.Side is Side.Buy
            ? view.Asks.Best is { } ask && ask.Price.Ticks <= fill.Price.Ticks - fill.Book.Tick.Ticks
            : view.Bids.Best is { } bid && bid.Price.Ticks >= fill.Price.Ticks + fill.Book.Tick.Ticks;
    }

    private readonly record struct Fresh(ConditionBook Book, Outcome Outcome, Side Side, Price Price, Instant Until);
}
