using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>The edge that a person is shown although it is not traded.</summary>
public class EdgeLookTests
{
    private static readonly EdgePolicy Policy = Given.Policy with { FailureBuffer = Usd.Parse("0.002") };

    /// <summary>The worked examples of docs/edge.md, and the one whose fee kills it: here each leg's fee is rounded up.</summary>
    [Theory]
    [InlineData(40_000, "0.6 0.62 0.65", "2 1.87 0.028124 0.002 0.099876", true)]
    [InlineData(70_000, "0.5 0.46", "1 0.96 0.034888 0.002 0.003112", false)]
    [InlineData(72_000, "0.48 0.49", "1 0.97 0.035965 0.002 -0.007965", false)]
    public void NOs_show_their_terms_whether_they_clear_or_not(int rate, string prices, string terms, bool clears)
    {
        var books = prices.Split(' ').Select((price, i) =>
            Given.NoAsks(Given.Condition(i) with { Fee = new FeeCurve(rate, 1) }, (Price.Parse(price).Ticks / 100, 100))).ToArray();

        var look = Look(Policy, books)!;

        Assert.Equal((BasketKind.No, clears, true, Usd.Cents(1)), (look.Kind, look.Clears, look.IsTrusted, look.Threshold));
        Assert.Equal(terms, string.Join(' ', look.Terms.Payout, look.Terms.Best, look.Terms.Fees, look.Terms.Buffer, look.Terms.Executable));
        Assert.Equal(
            prices.Split(' ').Select(Price.Parse).Order().Select(price => (Outcome.No, new Level(price, Size.Shares(100)))),
            look.Legs.Select(leg => (leg.Outcome, leg.Best)));
    }

    [Fact]
    public void A_leg_that_costs_more_than_it_adds_is_left_out_but_two_make_a_set()
    {
        var fee = new FeeCurve(50_000, 1);
        ConditionBook Of(int number, int cents) => Given.NoAsks(Given.Condition(number) with { Fee = fee }, (cents, 100));

        Assert.Equal(2, Look(Policy, Of(0, 60), Of(1, 62), Of(2, 100))!.Legs.Length);
        Assert.Equal(3, Look(Policy, Of(0, 60), Of(1, 62), Of(2, 99))!.Legs.Length);
        Assert.Equal(2, Look(Policy, Of(0, 100), Of(1, 100))!.Legs.Length);
        Assert.Null(Look(Policy, Of(0, 60)));
    }

    [Fact]
    public void A_pair_costs_a_dollar_and_the_spread()
    {
        var condition = Given.Condition(negRisk: false);
        var book = Given.Book(condition, [(40, 10)], [(43, 20)]);

        var look = EdgeLook.Nearest(Given.Single(condition), [book], Policy, Usd.Zero, Given.Noon)!;

        Assert.Equal((BasketKind.Pair, Usd.Parse("1.03"), Usd.Parse("-0.032")), (look.Kind, look.Terms.Best, look.Terms.Executable));
    }

    [Fact]
    public void All_YES_is_looked_at_only_in_events_that_are_vouched_for()
    {
        ConditionBook[] books = [Given.Book(Given.Condition(0), [], [(30, 100)]), Given.Book(Given.Condition(1), [], [(60, 100)])];

        Assert.Null(Look(Policy, books));
        Assert.Equal((BasketKind.AllYes, Usd.Parse("0.098")), Look(Policy with { AllYes = [Given.Event] }, books) is { } look ? (look.Kind, look.Terms.Executable) : default);
    }

    [Fact]
    public void A_book_that_is_not_whole_or_has_no_fee_is_not_looked_at_and_one_that_failed_is_not_trusted()
    {
        var lost = Given.NoAsks(Given.Condition(0), (45, 100));
        lost.Lose("gap");
        Assert.Null(Look(Policy, lost, Given.NoAsks(Given.Condition(1), (45, 100))));
        Assert.Null(Look(Policy, Given.NoAsks(Given.Condition(0) with { Fee = null }, (45, 100)), Given.NoAsks(Given.Condition(1), (45, 100))));

        var venue = new VenueBook(Given.Condition(0));
        venue.Set(Outcome.Yes, Side.Buy, 55, 100);
        var failed = new ConditionBook(Given.Condition(0), BookFormat.Of(Given.Condition(0)));
        failed.Apply(venue.Snapshot(), Given.Noon);
        venue.Set(Outcome.Yes, Side.Buy, 30, 7); // Nobody tells.
        failed.Apply(venue.Change(Outcome.Yes, Side.Buy, 31, 7), Given.Noon);
        failed.Expire(Given.After(1), TimeSpan.FromMilliseconds(250));
        Assert.Equal(false, Look(Policy, failed, Given.NoAsks(Given.Condition(1), (45, 100)))?.IsTrusted);
    }

    /// <summary>With hashes that are compared only for a trade, a look compares for itself.</summary>
    [Fact]
    public void Looking_leaves_a_desk_as_it_was()
    {
        var policy = Given.Policy with { ProofCheck = ProofCheck.BeforeTrade };
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(), policy, null));
        foreach (var number in (int[])[0, 1])
        {
            var venue = new VenueBook(Given.Condition(number));
            venue.Set(Outcome.Yes, Side.Buy, 40, 100);
            var snapshot = venue.Snapshot();
            venue.Ms++;
            desk.Turn([Given.Input(number, Given.Noon, snapshot, venue.Change(Outcome.Yes, Side.Buy, 41, 10))], Given.Noon);
        }

        var before = (desk.Digest.Head, desk.Turns, desk.Detected, desk.Proofs);
        Assert.True(desk.Look(Given.Noon)!.IsTrusted);
        Assert.Null(desk.Peek(Given.Noon));

        Assert.Equal(before, (desk.Digest.Head, desk.Turns, desk.Detected, desk.Proofs));
        Assert.All(desk.Books, book => Assert.Equal(ProofState.Unchecked, book.Proof));
    }

    private static EdgeLook? Look(EdgePolicy policy, params ConditionBook[] books) =>
        EdgeLook.Nearest(Given.Market([.. books.Select(book => book.Condition)]), books, policy, Usd.Zero, Given.Noon);
}
