using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>A tick of a cent, a threshold of one cent and no buffer, so the two bids may add up to 98 cents.</summary>
public class QuoterTests
{
    internal static readonly MakerPolicy Maker = new()
    {
        Markets = [],
        Size = Size.Shares(20),
        ImproveTicks = 0,
        SkewTicks = 1,
        MaxInventory = Size.Shares(100),
        MinLifetime = TimeSpan.FromSeconds(1),
    };

    [Theory]
    //          YES bid, ask, improve, held | YES, NO
    [InlineData(48, 52, 0, 0, 48, 48)] // Joins both best bids.
    [InlineData(48, 53, 1, 0, 49, 48)] // Betters both by a tick.
    [InlineData(48, 58, 2, 0, 50, 44)]
    [InlineData(49, 51, 0, 0, 49, 49)] // Just within the threshold.
    [InlineData(49, 50, 0, 0, 48, 50)] // A cent over: the first side gives way.
    [InlineData(49, 51, 1, 0, 49, 49)] // No improvement is left, whatever is allowed.
    [InlineData(50, 51, 1, 0, 49, 49)] // Never at the ask, and 99 is a cent too much.
    [InlineData(48, 52, 0, 20, 47, 48)] // Holds YES: a tick off its bid for each size held.
    [InlineData(48, 52, 0, 59, 46, 48)]
    [InlineData(48, 52, 0, 19, 48, 48)]
    [InlineData(48, 52, 0, -20, 48, 47)] // Holds NO.
    [InlineData(49, 50, 0, 20, 48, 50)] // The skew is all that had to give way.
    [InlineData(49, 50, 0, -20, 49, 49)]
    [InlineData(2, 4, 0, 0, 2, 96)]
    [InlineData(1, 2, 0, 0, 0, 0)] // 99 is a cent too much, and below a cent there is nothing.
    public void Bids_where_the_pair_keeps_its_threshold(int bid, int ask, int improve, int held, int yes, int no)
    {
        var wish = Wish(Given.Book(Given.Condition(), [(bid, 100)], [(ask, 100)]), maker: Maker with { ImproveTicks = improve }, held: held);

        if (yes == 0) Assert.Equal(QuoteRefusal.NoRoom, Refusal(wish));
        else Assert.Equal(new QuoteWish.Rest(Price.Cents(yes), Price.Cents(no), Maker.Size, new Price(9_899)), wish);
    }

    public static TheoryData<QuoteRefusal, string> Refusals => new()
    {
        { QuoteRefusal.NotCovered, "covered" }, { QuoteRefusal.NotTradable, "tradable" }, { QuoteRefusal.NoFee, "fee" },
        { QuoteRefusal.DelaysTakers, "delayed" }, { QuoteRefusal.NotProven, "lost" }, { QuoteRefusal.Unsettled, "crossed" },
        { QuoteRefusal.BelowMinimum, "minimum" }, { QuoteRefusal.Inventory, "inventory" }, { QuoteRefusal.OneSided, "empty" },
        { QuoteRefusal.Implausible, "wide" },
    };

    /// <summary>Each row breaks its own guard alone; without the guard it would quote.</summary>
    [Theory]
    [MemberData(nameof(Refusals))]
    public void Says_why_it_does_not_quote(QuoteRefusal why, string broken)
    {
        var condition = Given.Condition();
        condition = broken switch
        {
            "tradable" => condition with { IsTradable = false },
            "fee" => condition with { Fee = null },
            "delayed" => condition with { DelaysTakers = true },
            "minimum" => condition with { MinOrderSize = Size.Shares(21) },
            _ => condition,
        };
        var book = Given.Book(condition, broken is "empty" ? [] : [(broken switch { "wide" => 10, "crossed" => 60, _ => 48 }, 100)], [(52, 100)]);
        if (broken is "lost") book.Lose("a gap");

        var wish = Wish(
            book,
            Given.Policy with { MaxPlausibleEdgeBps = 1_000 },
            broken is "covered" ? Maker with { Markets = [new MarketId("another")] } : Maker,
            broken is "inventory" ? 100 : 99);

        Assert.Equal(why, Refusal(wish));
    }

