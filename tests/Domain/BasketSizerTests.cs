using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class BasketSizerTests
{
    /// <summary>The worked amounts of protocol sheet 7.2: whole cents against 4 decimals of shares, rounded down.</summary>
    [Theory]
    [InlineData("0.52", "19.230769", 1_000, 19_230_700)]
    [InlineData("0.56", "178.571428", 10_000, 178_571_400)]
    [InlineData("0.45", "100", 4_500, 100_000_000)]
    public void The_integers_are_those_of_the_sheet(string price, string shares, long cents, long taker)
    {
        var condition = Given.Condition();
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        book.Book.Set(Outcome.No, Side.Sell, new Level(Price.Parse(price), Size.Shares(1_000)));
        var quantity = Size.Parse(shares) + new Size(1); // The cent it falls short of is bought with one micro-share more.

        var order = OneLeg.Order(new CandidateLeg(book, Outcome.No), 3, Side.Buy, quantity, attempt: 2)!;

        Assert.Equal((Usd.Cents(cents).Micros, taker, Price.Parse(price)), (order.MakerAmount, order.TakerAmount, order.Limit));
        Assert.Equal((3, 2, Side.Buy, OrderType.Fak, Given.No()), (order.Leg, order.Attempt, order.Side, order.Type, order.Token));
    }

    [Theory]
    [InlineData("5", false)] // 5 shares at 19 cents are 95 cents.
    [InlineData("5.27", true)]
    [InlineData("100.01", false)] // More than there is.
    public void An_order_has_a_dollar_and_the_depth(string shares, bool fits) =>
        Assert.Equal(fits, OneLeg.Order(Leg(0, (19, 100)), 0, Side.Buy, Size.Parse(shares), 0) is not null);

    [Fact]
    public void The_limit_is_the_last_level_needed() =>
        Assert.Equal(Price.Cents(47), OneLeg.Order(Leg(0, (45, 50), (47, 50), (60, 50)), 0, Side.Buy, Size.Shares(80), 0)!.Limit);

    [Fact]
    public void An_order_says_what_it_is_expected_to_do()
    {
        var leg = new CandidateLeg(Given.Book(Given.Condition() with { Fee = new FeeCurve(50_000, 1) }, [(40, 50), (38, 50)], [(45, 50), (47, 50)]), Outcome.Yes);

        var bought = OneLeg.Order(leg, 0, Side.Buy, Size.Shares(80), 0)!;
        Assert.Equal((Size.Shares(80), Usd.Parse("36.6"), Price.Cents(47)), (bought.Expected, bought.ExpectedAmount, bought.Limit));
        Assert.Equal((36_600_000, 77_872_300, Usd.Parse("0.9924")), (bought.MakerAmount, bought.TakerAmount, bought.WorstFee));

        var sold = OneLeg.Order(leg, 0, Side.Sell, Size.Parse("80.009"), 2)!;
        Assert.Equal((Size.Shares(80), Usd.Parse("31.4"), Price.Cents(38)), (sold.Expected, sold.ExpectedAmount, sold.Limit));
        Assert.Equal((80_000_000, 30_400_000, Side.Sell, OrderType.Fak, 2), (sold.MakerAmount, sold.TakerAmount, sold.Side, sold.Type, sold.Attempt));
        Assert.Null(OneLeg.Order(leg, 0, Side.Sell, Size.Parse("100.01"), 2));
        Assert.Null(OneLeg.Order(leg, 0, Side.Sell, Size.Parse("2.49"), 2)); // At 40 cents less than a dollar.
    }

    /// <summary>What rests may be off a grid that became coarser: 47 cents on a grid of ten, 40 for who sells.</summary>
    [Theory]
    [InlineData(Side.Buy, 50)]
    [InlineData(Side.Sell, 40)]
    public void The_limit_is_on_the_grid(Side side, int cents)
    {
        var book = Given.Book(Given.Condition() with { Tick = Price.Cents(10) }, [(47, 100)], [(47, 100)]);
        Assert.Equal(Price.Cents(cents), OneLeg.Order(new CandidateLeg(book, Outcome.Yes), 0, side, Size.Shares(40), 1)!.Limit);
    }

    [Fact]
    public void The_outlay_cap_holds_with_fees()
    {
        foreach (var type in new[] { OrderType.Fak, OrderType.Fok, OrderType.Gtc })
        {
            var policy = Given.Policy with { MaxBasketOutlay = Usd.Dollars(20), TakerType = type };
            var basket = Best(policy, 50_000, [(45, 30), (46, 100)], [(44, 15), (45, 100)])!;
            Assert.InRange(basket.Outlay.Micros, Usd.Parse("19.8").Micros, Usd.Dollars(20).Micros);
            Assert.All(basket.Legs, leg => Assert.Equal(type, leg.Type));
        }
    }

    /// <summary>Two cents more from the 51st share on: a slippage of 2 x 50 / 100 cents on 90 at a hundred of them.</summary>
    [Theory]
    [InlineData(112, "100")]
    [InlineData(100, "90.9")] // 2 x 40.9 / 90.9 = 0.9 cents are 1 % of 90.
    [InlineData(0, "50")]
    public void The_slippage_cap_stops_the_walk(int bps, string quantity)
    {
        var policy = Given.Policy with { MaxSlippageBps = bps, TakerType = OrderType.Gtc };
        Assert.Equal(Size.Parse(quantity), Best(policy, 0, [(45, 50), (47, 50)], [(45, 100)])!.Quantity);
    }

    [Fact]
    public void A_level_whose_marginal_basket_does_not_clear_is_left() =>
        Assert.Equal(Size.Shares(50), Best(Given.Policy, 0, [(45, 50), (54, 50)], [(45, 100)])!.Quantity);

    [Fact]
    public void The_largest_minimum_of_the_legs_counts()
    {
        Assert.Null(Best(Given.Policy, 0, [(45, 100)], [(45, 4)]));
        Assert.Equal(Size.Shares(5), Best(Given.Policy, 0, [(44, 100)], [(44, 5)])!.Quantity);
    }

    [Fact]
    public void A_leg_of_less_than_a_dollar_is_bought_by_no_order()
    {
        Assert.Null(Best(Given.Policy, 0, [(90, 100)], [(5, 19)])); // 95 cents.
        Assert.Equal(Size.Shares(20), Best(Given.Policy, 0, [(90, 100)], [(5, 20)])!.Quantity);
        Assert.Null(Best(Given.Policy with { TakerType = OrderType.Gtc }, 0, [(90, 100)], [(5, 19)]));
    }

    [Fact]
    public void A_leg_whose_cents_are_too_many_shares_apart_is_not_bought()
    {
        Candidate candidate = new(BasketKind.No, Side.Buy, [At(0, 4_713), At(1, 707)]); // Both fill whole cents at a hundred shares, and there are 33.
        Assert.Null(Best(candidate, Given.Policy with { MaxLegMismatch = new Size(10) }));
        Assert.NotNull(Best(candidate, Given.Policy with { MaxLegMismatch = Size.Parse("0.15") }));

        static CandidateLeg At(int number, int ticks) => new(
            WithAsks(Given.Condition(number) with { Tick = new Price(1) }, [new Level(new Price(ticks), Size.Shares(33))]), Outcome.No);
    }

    /// <summary>Five shares of a third leg would add 2 cents to each of 5 baskets; without it there are 100.</summary>
    [Fact]
    public void A_thin_leg_is_left_out_when_fewer_legs_earn_more()
    {
        var thin = new Sized(
            Given.NoAsks(Given.Condition(0), (45, 100)), Given.NoAsks(Given.Condition(1), (50, 100)), Given.NoAsks(Given.Condition(2), (98, 5)));
        Assert.Equal([Given.Condition(0).Id, Given.Condition(1).Id], thin.Basket!.Legs.Select(leg => leg.Condition));
        Assert.Equal(Size.Shares(100), thin.Basket.Quantity);

        var thick = new Sized(
            Given.NoAsks(Given.Condition(0), (45, 100)), Given.NoAsks(Given.Condition(1), (50, 100)), Given.NoAsks(Given.Condition(2), (98, 80)));
        Assert.Equal((3, Size.Shares(80)), (thick.Basket!.Legs.Length, thick.Basket.Quantity));
    }

    /// <summary>The third leg adds 2 cents for 98: money that is short earns more without it.</summary>
    [Fact]
    public void Short_money_goes_where_it_earns_most()
    {
        ConditionBook[] books =
            [Given.NoAsks(Given.Condition(0), (45, 999)), Given.NoAsks(Given.Condition(1), (50, 999)), Given.NoAsks(Given.Condition(2), (98, 999))];
        Assert.Equal(2, (new Sized(books) with { Policy = Given.Policy with { MaxBasketOutlay = Usd.Dollars(100) } }).Basket!.Legs.Length);
        Assert.Equal(3, new Sized(books).Basket!.Legs.Length);
    }

    [Fact]
    public void The_thinnest_leg_left_out_makes_room_for_the_next_best()
    {
        ConditionBook[] books =
            [Given.NoAsks(Given.Condition(0), (45, 100)), Given.NoAsks(Given.Condition(1), (40, 5)), Given.NoAsks(Given.Condition(2), (50, 100))];
        var basket = (new Sized(books) with { Policy = Given.Policy with { MaxLegs = 2 } }).Basket!;
        Assert.Equal([Given.Condition(0).Id, Given.Condition(2).Id], basket.Legs.Select(leg => leg.Condition));
    }

    [Fact]
    public void No_subset_of_the_legs_earns_more()
    {
        var found = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(3, 6);
            ConditionBook[] books = [.. Enumerable.Range(0, count).Select(number =>
                WithAsks(Given.Condition(number) with { Fee = new FeeCurve(random.Next(3) * 20_000, 1) }, RandomAsks(random, 50 - 60 / count, 99, sizeMin: 3)))];
            var all = new Sized(books).Basket;
            foreach (var subset in Enumerable.Range(1, (1 << count) - 1).Select(bits => books.Where((_, i) => (bits >> i & 1) == 1).ToArray()))
            {
                if (new Sized(subset).Basket is not { } basket) continue;

                found++;
                Assert.True(all is not null && all.Profit + Usd.Cents(count) >= basket.Profit, $"seed {seed}: {basket.Legs.Length} legs earn {basket.Profit}, not {all?.Profit}");
            }
        }

        Assert.True(found > 300, $"only {found} baskets");
    }

    /// <summary>
    /// Small random books against brute force, of every order type and both sides. Every basket is played at the venue by hand: what its
    /// orders fill, what the venue charges, what it pays. And no other amounts would have been worth more.
    /// </summary>
    [Theory]
    [InlineData(OrderType.Fak, Side.Buy)]
    [InlineData(OrderType.Fok, Side.Buy)]
    [InlineData(OrderType.Gtc, Side.Buy)]
    [InlineData(OrderType.Fak, Side.Sell)]
    public void Never_a_basket_that_does_not_clear_and_none_better_to_be_had(OrderType type, Side side)
    {
        var found = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(2, 5);
            var (candidate, policy) = RandomCandidate(random, count, type, side, mismatch: random.Next(2) == 0 ? "0.02" : "0.2");

            var basket = Best(candidate, policy);
            var best = new BruteForce(candidate, policy).Best();
            if (best is { } there)
            {
                Assert.True(basket is not null, $"seed {seed}: {there} was to be had, and nothing was found");
                Assert.True(Earns(basket).Micros >= there - (IsSpent(basket) ? 0 : 100), $"seed {seed}: {there} was to be had, not {Earns(basket)}");
            }

            if (basket is null) continue;

            found++;
            Venue.Play(basket, candidate, policy, seed);
        }

        Assert.True(found > 50, $"only {found} baskets");
    }

    [Theory]
    [InlineData(OrderType.Fak, Side.Buy)]
    [InlineData(OrderType.Gtc, Side.Buy)]
    [InlineData(OrderType.Fak, Side.Sell)]
    public void Baskets_of_up_to_fifteen_legs_keep_every_rule(OrderType type, Side side)
    {
        var found = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var (candidate, policy) = RandomCandidate(random, random.Next(5, 16), type, side, mismatch: "0.5");
            if (Best(candidate, policy) is not { } basket) continue;

            found++;
            Venue.Play(basket, candidate, policy, seed);
        }

        Assert.True(found > 25, $"only {found} baskets");
    }

    /// <summary>Exact for whole cents; for shares within a tenth of a thousandth, as the fee of all is known by the fee of one.</summary>
    private static Usd Earns(Basket basket)
    {
        if (IsSpent(basket)) return basket.Profit;

        var (amount, payout) = (new Usd(basket.Legs.Sum(leg => leg.ExpectedAmount.Micros)), Usd.Payout(basket.PayoutDollars, basket.Quantity));
        var fees = new Usd((long)((Int128)basket.Edge.Fees.Micros * basket.Quantity.Micros / 1_000_000));
        return (basket.Side is Side.Buy ? payout - amount : amount - payout) - fees;
    }

    private static bool IsSpent(Basket basket) => basket.Side is Side.Buy && basket.Legs[0].Type is not OrderType.Gtc;

    /// <summary>A complete set of so many legs that pays one dollar, around an edge of some cents.</summary>
    private static (Candidate Candidate, EdgePolicy Policy) RandomCandidate(Random random, int count, OrderType type, Side side, string mismatch)
    {
        var rate = random.Next(3) * 25_000;
        var legs = Enumerable.Range(0, count).Select(number =>
        {
            var condition = Given.Condition(number) with { Fee = new FeeCurve(rate, random.Next(8) == 0 ? 2 : 1), Tick = new Price(10) };
            var middle = 1_000 / count + (side is Side.Buy ? -20 : 20) / count;
            var price = middle + random.Next(-30, 15) / count * (side is Side.Buy ? 1 : -1);
            var book = new ConditionBook(condition, BookFormat.Of(condition));
            var levels = RandomLevels(random, price, side is Side.Buy ? 1 : -1, sizeMin: count > 5 ? 20 : 5);
            book.Apply(BookUpdate.Snapshot(condition.Id, condition.Yes, 1, null, side is Side.Buy ? default : levels, side is Side.Buy ? levels : default, null, null), Given.Noon);
            return new CandidateLeg(book, Outcome.Yes, Size.Shares(random.Next(8, 60)));
        });
        var policy = Given.Policy with
        {
            MinEdge = Usd.Cents(random.Next(0, 2)),
            FailureBuffer = new Usd(random.Next(0, 2) * 2_000),
            MaxLegMismatch = Size.Parse(mismatch),
            TakerType = type,
        };
        return (new Candidate(side is Side.Buy ? BasketKind.AllYes : BasketKind.Pair, side, [.. legs]), policy);
    }

    private static Level[] RandomAsks(Random random, int from, int to, int sizeMin) => RandomLevels(random, random.Next(from, to) * 10, 10, sizeMin)
        .Where(level => level.Price < Price.Cents(100)).ToArray();

    /// <summary>The best last, as the venue sends them; prices in thousandths.</summary>
    private static Level[] RandomLevels(Random random, int price, int step, int sizeMin)
    {
        var levels = new List<Level>();
        for (var n = random.Next(1, 4); n > 0; n--, price += step * random.Next(1, 5)) levels.Add(new Level(new Price(price * 10), new Size(random.Next(sizeMin * 1_000_000, 40_000_000))));
        levels.Reverse();
        return [.. levels];
    }

    private static ConditionBook WithAsks(Condition condition, Level[] asks)
    {
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        book.Apply(BookUpdate.Snapshot(condition.Id, condition.No, 1, null, default, asks, null, null), Given.Noon);
        return book;
    }

    private static CandidateLeg Leg(int number, params (int Cents, long Shares)[] asks) => new(Given.NoAsks(Given.Condition(number), asks), Outcome.No);

    private static Basket? Best(Candidate candidate, EdgePolicy policy) =>
        BasketSizer.Best(candidate, Given.Event, policy, policy.FailureBuffer, new BasketId("b-1"), Given.Noon);

    private static Basket? Best(EdgePolicy policy, int rate, params (int Cents, long Shares)[][] asks)
    {
        ConditionBook[] books = [.. asks.Select((levels, number) => Given.NoAsks(Given.Condition(number) with { Fee = new FeeCurve(rate, 1) }, levels))];
        return (new Sized(books) with { Policy = policy }).Basket;
    }
}
