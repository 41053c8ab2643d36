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

        var (order, _) = BasketSizer.TakeOrder(new CandidateLeg(book, Outcome.No), 3, quantity, attempt: 2)!.Value;

        Assert.Equal((Usd.Cents(cents).Micros, taker, Price.Parse(price)), (order.MakerAmount, order.TakerAmount, order.Limit));
        Assert.Equal((3, 2, Side.Buy, OrderType.Fak, Given.No()), (order.Leg, order.Attempt, order.Side, order.Type, order.Token));
    }

    [Theory]
    [InlineData("5", false)] // 5 shares at 19 cents are 95 cents.
    [InlineData("5.27", true)]
    [InlineData("100.01", false)] // More than there is.
    public void An_order_has_a_dollar_and_the_depth(string shares, bool fits) =>
        Assert.Equal(fits, BasketSizer.TakeOrder(Leg(0, (19, 100)), 0, Size.Parse(shares), 0) is not null);

    [Fact]
    public void The_limit_is_the_last_level_needed() =>
        Assert.Equal(Price.Cents(47), BasketSizer.TakeOrder(Leg(0, (45, 50), (47, 50), (60, 50)), 0, Size.Shares(80), 0)!.Value.Order.Limit);

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
        var policy = Given.Policy with { MaxBasketOutlay = Usd.Dollars(20) };
        var basket = Best(policy, 50_000, [(45, 30), (46, 100)], [(44, 15), (45, 100)])!;
        Assert.InRange(basket.Outlay.Micros, Usd.Parse("19.8").Micros, Usd.Dollars(20).Micros);
    }

    [Fact]
    public void The_slippage_cap_stops_the_walk()
    {
        Assert.Equal(Size.Shares(100), Best(Given.Policy with { MaxSlippageBps = 112 }, 0, [(45, 50), (47, 50)], [(45, 100)])!.Quantity);
        Assert.Equal(Size.Shares(50), Best(Given.Policy with { MaxSlippageBps = 110 }, 0, [(45, 50), (47, 50)], [(45, 100)])!.Quantity);
    }

    [Fact]
    public void A_level_whose_marginal_basket_does_not_clear_is_left() =>
        Assert.Equal(Size.Shares(50), Best(Given.Policy, 0, [(45, 50), (54, 50)], [(45, 100)])!.Quantity);

    [Fact]
    public void The_largest_minimum_of_the_legs_counts()
    {
        Assert.Null(Best(Given.Policy, 0, [(45, 100)], [(45, 4)]));
        Assert.Equal(Size.Shares(5).Micros, Best(Given.Policy, 0, [(44, 100)], [(44, 5)])!.Quantity.Micros, tolerance: 1);
    }

    /// <summary>
    /// Small random books against brute force. Every basket is played at the venue by hand: what the dollars fill, what the
    /// venue charges, what it pays. And no other hundredth within reach would have been worth more.
    /// </summary>
    [Fact]
    public void Never_a_basket_that_does_not_clear_and_none_better_within_reach()
    {
        var found = 0;
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var legs = Enumerable.Range(0, random.Next(2, 5)).Select(_ => RandomAsks(random)).ToArray();
            var rate = random.Next(3) * 25_000;
            var policy = Given.Policy with { MinEdge = Usd.Cents(random.Next(0, 3)), FailureBuffer = Usd.Cents(random.Next(0, 2)), MaxLegMismatch = Size.Parse("0.02") };
            var books = legs.Select((levels, number) => WithAsks(Given.Condition(number) with { Fee = new FeeCurve(rate, 1) }, levels)).ToArray();
            if (EdgeEvaluator.Find(books, Given.Market([.. books.Select(book => book.Condition)]), policy).FirstOrDefault() is not { } candidate) continue;

            var basket = BasketSizer.Best(candidate, Given.Event, policy, new BasketId("b-1"), Given.Noon);
            var best = BruteForce(candidate, policy);
            Assert.True((basket is null) == (best is null), $"seed {seed}: {basket?.Quantity.ToString() ?? "none"} but by force {best?.ToString() ?? "none"}");
            if (basket is null) continue;

            found++;
            Assert.True(Usd.Payout(basket.PayoutDollars, basket.Quantity) - basket.Outlay >= best!.Value, $"seed {seed}: {best} was to be had");
            Play(basket, candidate, policy, seed);
        }

        Assert.True(found > 50, $"only {found} baskets");
    }

    private static void Play(Basket basket, Candidate candidate, EdgePolicy policy, int seed)
    {
        var (least, most, spent) = (long.MaxValue, 0L, 0m);
        foreach (var order in basket.Legs)
        {
            var leg = candidate.Legs[order.Leg];
            Assert.True(order.MakerAmount % 10_000 == 0 && order.MakerAmount >= 1_000_000, $"seed {seed}: maker {order.MakerAmount}");
            Assert.True(order.TakerAmount % 100 == 0, $"seed {seed}: taker {order.TakerAmount}");
            Assert.True(order.Limit.IsOn(leg.Book.Condition.Tick), $"seed {seed}: limit {order.Limit}");
            Assert.True((Int128)order.MakerAmount * 10_000 >= (Int128)order.TakerAmount * order.Limit.Ticks, $"seed {seed}: implied price below the limit");

            var (left, shares, fee) = ((decimal)order.MakerAmount / 1_000_000, 0m, 0m);
            for (var n = 0; n < leg.Asks.Count && leg.Asks.FromTop(n) is var level && level.Price <= order.Limit; n++)
            {
                var price = level.Price.Ticks / 10_000m;
                var taken = Math.Min(level.Size.Micros / 1_000_000m, left / price);
                (left, shares) = (left - taken * price, shares + taken);
                fee += taken * leg.Fee.RateMicros / 1_000_000m * price * (1 - price);
            }

            Assert.True(left < 0.000001m, $"seed {seed}: {left} dollars find nothing at the limit");
            Assert.True(Math.Round(fee, 5, MidpointRounding.AwayFromZero) <= order.WorstFee.Micros / 1_000_000m, $"seed {seed}: fee {fee} above {order.WorstFee}");
            var best = leg.Asks.FromTop(0).Price.Ticks / 10_000m;
            Assert.True(shares > basket.Quantity.Micros / 1_000_000m - 0.000002m, $"seed {seed}: {shares} below {basket.Quantity}");
            Assert.True(shares <= basket.Quantity.Micros / 1_000_000m + 0.020002m, $"seed {seed}: {shares} too far above {basket.Quantity}, best {best}");
            (least, most) = (Math.Min(least, (long)(shares * 1_000_000)), Math.Max(most, (long)(shares * 1_000_000)));
            spent += order.MakerAmount / 1_000_000m + fee;
        }

        Assert.True(most - least <= policy.MaxLegMismatch.Micros + 2, $"seed {seed}: legs {least} to {most}");
        var quantity = least / 1_000_000m;
        Assert.True(
            basket.PayoutDollars * quantity - spent >= (policy.MinEdge + policy.FailureBuffer).Micros / 1_000_000m * quantity - 0.00001m,
            $"seed {seed}: {quantity} baskets for {spent} do not clear");
    }

    /// <summary>The best profit of the 400 hundredths below the largest quantity whose marginal basket clears; null when none fits.</summary>
    private static Usd? BruteForce(Candidate candidate, EdgePolicy policy)
    {
        var largest = 0L; // Hundredths.
        while (Marginal(largest) is { } cost && candidate.PayoutDollars * 1_000_000L - cost - policy.FailureBuffer.Micros > policy.MinEdge.Micros) largest++;

        Usd? best = null;
        for (var hundredths = largest; hundredths > largest - 400 && hundredths >= 500; hundredths--)
        {
            var fills = candidate.Legs.Select((leg, index) => BasketSizer.TakeOrder(leg, index, new Size(hundredths * 10_000), 0)).ToArray();
            if (fills.Any(fill => fill is null)) continue;

            var (least, most) = (fills.Min(fill => fill!.Value.Filled), fills.Max(fill => fill!.Value.Filled));
            var outlay = new Usd(fills.Sum(fill => fill!.Value.Order.Outlay.Micros));
            var profit = Usd.Payout(candidate.PayoutDollars, least) - outlay;
            var needed = (decimal)(policy.MinEdge + policy.FailureBuffer).Micros * least.Micros / 1_000_000m;
            if (most - least > policy.MaxLegMismatch || profit.Micros <= needed + 100) continue; // Too close to call by another rounding.
            if (best is null || profit > best) best = profit;
        }

        return best;

        long? Marginal(long hundredths)
        {
            var sum = 0L;
            foreach (var leg in candidate.Legs)
            {
                var (n, below) = (0, 0L);
                while (n < leg.Asks.Count && below + leg.Asks.FromTop(n).Size.Micros < (hundredths + 1) * 10_000) below += leg.Asks.FromTop(n++).Size.Micros;
                if (n == leg.Asks.Count) return null;
                sum += leg.Cost(leg.Asks.FromTop(n).Price);
            }

            return sum;
        }
    }

    private static Level[] RandomAsks(Random random)
    {
        var cents = random.Next(20, 60);
        return [.. Enumerable.Range(0, random.Next(1, 4)).Select(n =>
            new Level(Price.Cents(cents + n * random.Next(1, 4) + n), new Size(random.Next(3_000_000, 40_000_000))))];
    }

    private static ConditionBook WithAsks(Condition condition, Level[] asks)
    {
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        book.Apply(BookUpdate.Snapshot(condition.Id, condition.No, 1, null, default, asks.ToArray(), null, null), Given.Noon);
        return book;
    }

    private static CandidateLeg Leg(int number, params (int Cents, long Shares)[] asks) => new(Given.NoAsks(Given.Condition(number), asks), Outcome.No);

    private static Candidate? Candidate(int rate, EdgePolicy policy, params (int Cents, long Shares)[][] asks)
    {
        var books = asks.Select((levels, number) => Given.NoAsks(Given.Condition(number) with { Fee = new FeeCurve(rate, 1) }, levels)).ToArray();
        return EdgeEvaluator.Find(books, Given.Market([.. books.Select(book => book.Condition)]), policy).FirstOrDefault();
    }

    private static Basket? Best(EdgePolicy policy, int rate, params (int Cents, long Shares)[][] asks) =>
        Candidate(rate, policy, asks) is { } candidate ? BasketSizer.Best(candidate, Given.Event, policy, new BasketId("b-1"), Given.Noon) : null;
}