    [Fact]
    public void A_book_that_failed_its_proof_is_not_quoted_and_one_that_may_still_settle_is_waited_for()
    {
        var condition = Given.Condition();
        var venue = new VenueBook(condition);
        venue.Set(Outcome.Yes, Side.Buy, 48, 100);
        venue.Set(Outcome.Yes, Side.Sell, 52, 100);
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        book.Apply(venue.Snapshot(), Given.Noon);
        venue.Ms++;
        venue.Set(Outcome.Yes, Side.Buy, 12, 5); // Untold.
        book.Apply(venue.Change(Outcome.Yes, Side.Buy, 47, 100), Given.Noon);
        Assert.Equal(QuoteRefusal.Unsettled, Refusal(Wish(book)));

        book.Expire(Given.After(1), TimeSpan.FromMilliseconds(250));

        Assert.Equal(QuoteRefusal.NotProven, Refusal(Wish(book)));
    }

    [Fact]
    public void Takers_that_are_delayed_are_no_hindrance_where_that_is_allowed() => Assert.IsType<QuoteWish.Rest>(Wish(
        Given.Book(Given.Condition() with { DelaysTakers = true }, [(48, 100)], [(52, 100)]), Given.Policy with { AllowDelayed = true }));

    [Theory]
    [InlineData("market")]
    [InlineData("condition")]
    public void A_market_is_covered_by_its_own_name_or_its_conditions(string by) => Assert.IsType<QuoteWish.Rest>(Wish(
        Given.Book(Given.Condition(), [(48, 100)], [(52, 100)]),
        maker: Maker with { Markets = [by is "market" ? Given.Event : new MarketId(Given.Condition().Id.Text)] }));

    [Fact]
    public void Our_own_bid_is_nobodys_best_bid()
    {
        var book = Given.Book(Given.Condition(), [(47, 100), (48, 20)], [(52, 100)]);
        book.Tell([new OwnOrder(new OrderId("o"), Outcome.Yes, Side.Buy, Price.Cents(48), Size.Shares(20))]);

        Assert.Equal(Price.Cents(47), Assert.IsType<QuoteWish.Rest>(Wish(book)).Yes);
    }

    /// <summary>Whatever the book, ticks, stock and policy.</summary>
    [Fact]
    public void Never_quotes_at_the_threshold_into_the_book_off_the_grid_or_beyond_the_improvement()
    {
        var random = new Random(Seed: 5);
        var quoted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var tick = new[] { 1, 10, 25, 50, 100, 1_000 }[random.Next(6)];
            var bid = random.Next(1, 10_000 / tick) * tick;
            var ask = Math.Min(10_000 - tick, bid + random.Next(1, 12) * tick);
            if (ask <= bid) continue;

            var condition = Given.Condition() with { Tick = new Price(tick) };
            var venue = new VenueBook(condition);
            venue.Book.Set(Outcome.Yes, Side.Buy, new Level(new Price(bid), Size.Shares(10)));
            venue.Book.Set(Outcome.Yes, Side.Sell, new Level(new Price(ask), Size.Shares(10)));
            var book = new ConditionBook(condition, BookFormat.Of(condition));
            book.Apply(venue.Snapshot(), Given.Noon);
            var maker = Maker with { ImproveTicks = random.Next(4), SkewTicks = random.Next(5) };
            var policy = Given.Policy with { MinEdge = new Usd(random.Next(30_000)), FailureBuffer = new Usd(random.Next(5_000)) };
            if (Wish(book, policy, maker, random.Next(-99, 100)) is not QuoteWish.Rest rest) continue;

            quoted++;
            var (yes, no) = (rest.Yes.Ticks, rest.No.Ticks);
            var seen = $"i {i}: {rest} in {bid}/{ask} by {tick}";
            Assert.True(1_000_000 - (yes + no) * 100L - policy.FailureBuffer.Micros > policy.MinEdge.Micros, seen);
            Assert.True(yes < ask && no < 10_000 - bid && yes + no < 10_000, seen);
            Assert.True(yes <= bid + maker.ImproveTicks * tick && no <= 10_000 - ask + maker.ImproveTicks * tick, seen);
            Assert.True(yes % tick == 0 && no % tick == 0 && yes >= tick && no >= tick && yes + no <= rest.Most.Ticks, seen);
        }

        Assert.True(quoted > 5_000, $"{quoted}");
    }

    internal static QuoteWish Wish(ConditionBook book, EdgePolicy? policy = null, MakerPolicy? maker = null, int held = 0) =>
        Quoter.Wish(book, Given.Event, policy ?? Given.Policy, maker ?? Maker, Size.Shares(held));

    private static QuoteRefusal Refusal(QuoteWish wish) => Assert.IsType<QuoteWish.None>(wish).Why;
}
