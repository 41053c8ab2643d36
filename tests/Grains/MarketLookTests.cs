using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>What a market shows of its books while it goes about its business.</summary>
public class MarketLookTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_tokens_are_shown_best_first_with_their_proof()
    {
        await using var cluster = await ScriptedCluster.Start();
        Assert.Empty((await cluster.Market.Books(5)).Books); // Nobody follows it.
        await Follow(cluster, bidCents: 40);

        var books = await cluster.Market.Books(2);

        var ladder = Assert.Single(books.Books, book => book.Condition == Given.Condition(0).Id);
        Assert.Equal((BookLife.Synced, ProofState.Proven, true, false, new ProofCounts(1, 0, 0), 4), (ladder.Life, ladder.Proof, ladder.IsTrusted, ladder.IsCrossed, ladder.Proofs, ladder.Levels));
        Assert.Equal([Given.Level(40, 100), Given.Level(39, 50)], ladder.Of(Outcome.Yes).Bids);
        Assert.Equal([Given.Level(45, 70)], ladder.Of(Outcome.Yes).Asks);
        Assert.Equal([Given.Level(55, 70)], ladder.Of(Outcome.No).Bids);
        Assert.Equal([Given.Level(60, 100), Given.Level(61, 50)], ladder.Of(Outcome.No).Asks);
        Assert.Equal((BasketKind.Pair, Usd.Parse("-0.05")), (books.Edge!.Kind, books.Edge.Terms.Executable));
        Assert.Null(books.Found);
    }

    /// <summary>The market waits for the portfolio's word about a basket; a reader is answered meanwhile, and does not hold it up.</summary>
    [Fact]
    public async Task A_reader_is_answered_in_the_middle_of_a_turn()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Calls.Hold(nameof(IPortfolioGrain.Reserve));
        var turn = Follow(cluster, bidCents: 60);
        await cluster.Calls.Held.WaitAsync(Deadline, Cancellation);

        var (books, view) = (await cluster.Market.Books(5).WaitAsync(Deadline, Cancellation), await cluster.Market.View().WaitAsync(Deadline, Cancellation));

        Assert.False(turn.IsCompleted);
        Assert.Equal((BasketKind.No, Usd.Parse("0.2"), true), (books.Edge!.Kind, books.Edge.Terms.Executable, books.Edge.Clears));
        Assert.Equal((Size.Shares(200), 1L), (books.Found!.Quantity, view.Detected));
        cluster.Calls.LetGo();
        await turn.WaitAsync(Deadline, Cancellation);
    }

    private static async Task Follow(ScriptedCluster cluster, int bidCents)
    {
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        var session = (await cluster.Market.View()).Session;
        var updates = new List<BookUpdate>();
        foreach (var number in (int[])[0, 1])
        {
            var venue = new VenueBook(Given.Condition(number));
            venue.Set(Outcome.Yes, Side.Buy, bidCents, 100);
            venue.Set(Outcome.Yes, Side.Buy, bidCents - 1, 50);
            venue.Set(Outcome.Yes, Side.Buy, bidCents - 2, 50);
            venue.Set(Outcome.Yes, Side.Sell, bidCents + 5, 70);
            updates.Add(venue.Snapshot());
        }

        await cluster.Market.Apply(session, [new FeedInput(1, TimeProvider.System.Now(), 1, [.. updates], null)]);
    }
}
