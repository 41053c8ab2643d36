using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Baskets of 100 shares at 45 cents a leg; the plain basket is expected to earn 10 dollars.</summary>
public class LegBalanceTests
{
    [Fact]
    public void Equal_and_settled_legs_are_complete()
    {
        var result = Close(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 100)]));
        Assert.Equal(new BasketResult(BasketEnd.Completed, Size.Shares(100), Usd.Dollars(100), Usd.Dollars(90), ""), result);
    }

    [Fact]
    public void Equal_but_unsettled_legs_lock() => Assert.Equal(
        new BalanceStep.Lock(Size.Shares(100), Usd.Dollars(100)),
        Decide(Given.Basket(), [Bought(0, 100), Bought(1, 100) with { IsSettled = false }]));

    [Fact]
    public void Nothing_filled_is_unfilled()
    {
        var result = Close(Decide(Given.Basket(), [Bought(0, 0), Bought(1, 0)]));
        Assert.Equal((BasketEnd.Unfilled, Size.Zero, Usd.Zero, Usd.Zero), (result.End, result.Quantity, result.Payout, result.Spent));
    }

    [Fact]
    public void A_short_leg_is_completed_within_its_window_and_cap()
    {
        var step = Assert.IsType<BalanceStep.Send>(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 60)], asks: 55, after: 5));
        Assert.Equal((Purpose.Complete, 1, 1, Side.Buy), (step.Purpose, step.Order.Leg, step.Order.Attempt, step.Order.Side));
        Assert.Equal((Usd.Dollars(22).Micros, Price.Cents(55)), (step.Order.MakerAmount, step.Order.Limit));
    }

    [Fact]
    public void A_completion_does_not_wait_for_the_settlement_of_the_rest() => Assert.IsType<BalanceStep.Send>(
        Decide(Given.Basket(), [Bought(0, 100) with { IsSettled = false }, Bought(1, 60)], asks: 55, after: 1));

    /// <summary>The cap is 10 dollars, the basket's profit: 40 shares at 99 cents bring 40 dollars and cost 39.60; a pair's the same.</summary>
    [Theory]
    [InlineData(10_000, Purpose.Complete)]
    [InlineData(0, Purpose.Complete)]
    [InlineData(-500, Purpose.Unwind)]
    public void Over_its_cap_a_completion_becomes_an_unwind(int capBps, Purpose expected)
    {
        var policy = Given.Policy with { CompletionCapBps = capBps };
        var step = Assert.IsType<BalanceStep.Send>(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 60)], asks: 99, policy: policy, after: 1));
        Assert.Equal(expected, step.Purpose);
    }

    [Fact]
    public void After_the_window_the_excess_is_sold()
    {
        var step = Assert.IsType<BalanceStep.Send>(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 60)], after: 5.001));
        Assert.Equal((Purpose.Unwind, 0, 1, Side.Sell), (step.Purpose, step.Order.Leg, step.Order.Attempt, step.Order.Side));
        Assert.Equal((Size.Shares(40).Micros, Usd.Dollars(16).Micros, Price.Cents(40)), (step.Order.MakerAmount, step.Order.TakerAmount, step.Order.Limit));
        Assert.Equal(Usd.Zero, step.Order.Outlay);
    }

    [Fact]
    public void Shares_are_sold_only_once_they_are_settled() => Assert.IsType<BalanceStep.Wait>(
        Decide(Given.Basket(), [Bought(0, 100) with { IsSettled = false }, Bought(1, 60)], after: 6));

    [Theory]
    [InlineData(2_000, true)] // 40 shares cost 18 and bring 16: a loss of 2 out of 10.
    [InlineData(1_999, false)]
    public void An_unwind_beyond_its_cap_is_held(int capBps, bool sells)
    {
        var step = Decide(Given.Basket(), [Bought(0, 100), Bought(1, 60)], policy: Given.Policy with { UnwindCapBps = capBps }, after: 6);
        if (sells) Assert.IsType<BalanceStep.Send>(step);
        else Assert.Equal("residue leg 0: 40", Close(step).Note);
    }

    [Theory]
    [InlineData(96, false)]
    [InlineData(95, true)]
    public void A_rung_below_the_venues_minimum_is_not_sent(long filled, bool sells)
    {
        var step = Decide(Given.Basket(), [Bought(0, 100), Bought(1, filled)], after: 6);
        Assert.Equal(sells, step is BalanceStep.Send);
        if (!sells) Assert.Equal((BasketEnd.Completed, Size.Shares(96), Usd.Dollars(96)), (Close(step).End, Close(step).Quantity, Close(step).Payout));
    }

    [Fact]
    public void A_completion_below_the_minimum_is_not_sent_either() =>
        Assert.IsType<BalanceStep.Close>(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 96)], asks: 45, after: 1));

    [Fact]
    public void An_unwind_the_bids_cannot_take_is_held() =>
        Assert.Equal(BasketEnd.Completed, Close(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 40)], bidShares: 59, after: 6)).End);

    [Theory]
    [InlineData(BasketKind.Pair, 100, 100, 60, 60)]
    [InlineData(BasketKind.AllYes, 100, 80, 0, 0)]
    [InlineData(BasketKind.No, 100, 100, 100, 200)]
    [InlineData(BasketKind.No, 100, 100, 60, 160)]
    [InlineData(BasketKind.No, 100, 100, 0, 100)]
    [InlineData(BasketKind.No, 100, 0, 0, 0)]
    public void Is_worth_its_smallest_leg_or_of_no_legs_all_but_the_largest(BasketKind kind, long a, long b, long c, long worth) =>
        Assert.Equal(Usd.Dollars(worth), LegBalance.Worth(kind, [Size.Shares(a), Size.Shares(b), Size.Shares(c)]));

    [Fact]
    public void A_no_basket_sells_only_what_is_more_than_its_second_leg()
    {
        var step = Assert.IsType<BalanceStep.Send>(Decide(Given.Basket(legs: 3), [Bought(0, 100), Bought(1, 80), Bought(2, 0)], after: 6));
        Assert.Equal((0, Size.Shares(20)), (step.Order.Leg, step.Order.Shares));
    }

    [Fact]
    public void An_all_yes_basket_sells_down_to_its_smallest_leg()
    {
        var step = Assert.IsType<BalanceStep.Send>(Decide(
            Given.Basket(BasketKind.AllYes, 3), [Bought(0, 100), Bought(1, 80), Bought(2, 0)],
            policy: Given.Policy with { UnwindCapBps = -10_000 }, after: 6)); // It was expected to lose 35 dollars.
        Assert.Equal((0, Size.Shares(100)), (step.Order.Leg, step.Order.Shares));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void One_closing_order_is_out_at_a_time(double after)
    {
        LegNews[] orders = [Bought(0, 100), Bought(1, 60), Bought(1, 0, attempt: 1) with { IsClosed = false, IsSettled = false }];
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), orders, after: after));
    }

    [Fact]
    public void The_fourth_attempt_is_not_made()
    {
        LegNews[] orders = [Bought(0, 100), Bought(1, 60), .. Enumerable.Range(1, 3).Select(attempt => Bought(1, 0, attempt))];
        Assert.Equal(Purpose.Unwind, Assert.IsType<BalanceStep.Send>(Decide(Given.Basket(), orders, after: 1)).Purpose);
        Assert.IsType<BalanceStep.Close>(Decide(Given.Basket(), [.. orders, .. Enumerable.Range(1, 3).Select(attempt => Bought(0, 0, attempt))], after: 1));
    }

    [Fact]
    public void A_sold_excess_ends_even()
    {
        var sold = Bought(0, 40) with { Order = Given.Leg(side: Side.Sell, attempt: 1), Money = Usd.Dollars(16) };
        var result = Close(Decide(Given.Basket(), [Bought(0, 100), Bought(1, 60), sold], after: 6));
        Assert.Equal((BasketEnd.Completed, Size.Shares(60), Usd.Dollars(60), Usd.Dollars(56)), (result.End, result.Quantity, result.Payout, result.Spent));

        var all = Close(Decide(Given.Basket(), [Bought(0, 40), Bought(1, 0), sold], after: 6));
        Assert.Equal((BasketEnd.Unwound, Usd.Dollars(2)), (all.End, all.Spent));
    }

    private static BasketResult Close(BalanceStep step) => Assert.IsType<BalanceStep.Close>(step).Result;

    private static LegNews Bought(int leg, long shares, int attempt = 0) => new(
        new OrderId($"o{leg}-{attempt}"), Given.Leg(leg, attempt: attempt), attempt == 0 ? Purpose.Open : Purpose.Complete, Given.Noon, OrderState.Confirmed,
        Size.Shares(shares), Usd.Cents(shares * 45), IsClosed: true, IsMined: true, IsSettled: true, Refusal: null);

    private static BalanceStep Decide(
        Basket basket, LegNews[] orders, int asks = 60, long bidShares = 100, EdgePolicy? policy = null, double after = 0)
    {
        var legs = basket.Legs.Select(leg => new CandidateLeg(
            Given.Book(Given.Condition(leg.Leg), [(100 - asks, 100)], [(60, bidShares)]), Outcome.No)).ToArray();
        return LegBalance.Decide(new OpenBasket(basket, Given.Noon, [.. orders]), legs, policy ?? Given.Policy, Given.Noon, Given.After(after));
    }
}
