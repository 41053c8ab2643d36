using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Replay;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>Hashes that are compared only when a book is to be traded on.</summary>
public class ProofBeforeTradeTests
{
    private static readonly EdgePolicy Lazy = Given.Policy with { ProofCheck = ProofCheck.BeforeTrade };

    private readonly VenueBook _venue = new(Given.Condition());
    private readonly ConditionBook _book = new(Given.Condition(), BookFormat.Of(Given.Condition()), ProofCheck.BeforeTrade);

    public ProofBeforeTradeTests()
    {
        _venue.Set(Outcome.Yes, Side.Buy, 40, 100);
        _book.Apply(_venue.Snapshot(), Given.Noon);
    }

    [Fact]
    public void A_change_is_compared_when_somebody_asks_and_once()
    {
        for (var change = 0; change < 5; change++) Change(41 + change);
        Assert.Equal((ProofState.Unchecked, true, new ProofCounts(1, 0, 0)), (_book.Proof, _book.MayBeTrusted, _book.Proofs));

        Assert.True(_book.Prove());
        Assert.True(_book.Prove());
        Assert.Equal((ProofState.Proven, new ProofCounts(2, 0, 0)), (_book.Proof, _book.Proofs));
    }

    [Fact]
    public void A_book_that_does_not_fit_is_found_out_when_somebody_asks()
    {
        Change(41);
        _venue.Set(Outcome.Yes, Side.Buy, 30, 7); // Something that we did not hear of.
        Change(42);
        Assert.True(_book.MayBeTrusted);

        Assert.False(_book.Prove());
        Assert.Equal(ProofState.Unsettled, _book.Proof);
        _book.Expire(Given.After(1), TimeSpan.FromMilliseconds(250));
        Assert.Equal((ProofState.Failed, new ProofCounts(1, 1, 0)), (_book.Proof, _book.Proofs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_only_looks_is_told_the_same_and_changes_nothing(bool fits)
    {
        Change(41);
        if (!fits) _venue.Set(Outcome.Yes, Side.Buy, 30, 7); // Something that we did not hear of.
        Change(42);
        Assert.Equal(fits, _book.LooksTrusted);
        Assert.Equal((ProofState.Unchecked, new ProofCounts(1, 0, 0), "0.500"), (_book.Proof, _book.Proofs, _book.LastTrade));

        Assert.Equal(fits, _book.Prove());
        Assert.Equal(fits, _book.LooksTrusted);
    }

    /// <summary>Marks and the capture curve are no turns: what they look at stays as the desk left it.</summary>
    [Fact]
    public void Neither_a_mark_nor_a_peek_compares_for_the_desk()
    {
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(Given.Condition(), Given.Condition(1)), Lazy));
        desk.Hear(0, Given.Noon, [_venue.Snapshot()], gap: null, Given.Noon);
        desk.EndTurn(Given.Noon);
        _venue.Ms++;
        desk.Hear(0, Given.Noon, [_venue.Change(Outcome.Yes, Side.Buy, 41, 10)], gap: null, Given.Noon);
        var keeper = new PolyArb.Domain.Risk.MarkKeeper(desk, Lazy);
        keeper.Hear(new DeskInput.News(1, [], [new PolyArb.Domain.Orders.Stock(Given.Yes(), PolyArb.Domain.Size.Shares(10), Usd.Dollars(4))]));

        var before = desk.Books.Select(book => (book.Proof, book.Proofs)).ToArray();
        Assert.Single(keeper.Due(Given.Noon)!.Tokens);
        desk.Peek(Lazy, Given.Noon);
        Assert.Equal(before, desk.Books.Select(book => (book.Proof, book.Proofs)));
        Assert.Equal(ProofState.Unchecked, desk.Books[0].Proof);
    }

    /// <summary>Losses are counted by the bids of what is held: a book that is wrong must not stay so because nobody wants to trade.</summary>
    [Fact]
    public void The_book_of_what_is_held_is_compared_by_the_clock_and_fetched_again_when_it_is_wrong()
    {
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(Given.Condition(), Given.Condition(1)), Lazy));
        desk.Turn([Given.Input(1, Given.Noon, _venue.Snapshot())], Given.Noon);
        _venue.Ms++;
        _venue.Set(Outcome.Yes, Side.Buy, 30, 7); // Something that we did not hear of.
        var wrong = _venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        desk.Turn([Given.Input(2, Given.Noon, wrong)], Given.Noon);
        Assert.False(desk.WaitsForTime(Given.After(1)) || desk.MayWaitForTime);

