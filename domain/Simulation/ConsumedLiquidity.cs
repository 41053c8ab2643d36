using PolyArb.Domain.Books;

namespace PolyArb.Domain.Simulation;

/// <summary>
/// What our fills took of the levels of one book. The tape does not know of us, so a level goes on showing what is ours already. Of what
/// it shows, whatever was taken cannot be taken again:
/// <list type="bullet">
/// <item>A level that shows as much as before brings nothing, however often it says so.</item>
/// <item>A level that shows less lost what was left for us first: others took or withdrew the shares we had not taken.</item>
/// <item>A level that shows more has that much that is new, and only that.</item>
/// <item>A level that is gone is forgotten: whoever shows there next is new.</item>
/// </list>
/// So no more of a level is ever filled than was ever newly shown there. (Consumed depth as NautilusTrader's `liquidity_consumption`
/// keeps it, a level at a time; the venue has no order ids to tell makers apart.)
/// </summary>
internal sealed class ConsumedLiquidity
{
    private readonly Dictionary<BookPlace, Size> _taken = [];

    public bool IsEmpty => _taken.Count == 0;

    public Size At(BookPlace place) => _taken.Count == 0 ? Size.Zero : _taken.GetValueOrDefault(place);

    public void Take(BookPlace place, Size size) => _taken[place] = At(place) + size;

    /// <summary>The book after a message about all of it.</summary>
    public void Show(Book book)
    {
        foreach (var place in _taken.Keys) Show(place, book); // Changing or removing what is there already is legal while walking.
    }

    /// <summary>One level after a message about it.</summary>
    public void Show(BookPlace place, Book book)
    {
        if (!_taken.TryGetValue(place, out var taken)) return;

        var shown = book.SizeAt(Outcome.Yes, place.IsBid ? Side.Buy : Side.Sell, place.Price);
        if (shown == Size.Zero) _taken.Remove(place);
        else if (shown < taken) _taken[place] = shown;
    }
}
