using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class GuardTests
{
    private static readonly GuardPolicy Policy = Given.Policy.Guards with
    {
        SlippageWindow = 20,
        DecayMinTrades = 3,
        DecayWindow = 4,
        PickedOffCount = 2,
    };

    /// <summary>Of 20 fills the p95 is the nineteenth: one that was 5 cents off does not count, a second one does.</summary>
    [Fact]
    public void The_buffer_is_so_many_times_the_p95_of_the_slippage_and_never_below_its_baseline()
    {
        var guards = new DeskGuards(Policy, Usd.Parse("0.002"));
        Hear(guards, 18, money: 45);
        Assert.Equal(Usd.Parse("0.002"), guards.Buffer);

        Hear(guards, 1, money: 50);
        Hear(guards, 1, money: 45);
        Assert.Equal(Usd.Parse("0.002"), guards.Buffer);

        Hear(guards, 1, money: 40); // Better than expected is as far off as worse.
        Assert.Equal(Usd.Parse("0.075"), guards.Buffer);

        Hear(guards, 20, money: 45);
        Assert.Equal(Usd.Parse("0.002"), guards.Buffer);
    }

    [Fact]
    public void Fees_are_not_slippage_and_an_order_counts_once_when_its_trades_are_told()
    {
        var guards = new DeskGuards(Policy, Usd.Zero);
        var untold = Order(0, money: 0) with { Paid = Size.Zero };
        var told = Order(0, money: 46) with { Fees = Usd.Dollars(1) };
        Hear(guards, [], [Open(untold)]);
        Hear(guards, [Open(untold)], [Open(told)]);
        Hear(guards, [Open(told)], [Open(told)]);
        Assert.Equal(Usd.Zero, guards.Buffer);

        Hear(guards, [], [Open(Order(1, money: 47) with { Fees = Usd.Dollars(1) })]);
        Assert.Equal(Usd.Parse("0.015"), guards.Buffer);
    }

    /// <summary>Ten dollars were expected of each basket; less than half of that on the average is decay.</summary>
    [Theory]
    [InlineData(false, 10, -100)] // Too few to judge.
    [InlineData(false, 5, 5, 5)]
    [InlineData(true, 5, 5, 4)]
    [InlineData(true, 10, 10, 10, -11)]
    [InlineData(false, -100, 10, 10, 10, 10)] // Out of the window.
    public void A_market_whose_edges_melt_is_decayed(bool isDecayed, params int[] earned)
    {
        var decay = new EdgeDecay(Policy);
        foreach (var dollars in earned) decay.Observe(new JudgedBasket(Usd.Dollars(10), Usd.Dollars(dollars)));
        Assert.Equal(isDecayed, decay.IsDecayed);
    }

    /// <summary>A basket of 100 at 90 dollars that pays 100; sold excess and completions show in what it earned, shares left over do not.</summary>
    [Fact]
    public void A_basket_is_judged_when_it_is_gone_by_what_it_earned()
    {
        var guards = new DeskGuards(Policy, Usd.Zero);
        Hear(guards, [Open(Order(0, 45), Order(1, 45))], []);
        Assert.Equal((1, Usd.Dollars(10), Usd.Dollars(10)), (guards.Decay.Baskets, guards.Decay.Expected, guards.Decay.Earned));

        Hear(guards, [Open(Order(0, 45), Order(1, 27) with { Matched = Size.Shares(60), Paid = Size.Shares(60) })], []);
        Assert.Equal((2, Usd.Dollars(16)), (guards.Decay.Baskets, guards.Decay.Earned));

        Hear(guards, [Open(Order(0, 0) with { Matched = Size.Zero, Paid = Size.Zero }, Order(1, 0) with { Matched = Size.Zero, Paid = Size.Zero })], []);
        Assert.Equal(2, guards.Decay.Baskets); // Nothing filled, nothing learned.
    }

    [Fact]
    public void Quotes_are_judged_by_the_part_that_was_taken()
    {
        var taken = Open(Part(0), Part(1));
        var quotes = taken with { Basket = taken.Basket with { Style = BasketStyle.Maker } };
        Assert.Equal((Usd.Dollars(10), Usd.Dollars(4)), (JudgedBasket.Of(taken)!.Expected, JudgedBasket.Of(taken)!.Earned));
        Assert.Equal((Usd.Dollars(4), Usd.Dollars(4)), (JudgedBasket.Of(quotes)!.Expected, JudgedBasket.Of(quotes)!.Earned));

        static LegNews Part(int leg) => Order(leg, 18) with { Matched = Size.Shares(40), Paid = Size.Shares(40) };
    }

    /// <summary>Bought at 45: a quarter of a second later somebody asks 44.</summary>
    [Theory]
    [InlineData(Side.Buy, 43, 44, 0.25, 1)]
    [InlineData(Side.Buy, 43, 44, 0.251, 0)]
    [InlineData(Side.Buy, 44, 45, 0.1, 0)]
    [InlineData(Side.Sell, 46, 48, 0.1, 1)]
    [InlineData(Side.Sell, 45, 48, 0.1, 0)]
    public void A_price_that_runs_away_from_a_fresh_fill_picked_us_off(Side side, int bid, int ask, double after, int count)
    {
        var watch = new PickedOff(Policy);
        var books = Books(Given.Book(Given.Condition(), [(bid, 10)], [(ask, 10)]));
        watch.Filled(Given.Condition().Id, Outcome.Yes, side, Price.Cents(45), Given.Noon);
        watch.Look(books, Given.After(after));
        watch.Look(books, Given.After(after));
        Assert.Equal(count, watch.Count);
    }

    [Fact]
    public void A_book_that_is_not_trusted_picks_nobody_off()
    {
        var watch = new PickedOff(Policy);
        var book = Given.Book(Given.Condition(), [(43, 10)], [(44, 10)]);
        book.Lose("gap");
        watch.Filled(book.Condition.Id, Outcome.Yes, Side.Buy, Price.Cents(45), Given.Noon);
        watch.Look(Books(book), Given.Noon);
        Assert.Equal(0, watch.Count);
    }

    [Fact]
    public void So_many_within_the_window_are_a_spike()
    {
        var watch = new PickedOff(Policy);
        var books = Books(Given.Book(Given.Condition(), [(43, 10)], [(44, 10)]));
        foreach (var at in (int[])[0, 60])
        {
            Assert.False(watch.IsSpike(Given.After(at)));
            watch.Filled(Given.Condition().Id, Outcome.Yes, Side.Buy, Price.Cents(45), Given.After(at));
            watch.Look(books, Given.After(at));
        }

        Assert.True(watch.IsSpike(Given.After(60)));
        Assert.False(watch.IsSpike(Given.After(60.001)));
    }

    [Fact]
    public void A_phantom_is_an_episode_of_one_cause()
    {
        var log = new PhantomLog();
        foreach (var (cause, at) in ((string?, int)[])[(null, 0), ("skew", 1), ("skew", 2), ("crossed", 4), (null, 9), ("skew", 10), (null, 11)])
            log.Note(cause, Given.After(at));

        Assert.Equal([("crossed", 1L), ("skew", 2L)], log.Episodes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(4)), (log.Lasted["crossed"], log.Lasted["skew"]));
    }

    private static void Hear(DeskGuards guards, int times, long money)
    {
        for (var i = 0; i < times; i++) Hear(guards, [], [Open(Order(0, money))]);
    }

    private static void Hear(DeskGuards guards, ImmutableArray<OpenBasket> before, ImmutableArray<OpenBasket> after)
    {
        foreach (var open in (ImmutableArray<OpenBasket>[])[before, after]) guards.Hear(open, ImmutableDictionary<ConditionId, ConditionBook>.Empty, Given.Noon);
    }

    private static Dictionary<ConditionId, ConditionBook> Books(ConditionBook book) => new() { [book.Condition.Id] = book };

    private static OpenBasket Open(params LegNews[] orders) => new(Given.Basket(), Given.Noon, [.. orders]);

    /// <summary>100 shares expected at 45 cents.</summary>
    private static LegNews Order(int leg, long money) => new(
        new OrderId($"o{leg}"), Given.Leg(leg) with { Expected = Size.Shares(100), ExpectedAmount = Usd.Dollars(45) }, Purpose.Open, Given.Noon,
        OrderState.Confirmed, Size.Shares(100), Usd.Dollars(money), Size.Shares(100), Usd.Zero, IsClosed: true, IsMined: true, IsSettled: true, Refusal: null);
}
