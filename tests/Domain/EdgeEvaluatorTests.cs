using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class EdgeEvaluatorTests
{
    private static readonly FeeCurve Fee = new(50_000, 1);

    [Fact]
    public void Yes_and_no_of_one_book_are_a_pair_when_it_is_crossed()
    {
        var crossed = new Sized(Given.Book(Given.Condition(negRisk: false), [(55, 10)], [(44, 10)])) with { Market = Given.Single(Given.Condition()) };
        var found = crossed.Candidates.Single();
        Assert.Equal((BasketKind.Pair, Side.Buy), (found.Kind, found.Side));
        Assert.Empty((crossed with { Believed = Believed.Trusted }).Candidates);
        Assert.Equal([Outcome.Yes, Outcome.No], found.Legs.Select(leg => leg.Outcome));
    }

    [Fact]
    public void A_no_basket_takes_the_legs_whose_yes_bid_exceeds_their_cost_and_pays_one_less_than_their_number()
    {
        var basket = Best(
            Given.Policy,
            Given.NoAsks(WithFee(0), (60, 100)), Given.NoAsks(WithFee(1), (62, 100)), Given.NoAsks(WithFee(2), (65, 100)),
            Given.NoAsks(WithFee(3), (99, 100)))!;

        Assert.Equal((BasketKind.No, Side.Buy, 4, 3), (basket.Kind, basket.Side, basket.Legs.Length, basket.PayoutDollars));
        Assert.All(basket.Legs, leg => Assert.Equal((Outcome.No, Side.Buy), (leg.Outcome, leg.Side)));
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
        var basket = Best(
            Given.Policy with { MaxLegs = 2 }, Given.NoAsks(Given.Condition(0), (60, 9)), Given.NoAsks(Given.Condition(1), (30, 9)),
            Given.NoAsks(Given.Condition(2), (31, 9)))!;
        Assert.Equal([Given.Condition(1).Id, Given.Condition(2).Id], basket.Legs.Select(leg => leg.Condition));
        Assert.Equal(1, basket.PayoutDollars);
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

    /// <summary>400 of all YES that earn 10 cents each, against as many NO baskets as there are bids, that earn 5.</summary>
    [Theory]
    [InlineData(100, BasketKind.AllYes)]
    [InlineData(1_000, BasketKind.No)]
    public void The_candidate_that_earns_most_is_proposed(long bids, BasketKind kind)
    {
        ConditionBook[] books = [.. Conditions(3).Select(condition => Given.Book(condition, [(35, bids)], [(30, 400)]))];
        Assert.Equal(kind, (new Sized(books).Vouched() with { Policy = AllYes() }).Basket!.Kind);
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
        Assert.Equal(found, (new Sized(books) with { Policy = listed ? AllYes() : Given.Policy }).Candidates.Any());
    }

    /// <summary>An event is vouched for, but a condition that was never read leaves no gap when it is the last.</summary>
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public void All_yes_only_of_a_whole_event_without_an_Other(bool isWhole, bool isAugmented, bool found)
    {
        var market = Given.Market([.. Conditions(3)]) with { IsWhole = isWhole, IsAugmented = isAugmented };

        Assert.Equal(found, (new Sized(YesAsks(30, 30, 30)) with { Market = market, Policy = AllYes() }).Candidates.Any());
        ConditionBook[] noAsks = [.. Conditions(3).Select(condition => Given.NoAsks(condition, (45, 100)))];
        Assert.Equal(BasketKind.No, (new Sized(noAsks) with { Market = market, Policy = AllYes() }).Candidates.Single().Kind);
    }

    [Fact]
    public void All_yes_needs_every_leg_of_the_event_not_just_the_books_at_hand()
    {
        var books = YesAsks(30, 30, 30);
        Assert.Empty((new Sized(books[..2]) with { Market = Given.Market([.. Conditions(3)]), Policy = AllYes() }).Candidates);

        books[2].Lose("gap");
        Assert.Empty((new Sized(books) with { Policy = AllYes() }).Candidates);
        Assert.Empty((new Sized(YesAsks(30, 30, 30)) with { Policy = AllYes() with { MaxLegs = 2 } }).Candidates);
        Assert.Single((new Sized(YesAsks(30, 30, 30)) with { Policy = AllYes() }).Candidates);
    }

    /// <summary>The bids of a crossed book, so that the pair sells for more than a dollar; nothing else may be sold of one condition.</summary>
    [Theory]
    [InlineData("100", "100", true)]
    [InlineData("100", "4.99", false)]
    [InlineData("0", "100", false)]
    public void A_pair_is_sold_only_with_both_tokens_in_stock(string yes, string no, bool sold)
    {
        var condition = Given.Condition(negRisk: false);
        var books = new Sized(Given.Book(condition, [(55, 100)], [(50, 100)])) with { Market = Given.Single(condition) };
        Stock[] stocks = [new(condition.Yes, Size.Parse(yes), Usd.Zero), new(condition.No, Size.Parse(no), Usd.Zero)];
        Assert.Equal(sold, (books with { Stocks = [.. stocks] }).Of(BasketKind.Pair, Side.Sell) is not null);
    }

    [Fact]
    public void The_yes_of_any_conditions_are_sold_as_far_as_they_are_in_stock()
    {
        var event4 = new Sized([.. YesBids(50, 40, 30, 20)]);
        Assert.Null(event4.Of(BasketKind.AllYes, Side.Sell));

        var three = (event4 with { Stocks = [Of(Outcome.Yes, 0, 50), Of(Outcome.Yes, 1, 50), Of(Outcome.Yes, 2, 20), Of(Outcome.No, 3, 50), Of(Outcome.Yes, 2, 20)] });
        var basket = (three with { Policy = Given.Policy with { MinEdge = Usd.Cents(5) } }).Candidates.Single(candidate => candidate.Side is Side.Sell);
        Assert.Equal([Given.Yes(0), Given.Yes(1), Given.Yes(2)], basket.Legs.Select(leg => leg.Book.Condition.Yes));
        Assert.Equal([50, 50, 40], basket.Legs.Select(leg => leg.Stock.Micros / 1_000_000));

        var two = event4 with { Stocks = [Of(Outcome.Yes, 1, 50), Of(Outcome.Yes, 2, 50)] }; // 40 + 30 cents for what may pay a dollar.
        Assert.Null(two.Of(BasketKind.AllYes, Side.Sell));
    }

    /// <summary>Without the last NO the others could all pay.</summary>
    [Fact]
    public void The_nos_are_sold_only_all_of_them_of_an_event_that_is_vouched_for()
    {
        var asks = new Sized(YesAsks(30, 30, 30)).Holding(Outcome.No, "50");
        Assert.Null(asks.Of(BasketKind.No, Side.Sell));
        Assert.Equal(3, asks.Vouched().Of(BasketKind.No, Side.Sell)!.Legs.Length);
        Assert.Null((asks.Vouched() with { Stocks = asks.Stocks[..2] }).Of(BasketKind.No, Side.Sell));
        Assert.Null((asks.Vouched() with { Market = asks.Market with { IsAugmented = true } }).Of(BasketKind.No, Side.Sell));
    }

    [Fact]
    public void What_is_sold_is_looked_up_again_when_the_stock_changes()
    {
        var books = new Sized([.. YesBids(60, 60)]).Holding(Outcome.Yes, "50");
        var edges = new EdgeEvaluator(books.Market, books.Books, books.Policy);
        Assert.Equal([Side.Buy, Side.Sell], edges.Find(Believed.Trusted, books.Stocks, Usd.Zero).Select(candidate => candidate.Side));
        Assert.Equal([Side.Buy], edges.Find(Believed.Trusted, [], Usd.Zero).Select(candidate => candidate.Side));
    }

    [Fact]
    public void A_widened_buffer_counts_and_a_narrowed_one_does_not()
    {
        var books = new Sized(Given.NoAsks(Given.Condition(0), (45, 100)), Given.NoAsks(Given.Condition(1), (45, 100)));
        Assert.NotNull((books with { Buffer = Usd.Cents(8) }).Basket);
        Assert.Null((books with { Buffer = Usd.Cents(9) }).Basket);

        var policy = Given.Policy with { FailureBuffer = Usd.Cents(9) };
        Assert.Empty((books with { Policy = policy, Buffer = Usd.Zero }).Candidates);
        Assert.Equal(Usd.Cents(8), (books with { Buffer = Usd.Cents(8) }).Basket!.Edge.Buffer);

        var candidate = books.Candidates.Single();
        Assert.Null(BasketSizer.Best(candidate, Given.Event, policy, Usd.Zero, new BasketId("b-1"), Given.Noon));
    }

    [Fact]
    public void Only_proven_books_are_believed_unless_asked_for_all()
    {
        var crossed = Given.Book(Given.Condition(1), [(55, 100)], [(54, 100)]);
        var books = new Sized(Given.NoAsks(Given.Condition(0), (45, 100)), crossed);
        Assert.Contains(books.Candidates, candidate => candidate.Kind is BasketKind.No);
        Assert.Empty((books with { Believed = Believed.Trusted }).Candidates);
        Assert.True(new EdgeEvaluator(books.Market, books.Books, books.Policy).HasDoubts);
    }

    [Fact]
    public void What_leads_nowhere_allocates_nothing()
    {
        var books = new Sized([.. Enumerable.Range(0, 20).Select(number => Given.Book(Given.Condition(number), [(4, 100)], [(6, 100)]))]).Holding(Outcome.Yes, "50").Vouched();
        var edges = new EdgeEvaluator(books.Market, books.Books, books.Policy);
        var (found, before) = (0, 0L);
        for (var i = 0; i < 200; i++)
        {
            if (i == 100) before = GC.GetAllocatedBytesForCurrentThread();
            found += edges.Find(Believed.Trusted, books.Stocks, Usd.Zero).Count + (edges.IsUnsettled || edges.HasDoubts ? 1 : 0);
        }

        Assert.Equal((0, 0L), (found, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private static Stock Of(Outcome outcome, int number, long shares) => new(Given.Condition(number).Token(outcome), Size.Shares(shares), Usd.Zero);

    private static IEnumerable<ConditionBook> YesBids(params int[] cents) => cents.Select((price, number) => Given.Book(Given.Condition(number), [(price, 100)], []));

    private static EdgePolicy AllYes() => Given.Policy with { AllYes = [Given.Event] };

    private static IEnumerable<Condition> Conditions(int count) => Enumerable.Range(0, count).Select(number => Given.Condition(number));

    private static ConditionBook[] YesAsks(params int[] cents) => [.. cents.Select((price, number) => Given.Book(Given.Condition(number), [], [(price, 100)]))];

    private static Condition WithFee(int number) => Given.Condition(number) with { Fee = Fee };

    private static Candidate? Find(EdgePolicy policy, params ConditionBook[] books) => (new Sized(books) with { Policy = policy }).Candidates is [var first, ..] ? first : null;

    private static Basket? Best(EdgePolicy policy, params ConditionBook[] books) => (new Sized(books) with { Policy = policy }).Basket;
}
