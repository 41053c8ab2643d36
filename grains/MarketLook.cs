using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>What a reader is shown of a desk and its books. Between two turns of the desk, so that a book is never seen half changed.</summary>
internal static class MarketLook
{
    public static MarketView Summary(MarketDesk desk, long session) => new(
        desk.Market.Id, desk.Market.Title, desk.Books.Count,
        desk.Books.Count(book => book.Life is BookLife.Synced), desk.Books.Count(book => book.Life is not BookLife.Synced && !book.Condition.IsClosed),
        desk.Proofs, desk.Phantoms.Episodes.ToImmutableDictionary(), desk.Events, desk.Turns, desk.Detected, desk.HasOpen, session, desk.Digest.Head,
        desk.LateSnapshots,
        new GuardsView(
            desk.Phantoms.Lasted.ToImmutableDictionary(cause => cause.Key, cause => cause.Value.TotalSeconds), desk.Guards.Buffer,
            desk.Guards.Decay.Expected, desk.Guards.Decay.Earned, desk.Guards.PickedOff.Count));

    /// <param name="desk">Null: nobody follows the market.</param>
    /// <param name="levels">A side.</param>
    public static MarketBooks At(MarketId market, MarketDesk? desk, int levels, Instant now)
    {
        if (desk is null) return new MarketBooks(market, "", NegRisk: false, now, [], null, null);

        var found = desk.Peek(now) is { } basket ? new FoundBasket(basket.Kind, basket.Quantity, basket.Outlay, basket.Profit, basket.Edge) : null;
        return new MarketBooks(
            market, desk.Market.Title, desk.Market.NegRisk, now, [.. desk.Books.Select(book => Ladder(book, levels))], desk.Look(now), found);
    }

    private static BookLadder Ladder(ConditionBook book, int levels)
    {
        var yes = book.Book.Yes;
        return new BookLadder(
            book.Condition.Id, book.Condition.Question, book.Condition.Yes, book.Condition.No, book.Life, book.Cause, book.Proof, book.LooksTrusted,
            book.Book.IsCrossed, book.Proofs, book.Tick, book.LastTrade, book.UpdatedAt, book.Book.LevelCount, Top(yes.Bids, levels), Top(yes.Asks, levels));
    }

    private static ImmutableArray<Level> Top(BookSide side, int levels)
    {
        var top = ImmutableArray.CreateBuilder<Level>(Math.Min(side.Count, levels));
        for (var n = 0; n < top.Capacity; n++) top.Add(side.FromTop(n));
        return top.ToImmutable();
    }
}