        desk.Turn(new DeskInput.News(1, [], [new PolyArb.Domain.Orders.Stock(Given.Yes(), PolyArb.Domain.Size.Shares(10), Usd.Dollars(4))]), "news", Given.Noon);
        Assert.True(desk.WaitsForTime(Given.Noon) && desk.MayWaitForTime);
        desk.Turn(new DeskInput.Tick(), "tick", Given.After(0.1));
        Assert.Equal(ProofState.Unsettled, desk.Books[0].Proof);
        desk.Turn(new DeskInput.Tick(), "tick", Given.After(10));
        Assert.True(desk.WantsSnapshot);
    }

    [Fact]
    public void What_was_lost_is_not_compared_with_an_older_hash()
    {
        Change(41);
        _book.Lose("reconnect");
        _book.Apply(_venue.Snapshot(), Given.Noon);

        Assert.True(_book.Prove());
        Assert.Equal(new ProofCounts(2, 0, 0), _book.Proofs);
    }

    /// <summary>Prints tell the last trade that a later hash holds.</summary>
    [Fact]
    public void A_trade_between_two_looks_does_not_matter()
    {
        _venue.LastTrade = "0.410";
        Change(41);
        _book.Apply(BookUpdate.Trade(Given.Condition().Id, Given.Yes(), _venue.Ms, Price.Cents(41), Size.Shares(1), Side.Buy), Given.Noon);
        Change(60);
        Assert.True(_book.Prove());
    }

    /// <summary>Where the venue's hashes are true, comparing them later changes no decision.</summary>
    [Fact]
    public void A_day_of_true_hashes_is_decided_alike()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var recorded = Recorded.Random(seed);
            var (always, lazy) = (recorded.Play(), recorded.Play(Recorded.Rules with { Edge = Lazy }));
            Assert.NotEmpty(always.Decisions);
            Assert.Equal(always.Decisions, lazy.Decisions);
            Assert.True(lazy.Result.Coverage.Proofs.Ok < always.Result.Coverage.Proofs.Ok, $"seed {seed}");
        }
    }

    /// <summary>An edge on a book that fails is a phantom and nothing else, in either way.</summary>
    [Theory]
    [InlineData(ProofCheck.Always)]
    [InlineData(ProofCheck.BeforeTrade)]
    public void An_edge_on_a_book_that_does_not_fit_is_never_traded(ProofCheck check)
    {
        var recorded = new Recorded().Begin();
        recorded.Books[1].Set(Outcome.Yes, Side.Buy, 30, 7); // Nobody told us.
        recorded.Edge(1).Bid(2, 1).Bid(3, 1);

        var result = recorded.Play(Recorded.Rules with { Edge = Given.Policy with { ProofCheck = check } }).Result;
        Assert.Empty(result.Baskets);
        Assert.Contains(result.Phantoms, phantom => phantom.Cause is PolyArb.Domain.Guards.PhantomLog.FailedProof);
    }

    /// <summary>Ten seconds of small bids that nothing is to be traded on: whole all the time, proven by the two snapshots and nothing else.</summary>
    [Fact]
    public void What_nobody_compared_is_counted_and_not_called_proven()
    {
        var recorded = new Recorded().Begin();
        for (var second = 1; second <= 10; second++) recorded.Bid(second, 0);

        var (always, lazy) = (recorded.Play().Result.Coverage, recorded.Play(Recorded.Rules with { Edge = Lazy }).Result.Coverage);
        Assert.Equal((true, 0L, 12L), (always.IsProven, always.Unchecked, always.Proofs.Ok));
        Assert.Equal((false, 10L, 2L), (lazy.IsProven, lazy.Unchecked, lazy.Proofs.Ok));
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)), (always.Whole, lazy.Whole));
    }

    /// <summary>A second of doubt, from the look that found it out until the snapshot; a later change that nobody compared heals nothing.</summary>
    [Fact]
    public void A_book_is_not_whole_from_a_proof_that_failed_until_one_that_holds()
    {
        var recorded = new Recorded().Begin();
        recorded.Books[1].Set(Outcome.Yes, Side.Buy, 30, 7); // Nobody told us.
        recorded.Edge(1).NoEdge(3).Bid(4, 1).Frame(5, recorded.Books[1].Snapshot()).Bid(10, 0);

        var coverage = recorded.Play(Recorded.Rules with { Edge = Lazy }).Result.Coverage;
        Assert.Equal(TimeSpan.FromSeconds(20), coverage.Watched);
        Assert.InRange(coverage.Whole, TimeSpan.FromSeconds(16.2), TimeSpan.FromSeconds(16.6)); // An update has 250 ms to settle.
    }

    /// <summary>All YES of an event is bought as a whole or not at all, also when one of its books turns out not to fit at the last moment.</summary>
    [Fact]
    public void An_all_yes_basket_with_a_book_that_does_not_fit_is_not_bought_in_part()
    {
        var recorded = new Recorded(Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2)));
        foreach (var book in recorded.Books)
        {
            book.Set(Outcome.Yes, Side.Sell, 30, 100);
            recorded.Frame(0, book.Snapshot());
        }

        recorded.Books[2].Set(Outcome.Yes, Side.Buy, 10, 7); // Nobody told us.
        var edge = Lazy with { AllYes = [recorded.Market.Id] };
        Assert.NotEmpty(recorded.Play(Recorded.Rules with { Edge = edge }).Result.Baskets);

        recorded.Bid(0, 2);
        Assert.Empty(recorded.Play(Recorded.Rules with { Edge = edge }).Result.Baskets);
    }

    private void Change(int cents)
    {
        _venue.Ms++;
        _book.Apply(_venue.Change(Outcome.Yes, Side.Buy, cents, 10), Given.Noon);
    }
}
