using System.Runtime.InteropServices;

namespace PolyArb.Domain.Books;

/// <summary>
/// The one book of a condition, in YES terms; NO is <see cref="Of"/> it. Sizes are totals, so an update applied
/// twice is harmless. Both sides keep their best level last, as the venue sends them.
/// </summary>
public sealed class Book
{
    private readonly List<Level> _bids = []; // Prices ascending.
    private readonly List<Level> _asks = []; // Prices descending.

    public BookView Of(Outcome outcome) => outcome is Outcome.Yes
        ? new BookView(new BookSide(Span(_bids), mirrored: false), new BookSide(Span(_asks), mirrored: false))
        : new BookView(new BookSide(Span(_asks), mirrored: true), new BookSide(Span(_bids), mirrored: true));

    public BookView Yes => Of(Outcome.Yes);

    /// <summary>Best bid at or above best ask: the middle of a match, or wrong.</summary>
    public bool IsCrossed => _bids.Count > 0 && _asks.Count > 0 && _bids[^1].Price >= _asks[^1].Price;

    /// <summary>Best YES bid and ask in ticks; where there is none, 0 and a whole dollar.</summary>
    public (int Bid, int Ask) Tops =>
        (_bids.Count > 0 ? _bids[^1].Price.Ticks : 0, _asks.Count > 0 ? _asks[^1].Price.Ticks : Price.TicksPerDollar);

    public int LevelCount => _bids.Count + _asks.Count;

    /// <summary>Replaces everything by a snapshot of one token.</summary>
    public void Fill(Outcome outcome, ReadOnlySpan<Level> bids, ReadOnlySpan<Level> asks)
    {
        _bids.Clear();
        _asks.Clear();
        foreach (var level in bids) Set(outcome, Side.Buy, level);
        foreach (var level in asks) Set(outcome, Side.Sell, level);
    }

    /// <summary>Sets the levels of a change, in its order; entries of tokens that are not the condition's are passed over.</summary>
    public void Apply(in BookUpdate changes, Condition condition)
    {
        foreach (ref readonly var entry in changes.Entries.Span)
        {
            if (condition.OutcomeOf(entry.Token) is { } outcome) Set(outcome, entry.Side, entry.Level);
        }
    }

    /// <summary>Sets the total size of one level of one token; zero removes it.</summary>
    public void Set(Outcome outcome, Side side, Level level)
    {
        var price = outcome is Outcome.Yes ? level.Price : level.Price.Complement;
        var isBid = (outcome is Outcome.Yes) == (side is Side.Buy);
        var levels = isBid ? _bids : _asks;
        var at = Find(Span(levels), price, ascending: isBid, out var found);

        if (level.Size.Micros == 0)
        {
            if (found) levels.RemoveAt(at);
        }
        else if (found)
        {
            levels[at] = new Level(price, level.Size);
        }
        else
        {
            levels.Insert(at, new Level(price, level.Size));
        }
    }

    /// <summary>The total size at one price of one token; zero where there is no level.</summary>
    public Size SizeAt(Outcome outcome, Side side, Price price)
    {
        var isBid = (outcome is Outcome.Yes) == (side is Side.Buy);
        var levels = isBid ? _bids : _asks;
        var at = Find(Span(levels), outcome is Outcome.Yes ? price : price.Complement, ascending: isBid, out var found);
        return found ? levels[at].Size : Size.Zero;
    }

    public void CopyFrom(Book other)
    {
        Clear();
        _bids.AddRange(other._bids);
        _asks.AddRange(other._asks);
    }

    public void Clear()
    {
        _bids.Clear();
        _asks.Clear();
    }

    private static int Find(ReadOnlySpan<Level> levels, Price price, bool ascending, out bool found)
    {
        found = false;
        if (levels.IsEmpty) return 0;

        var last = levels[^1].Price.CompareTo(price);
        if (last != 0 && last < 0 == ascending) return levels.Length; // Better than all there is: as snapshots come.

        var (low, high) = (0, levels.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var comparison = levels[middle].Price.CompareTo(price);
            if (comparison == 0)
            {
                found = true;
                return middle;
            }

            if (comparison < 0 == ascending) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static Span<Level> Span(List<Level> levels) => CollectionsMarshal.AsSpan(levels);
}

/// <summary>Bids and asks of one token. Valid until the book changes.</summary>
public readonly ref struct BookView(BookSide bids, BookSide asks)
{
    public BookSide Bids { get; } = bids;

    public BookSide Asks { get; } = asks;
}

/// <summary>One side of one token's book, best level last.</summary>
public readonly ref struct BookSide(ReadOnlySpan<Level> levels, bool mirrored)
{
    private readonly ReadOnlySpan<Level> _levels = levels;

    public int Count => _levels.Length;

    public Level this[int index]
    {
        get
        {
            var level = _levels[index];
            return mirrored ? level with { Price = level.Price.Complement } : level;
        }
    }

    public Level? Best => Count == 0 ? null : this[Count - 1];

    /// <summary>The n-th level from the top, 0 the best.</summary>
    public Level FromTop(int n) => this[Count - 1 - n];
}
