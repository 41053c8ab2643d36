using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>The formula by hand, a hundred of every basket: the worked examples of docs/edge.md, in its order.</summary>
public class EdgeFormulaTests
{
    /// <summary>Dollars per basket: payout, best, fees, slippage, buffer, and what they leave.</summary>
    public static TheoryData<string, BasketKind, Side, int, string[], string[]> Examples => new()
    {
        { "a pair, bought", BasketKind.Pair, Side.Buy, 50_000, ["0.44", "0.45"], ["1", "0.89", "0.024695", "0", "0.002", "0.083305"] },
        { "NOs, bought", BasketKind.No, Side.Buy, 40_000, ["0.6", "0.62", "0.65"], ["2", "1.87", "0.028124", "0", "0.002", "0.099876"] },
        { "all YES, bought", BasketKind.AllYes, Side.Buy, 40_000, ["0.3", "0.31", "0.33"], ["1", "0.94", "0.0258", "0", "0.002", "0.0322"] },
        { "a pair, sold", BasketKind.Pair, Side.Sell, 40_000, ["0.56", "0.47"], ["1", "1.03", "0.01982", "0", "0.002", "0.00818"] },
        { "some YES, sold", BasketKind.AllYes, Side.Sell, 40_000, ["0.5", "0.35", "0.2"], ["1", "1.05", "0.0255", "0", "0.002", "0.0225"] },
        { "all NOs, sold", BasketKind.No, Side.Sell, 40_000, ["0.72", "0.7", "0.66"], ["2", "2.08", "0.02544", "0", "0.002", "0.05256"] },
        { "fees at one half", BasketKind.No, Side.Buy, 70_000, ["0.5", "0.46"], ["1", "0.96", "0.034888", "0", "0.002", "0.003112"] },
        { "fees at 97 cents", BasketKind.No, Side.Buy, 50_000, ["0.97", "0.97", "0.02"], ["2", "1.96", "0.00389", "0", "0.002", "0.03411"] },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_terms_are_those_of_the_worked_example(string name, BasketKind kind, Side side, int rate, string[] prices, string[] terms)
    {
        var basket = Example(kind, side, rate, prices).Basket;

        Assert.True(basket is not null, name);
        var edge = basket.Edge;
        Assert.Equal((kind, side, Size.Shares(100)), (basket.Kind, basket.Side, basket.Quantity));
        Assert.Equal(terms, new[] { edge.Payout, edge.Best, edge.Fees, edge.Slippage, edge.Buffer, edge.Executable }.Select(term => term.ToString()));
        Assert.Equal((prices.Length, side, Usd.Zero), (basket.Legs.Length, edge.Side, edge.Capital));
        Assert.All(basket.Legs, leg => Assert.Equal((side, OrderType.Fak), (leg.Side, leg.Type)));
    }

    /// <summary>Three cents below the payout, and 3.5964 cents of fees at the dearest rate.</summary>
    [Fact]
    public void A_fee_can_kill_an_edge()
    {
        Assert.Empty(Example(BasketKind.No, Side.Buy, 72_000, "0.48", "0.49").Candidates);
        Assert.Equal(Usd.Parse("0.028"), Example(BasketKind.No, Side.Buy, 0, "0.48", "0.49").Basket!.Edge.Executable);
    }

    /// <summary>
    /// executable_edge = 1 - (best_yes + best_no) - fee_rate - slippage(size) - failure_buffer: the customer's, to the digit, where the venue
    /// charges a flat fee, half of it on each leg.
    /// </summary>
    [Theory]
    [InlineData(44, 45, 2_000)]
    [InlineData(30, 66, 500)]
    [InlineData(1, 2, 12_000)]
    public void With_two_legs_it_is_the_customers_formula(int yes, int no, int buffer)
    {
        var condition = Given.Condition(negRisk: false) with { Fee = new FeeCurve(1_000, Exponent: 0) };
        var pair = new Sized(Given.Book(condition, [(100 - no, 1_000)], [(yes, 500), (yes + 1, 500)])) with
        {
            Market = Given.Single(condition),
            Policy = Given.Policy with { FailureBuffer = new Usd(buffer), TakerType = OrderType.Gtc },
        };

        var slippage = (yes * 500 + (yes + 1) * 500) / 1_000m - yes;
        var expected = 1 - (yes + no) / 100m - 0.002m - slippage / 100m - buffer / 1_000_000m;
        Assert.Equal((Size.Shares(1_000), expected), (pair.Basket!.Quantity, pair.Basket.Edge.Executable.Micros / 1_000_000m));
    }

    [Fact]
    public void Slippage_is_average_minus_best_over_all_legs()
    {
        var books = new Sized(Given.NoAsks(Given.Condition(0), (45, 50), (47, 50)), Given.NoAsks(Given.Condition(1), (45, 100)));
        Assert.Equal((Size.Shares(100), Usd.Cents(1), Usd.Cents(9)), (books.Basket!.Quantity, books.Basket.Edge.Slippage, books.Basket.Edge.Executable));

        var bids = new Sized(Given.Book(Given.Condition(0), [(56, 50), (54, 50)], []), Given.Book(Given.Condition(1), [(56, 100)], []));
        var sold = (bids.Holding(Outcome.Yes, "100") with { Policy = Given.Policy with { MaxBasketOutlay = Usd.Dollars(1) } }).Basket!;
        Assert.Equal((Side.Sell, Size.Shares(100), Usd.Cents(1), Usd.Cents(11)), (sold.Side, sold.Quantity, sold.Edge.Slippage, sold.Edge.Executable));
    }

    /// <summary>90 cents at best: 100 basis points of them are 0.9 cents; the depth costs a cent.</summary>
    [Theory]
    [InlineData(100, "0.01")]
    [InlineData(200, "0.018")]
    public void A_fixed_slippage_is_never_less_than_the_depth_shows(int bps, string slippage)
    {
        var policy = Given.Policy with { Slippage = SlippageKind.FixedBps, FixedSlippageBps = bps };
        var books = new Sized(Given.NoAsks(Given.Condition(0), (45, 50), (47, 50)), Given.NoAsks(Given.Condition(1), (45, 100))) with { Policy = policy };
        Assert.Equal((Size.Shares(100), Usd.Parse(slippage)), (books.Basket!.Quantity, books.Basket.Edge.Slippage));

        Assert.Null((books with { Policy = policy with { FixedSlippageBps = 1_000 } }).Basket); // 9 of the 10 cents.
    }

    /// <summary>89 cents and 2.4695 of fees, for 73 days at 10 % a year: 2 % of it. An end that is not named is a year away.</summary>
    [Theory]
    [InlineData(CapitalKind.Off, 73, "0")]
    [InlineData(CapitalKind.Hold, 73, "0.018294")]
    [InlineData(CapitalKind.Hold, null, "0.09147")]
    [InlineData(CapitalKind.Hold, -1, "0")]
    [InlineData(CapitalKind.Merge, 73, "0.003")]
    public void The_cost_of_capital_is_a_term_of_its_own(CapitalKind kind, int? days, string cost)
    {
        Instant? end = days is { } there ? Given.Noon + TimeSpan.FromDays(there) : null;
        var fee = new FeeCurve(50_000, 1);
        var books = new Sized(
            Given.NoAsks(Given.Condition(0) with { Fee = fee, EndsAt = end }, (45, 100)),
            Given.NoAsks(Given.Condition(1) with { Fee = fee, EndsAt = Given.Noon + TimeSpan.FromDays(-1) }, (44, 100))) with
        {
            Policy = Given.Policy with { MinEdge = Usd.Zero, Capital = new CapitalPolicy(kind, 1_000, Usd.Parse("0.003")) },
        };
        if (cost == "0.09147")
        {
            Assert.Null(books.Basket); // It leaves less than nothing of 8.5305 cents.
            return;
        }

        Assert.Equal((Usd.Parse(cost), Usd.Parse("0.085305") - Usd.Parse(cost)), (books.Basket!.Edge.Capital, books.Basket.Edge.Executable));
    }

    [Fact]
    public void What_is_sold_ties_up_no_capital()
    {
        var sold = Example(BasketKind.Pair, Side.Sell, 0, "0.56", "0.47");
        var basket = (sold with { Policy = sold.Policy with { Capital = new CapitalPolicy(CapitalKind.Merge, 0, Usd.Cents(5)) } }).Basket;
        Assert.Equal((Side.Sell, Usd.Zero), (basket!.Side, basket.Edge.Capital));
    }

    private static Sized Example(BasketKind kind, Side side, int rate, params string[] prices)
    {
        var isPair = kind is BasketKind.Pair;
        var legs = prices.Select(Price.Parse).Select(price => price.Ticks / 100).ToArray();
        Condition[] conditions = [.. (isPair ? [0] : Enumerable.Range(0, legs.Length)).Select(number => Given.Condition(number, negRisk: !isPair) with { Fee = new FeeCurve(rate, 1) })];
        var isBid = (kind, side) is (BasketKind.No, Side.Buy) or (BasketKind.AllYes, Side.Sell); // Of YES.
        ConditionBook[] books = isPair
            ? [side is Side.Buy ? Given.Book(conditions[0], [(100 - legs[1], 100)], [(legs[0], 100)]) : Given.Book(conditions[0], [(legs[0], 100)], [(100 - legs[1], 100)])]
            : [.. conditions.Select((condition, i) => (kind is BasketKind.No ? 100 - legs[i] : legs[i]) is var cents && isBid
                ? Given.Book(condition, [(cents, 100)], [])
                : Given.Book(condition, [], [(cents, 100)]))];
        var example = new Sized(books) with
        {
            Market = isPair ? Given.Single(conditions[0]) : Given.Market(conditions),
            Policy = Given.Policy with { MinEdge = Usd.Zero, FailureBuffer = Usd.Parse("0.002") },
        };
        if (!isBid && !isPair) example = example.Vouched();
        if (side is Side.Buy) return example;

        // Nothing to buy stands in the way: the money is for one dollar at most.
        return example.Holding(Outcome.Yes, "100").Holding(Outcome.No, "100") with { Policy = example.Policy with { MaxBasketOutlay = Usd.Dollars(1) } };
    }
}
