using System.Collections.Immutable;
using PolyArb.Domain;

namespace PolyArb.Bench.Venue;

/// <summary>Markets with their books, and which of them can be made worth a basket by one frame.</summary>
/// <param name="Pairs">Events of two questions, worth a basket of two NO legs after the Hit of this book.</param>
/// <param name="Tens">Events of ten, worth one of ten.</param>
internal sealed record MarketSet(
    ImmutableArray<Market> Markets, ImmutableArray<PreparedBook> Books, ImmutableArray<PreparedBook> Pairs, ImmutableArray<PreparedBook> Tens)
{
    /// <summary>The books that only move and never make a basket.</summary>
    public ImmutableArray<PreparedBook> Steady => [.. Books.Where(book => book.Hit.Length == 0)];

    public static MarketSet Of(int questions, int pairs, int tens)
    {
        var (markets, books) = (ImmutableArray.CreateBuilder<Market>(), ImmutableArray.CreateBuilder<PreparedBook>());
        foreach (var market in Enumerable.Range(0, questions).Select(Listing.Question))
        {
            markets.Add(market);
            books.Add(PreparedBook.Of(market.Conditions[0], Price.Cents(45), Price.Cents(50)));
        }

        return new MarketSet(markets.ToImmutable(), books.ToImmutable(), [], [])
            .With(pairs, 2, Price.Cents(1), (Bid: Price.Cents(40), Ask: Price.Cents(50), Hit: Price.Cents(47)), (Bid: Price.Cents(56), Ask: Price.Cents(62)))
            .With(tens, 10, new Price(10), (Bid: new Price(990), Ask: new Price(1_600), Hit: new Price(1_490)), (Bid: new Price(990), Ask: new Price(1_090)));
    }

    /// <summary>Events whose bids add up to a little less than a dollar, and after a hit to a little more.</summary>
    private MarketSet With(int count, int questions, Price tick, (Price Bid, Price Ask, Price Hit) first, (Price Bid, Price Ask) others)
    {
        var (markets, books, hits) = (Markets.ToBuilder(), Books.ToBuilder(), ImmutableArray.CreateBuilder<PreparedBook>());
        for (var number = 0; number < count; number++)
        {
            var market = Listing.Event(number, questions, tick);
            markets.Add(market);
            hits.Add(PreparedBook.Of(market.Conditions[0], first.Bid, first.Ask, first.Hit));
            books.Add(hits[^1]);
            foreach (var condition in market.Conditions.Skip(1)) books.Add(PreparedBook.Of(condition, others.Bid, others.Ask));
        }

        var made = this with { Markets = markets.ToImmutable(), Books = books.ToImmutable() };
        return questions == 2 ? made with { Pairs = hits.ToImmutable() } : made with { Tens = hits.ToImmutable() };
    }
}
