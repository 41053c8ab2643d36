using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class EdgeEvaluatorTests
{
    private static readonly FeeCurve Fee = new(50_000, 1);

    /// <summary>executable = payout - sum(best) - fees - slippage - buffer; 100 shares of 45 and 44 cents at rate 0.05.</summary>
    [Fact]
    public void Two_legs_make_the_customers_formula_term_by_term()
    {
        var policy = Given.Policy with { FailureBuffer = Usd.Cents(1) };
        var basket = Best(policy, Given.NoAsks(WithFee(0), (45, 100)), Given.NoAsks(WithFee(1), (44, 100)))!;

        Assert.Equal(Usd.Dollars(1), basket.Edge.Payout);
        Assert.Equal(Usd.Cents(89), basket.Edge.Best);
        Assert.Equal(Usd.Parse("0.024695"), basket.Edge.Fees); // 0.05 x (0.2475 + 0.2464)
        Assert.Equal(Usd.Zero, basket.Edge.Slippage);
        Assert.Equal(Usd.Cents(1), basket.Edge.Buffer);
        Assert.Equal(Usd.Parse("0.075305"), basket.Edge.Executable);
        Assert.Equal(Size.Shares(100), basket.Quantity);
        Assert.Equal(Usd.Parse("91.4695"), basket.Outlay);
    }

    [Fact]
    public void Slippage_is_average_minus_best_over_all_legs()
    {
        var basket = Best(Given.Policy, Given.NoAsks(Given.Condition(0), (45, 50), (47, 50)), Given.NoAsks(Given.Condition(1), (45, 100)))!;
        Assert.Equal(Size.Shares(100), basket.Quantity);
        Assert.Equal(Usd.Cents(1), basket.Edge.Slippage);
        Assert.Equal(Usd.Cents(9), basket.Edge.Executable);
    }

    [Fact]
    public void Yes_and_no_of_one_book_are_a_pair_when_it_is_crossed()
    {
        var found = EdgeEvaluator.Find([Given.Book(Given.Condition(negRisk: false), [(55, 10)], [(44, 10)])], Given.Single(Given.Condition()), Given.Policy).Single();
        Assert.Equal((BasketKind.Pair, 1), (found.Kind, found.PayoutDollars));
        Assert.Equal([Outcome.Yes, Outcome.No], found.Legs.Select(leg => leg.Outcome));
    }

    [Fact]
    public void A_no_basket_takes_the_legs_whose_yes_bid_exceeds_their_cost_and_pays_one_less_than_their_number()
    {
        var candidate = Find(
            Given.Policy,
            Given.NoAsks(WithFee(0), (60, 100)), Given.NoAsks(WithFee(1), (62, 100)), Given.NoAsks(WithFee(2), (65, 100)),
            Given.NoAsks(WithFee(3), (99, 100)))!;

        Assert.Equal((BasketKind.No, 4, 3), (candidate.Kind, candidate.Legs.Length, candidate.PayoutDollars));
        Assert.All(candidate.Legs, leg => Assert.Equal(Outcome.No, leg.Outcome));
        Assert.All(candidate.Legs, leg => Assert.True(leg.BestCost < 1_000_000));
    }

    [Fact]
    public void A_leg_whose_fee_eats_its_yes_bid_is_left_out()
    {
        var candidate = Find(
            Given.Policy, Given.NoAsks(Given.Condition(0), (60, 100)), Given.NoAsks(Given.Condition(1), (35, 100)),
            Given.NoAsks(Given.Condition(2) with { Fee = new FeeCurve(2_000_000, 1) }, (99, 100)))!; // 0.99 + 2 x 0.0099 > 1
        Assert.Equal([Given.Condition(1).Id, Given.Condition(0).Id], candidate.Legs.Select(leg => leg.Book.Condition.Id));
    }

    [Fact]
    public void Too_many_legs_leave_the_dearest_out()
    {
        var candidate = Find(
            Given.Policy with { MaxLegs = 2 }, Given.NoAsks(Given.Condition(0), (60, 9)), Given.NoAsks(Given.Condition(1), (30, 9)),
            Given.NoAsks(Given.Condition(2), (31, 9)))!;
        Assert.Equal([Given.Condition(1).Id, Given.Condition(2).Id], candidate.Legs.Select(leg => leg.Book.Condition.Id));
        Assert.Equal(1, candidate.PayoutDollars);
    }

    [Fact]
    public void One_leg_is_no_basket() => Assert.Null(Find(Given.Policy, Given.NoAsks(Given.Condition(0), (1, 100))));

    public static TheoryData<string, Condition, bool> Guards => new()
    {
        { "closed", Given.Condition(1) with { IsTradable = false }, false },
        { "unknown fee", Given.Condition(1) with { Fee = null }, false },
        { "delayed", Given.Condition(1) with { DelaysTakers = true }, false },
        { "delayed, allowed", Given.Condition(1) with { DelaysTakers = true }, true },
        { "plain", Given.Condition(1), true },
    };

    [Theory]
    [MemberData(nameof(Guards))]
    public void A_leg_that_may_not_be_traded_is_not(string name, Condition condition, bool trades)
    {
        var policy = Given.Policy with { AllowDelayed = name.EndsWith("allowed", StringComparison.Ordinal) };
        Assert.Equal(trades, Find(policy, Given.NoAsks(Given.Condition(0), (45, 100)), Given.NoAsks(condition, (45, 100))) is not null);
    }

    [Fact]
    public void A_stale_book_is_not_used()
    {
        var stale = Given.NoAsks(Given.Condition(1), (45, 100));
        stale.Lose("gap");
        Assert.Null(Find(Given.Policy, Given.NoAsks(Given.Condition(0), (45, 100)), stale));
    }

    [Theory]
    [InlineData(49, 50, false)] // Exactly the threshold of 1 cent is not above it.
    [InlineData(49, 49, true)]
    public void Only_an_edge_above_the_threshold_counts(int first, int second, bool counts) =>
        Assert.Equal(counts, Find(Given.Policy, Given.NoAsks(Given.Condition(0), (first, 100)), Given.NoAsks(Given.Condition(1), (second, 100))) is not null);

    [Fact]
    public void The_best_candidate_comes_first()
    {
        var found = EdgeEvaluator.Find(YesAsks(30, 30, 30), Given.Market([.. Conditions(3)]), AllYes()).ToArray();
        Assert.Equal(BasketKind.AllYes, found[0].Kind);
        Assert.Equal((3, 1), (found[0].Legs.Length, found[0].PayoutDollars));
        Assert.All(found[0].Legs, leg => Assert.Equal(Outcome.Yes, leg.Outcome));
    }

    [Theory]
    [InlineData(true, 0, 1, 2, true)]
    [InlineData(false, 0, 1, 2, false)]
    [InlineData(true, 0, 1, 3, false)]
    [InlineData(true, 1, 2, 3, false)]
    [InlineData(true, 0, 1, null, false)]
    public void All_yes_only_when_listed_and_without_a_gap(bool listed, int a, int b, int? c, bool found)
    {
        Condition[] conditions = [
            Given.Condition(0) with { QuestionIndex = a }, Given.Condition(1) with { QuestionIndex = b }, Given.Condition(2) with { QuestionIndex = c }];
        var books = conditions.Select(condition => Given.Book(condition, [], [(30, 100)])).ToArray();
        Assert.Equal(found, EdgeEvaluator.Find(books, Given.Market(conditions), listed ? AllYes() : Given.Policy).Any());
    }

    /// <summary>An event is vouched for, but a condition that was never read leaves no gap when it is the last.</summary>
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public void All_yes_only_of_a_whole_event_without_an_Other(bool isWhole, bool isAugmented, bool found)
    {
        var market = Given.Market([.. Conditions(3)]) with { IsWhole = isWhole, IsAugmented = isAugmented };

        Assert.Equal(found, EdgeEvaluator.Find(YesAsks(30, 30, 30), market, AllYes()).Any());
        ConditionBook[] noAsks = [.. Conditions(3).Select(condition => Given.NoAsks(condition, (45, 100)))];
        Assert.Equal(BasketKind.No, EdgeEvaluator.Find(noAsks, market, AllYes()).First().Kind);
    }

    [Fact]
    public void All_yes_needs_every_leg_of_the_event_not_just_the_books_at_hand()
    {
        var books = YesAsks(30, 30, 30);
        Assert.Empty(EdgeEvaluator.Find(books.Take(2).ToArray(), Given.Market([.. Conditions(3)]), AllYes()));

        books[2].Lose("gap");
        Assert.Empty(EdgeEvaluator.Find(books, Given.Market([.. Conditions(3)]), AllYes()));
        Assert.Empty(EdgeEvaluator.Find(YesAsks(30, 30, 30), Given.Market([.. Conditions(3)]), AllYes() with { MaxLegs = 2 }));
    }

    private static EdgePolicy AllYes() => Given.Policy with { AllYes = [Given.Event] };

    private static IEnumerable<Condition> Conditions(int count) => Enumerable.Range(0, count).Select(number => Given.Condition(number));

    private static ConditionBook[] YesAsks(params int[] cents) => [.. cents.Select((price, number) => Given.Book(Given.Condition(number), [], [(price, 100)]))];

    private static Condition WithFee(int number) => Given.Condition(number) with { Fee = Fee };

    private static Candidate? Find(EdgePolicy policy, params ConditionBook[] books) =>
        EdgeEvaluator.Find(books, Given.Market([.. books.Select(book => book.Condition)]), policy).FirstOrDefault();

    private static Basket? Best(EdgePolicy policy, params ConditionBook[] books) =>
        Find(policy, books) is { } candidate ? BasketSizer.Best(candidate, Given.Event, policy, new BasketId("b-1"), Given.Noon) : null;
}
