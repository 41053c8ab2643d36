using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Baskets of 100 shares at 45 cents a leg; the plain basket is expected to earn 10 dollars, one of three legs 65.</summary>
public class LegBalanceTests
{
    [Fact]
    public void Equal_and_settled_legs_are_complete()
    {
        var result = Close(Decide(Given.Basket(), [Had(0, 100), Had(1, 100)]));
        Assert.Equal(new BasketResult(BasketEnd.Completed, Size.Shares(100), Usd.Dollars(100), Usd.Dollars(90), ""), result with { Residues = [], Earned = Usd.Zero });
        Assert.Equal(Usd.Dollars(10), result.Earned);
        Assert.Empty(result.Residues);
    }

    [Fact]
    public void Equal_but_unsettled_legs_lock() => Assert.Equal(
        new BalanceStep.Lock(Size.Shares(100), Usd.Dollars(100)),
        Decide(Given.Basket(), [Had(0, 100), Had(1, 100) with { IsSettled = false }]));

    [Fact]
    public void A_locked_basket_waits_for_its_settlement_and_closes()
    {
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), [Had(0, 100), Had(1, 60) with { IsSettled = false }], locked: true));
        Assert.IsType<BalanceStep.Close>(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], locked: true));
    }

    [Fact]
    public void Nothing_filled_is_unfilled_once_that_is_final()
    {
        var result = Close(Decide(Given.Basket(), [Had(0, 0), Had(1, 0)]));
        Assert.Equal((BasketEnd.Unfilled, Size.Zero, Usd.Zero, Usd.Zero), (result.End, result.Quantity, result.Payout, result.Spent));
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), [Had(0, 0), Had(1, 0) with { IsSettled = false }]));
    }

    [Fact]
    public void A_short_leg_is_completed_within_its_window_and_cap()
    {
        var step = Sent(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], asks: 55, after: 4.999));
        Assert.Equal((Purpose.Complete, 1, 1, Side.Buy), (step.Purpose, step.Order.Leg, step.Order.Attempt, step.Order.Side));
        Assert.Equal((Usd.Dollars(22).Micros, Price.Cents(55)), (step.Order.MakerAmount, step.Order.Limit));
    }

    [Fact]
    public void A_completion_does_not_wait_for_the_settlement_of_the_rest() =>
        Assert.Equal(Purpose.Complete, Sent(Decide(Given.Basket(), [Had(0, 100) with { IsSettled = false }, Had(1, 60)], asks: 55, after: 1)).Purpose);

    /// <summary>40 shares are missing. At 55 cents each costs 10 more than planned, at 99 cents 54 more.</summary>
    [Theory]
    [InlineData(55, 10_000, 4_000)]
    [InlineData(55, 4_000, 4_000)]
    [InlineData(55, 3_999, 3_998)] // 39.99 shares are 21.99 dollars, which buy 39.98.
    [InlineData(99, 10_000, 1_851)]
    [InlineData(45, 0, 4_000)]
    [InlineData(46, 0, 0)]
    public void A_completion_buys_as_much_as_its_cap_allows(int asks, int capBps, long hundredths)
    {
        var step = Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], asks: asks, policy: Given.Policy with { CompletionCapBps = capBps }, after: 1);
        Assert.Equal(hundredths, step is BalanceStep.Send(_, var order) ? order.Expected.Micros / 10_000 : 0);
    }

    /// <summary>
    /// 20 shares at 50 cents and more at 60. All of it may come to be filled at 60, so of 6 dollars it buys 40 and of 5 no more than 33;
    /// with 2 not even the 20 at 50 leave room for one at 60.
    /// </summary>
    [Theory]
    [InlineData(6_000, 40)]
    [InlineData(5_000, 33)]
    [InlineData(2_000, 20)]
    public void The_cap_holds_also_when_an_order_fills_at_its_limit(int capBps, long shares)
    {
        var book = Given.Book(Given.Condition(1), [(50, 20), (40, 100)], [(70, 100)]); // Bids for YES are offers of NO.
        CandidateLeg[] legs = [new(Given.Book(Given.Condition(0), [(50, 100)], [(70, 100)]), Outcome.No), new(book, Outcome.No)];
        var step = LegBalance.Decide(
            new OpenBasket(Given.Basket(), Given.Noon, [Had(0, 100), Had(1, 60)]), legs, Given.Policy with { CompletionCapBps = capBps },
            new BasketClock(Given.Noon, Given.Noon), Given.After(1));
        Assert.Equal(shares, Sent(step).Order.Expected.Micros / 1_000_000);
    }

    /// <summary>A quote that was replaced is measured against where it rested last, not where the pair began: 45 cents are dear to one at 36.</summary>
    [Theory]
    [InlineData(36, false)]
    [InlineData(45, true)]
    public void A_quote_is_completed_by_the_price_it_last_rested_at(int cents, bool sends)
    {
        LegNews[] orders =
        [
            Had(0, 100) with { Order = Given.Leg(0) with { PostOnly = true } },
            Had(1, 0) with { Order = Given.Leg(1) with { PostOnly = true } },
            Had(1, 60, attempt: 1) with { Order = Given.Leg(1, attempt: 1) with { PostOnly = true, Limit = Price.Cents(cents) }, Purpose = Purpose.Quote },
        ];
        var step = Decide(Given.Basket() with { Style = BasketStyle.Maker }, orders, asks: 45, policy: Given.Policy with { CompletionCapBps = 0 }, after: 1);
        Assert.Equal(sends, step is BalanceStep.Send);
    }

    /// <summary>Half of the basket was dealt in, so half of its ten dollars may be spent: 25 shares at 20 cents more than planned.</summary>
    [Fact]
    public void The_cap_is_of_the_part_that_was_dealt_in()
    {
        var step = Sent(Decide(Given.Basket(), [Had(0, 50), Had(1, 10)], asks: 65, after: 1));
        Assert.InRange(step.Order.Expected.Micros, 24_980_000, 25_000_000);
    }

    /// <summary>What earlier completions cost counts: 20 shares at 65 cents took 4 of the 10 dollars.</summary>
    [Fact]
    public void The_cap_is_for_all_completions_together()
    {
        LegNews[] orders = [Had(0, 100), Had(1, 40), Had(1, 20, attempt: 1) with { Purpose = Purpose.Complete, Money = Usd.Dollars(13) }];
        Assert.Equal(Size.Shares(30), Sent(Decide(Given.Basket(), orders, asks: 65, after: 1)).Order.Expected);
    }

    [Fact]
    public void While_its_price_is_too_high_a_completion_waits_for_the_end_of_its_window()
    {
        var policy = Given.Policy with { CompletionCapBps = 0 };
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], policy: policy, after: 4.999));
        Assert.Equal(Purpose.Unwind, Sent(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], policy: policy, after: 5)).Purpose);
    }

    [Fact]
    public void After_the_window_the_excess_is_given_back()
    {
        var step = Sent(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], after: 5));
        Assert.Equal((Purpose.Unwind, 0, 1, Side.Sell), (step.Purpose, step.Order.Leg, step.Order.Attempt, step.Order.Side));
        Assert.Equal((Size.Shares(40).Micros, Usd.Dollars(16).Micros, Price.Cents(40)), (step.Order.MakerAmount, step.Order.TakerAmount, step.Order.Limit));
        Assert.Equal(Usd.Zero, step.Order.Outlay);
    }

    /// <summary>The window of giving back begins when the shares are on the chain.</summary>
    [Theory]
    [InlineData(null, 100, "Wait")]
    [InlineData(1, 35, "Send")] // From the end of the completion on.
    [InlineData(1, 35.001, "Close")]
    [InlineData(60, 90, "Send")]
    [InlineData(60, 90.001, "Close")]
    public void Shares_are_given_back_only_once_they_are_mined(int? mined, double after, string step) => Assert.Equal(
        step, Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], after: after, mined: mined).GetType().Name);

    /// <summary>40 shares cost 18 dollars and bring 16: a loss of 2 out of 10.</summary>
    [Theory]
    [InlineData(2_000, 4_000)]
    [InlineData(1_000, 2_000)]
    [InlineData(0, 0)]
    public void An_unwind_sells_as_much_as_its_cap_allows(int capBps, long hundredths)
    {
        var step = Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], policy: Given.Policy with { UnwindCapBps = capBps }, after: 6);
        Assert.Equal(hundredths, step is BalanceStep.Send(_, var order) ? order.Shares.Micros / 10_000 : 0);
    }

    [Fact]
    public void What_could_not_be_given_back_in_time_is_held()
    {
        var result = Close(Decide(Given.Basket(), [Had(0, 100), Had(1, 60)], policy: Given.Policy with { UnwindCapBps = 0 }, after: 36));
        Assert.Equal((BasketEnd.Held, "residue leg 0: 40", Size.Shares(60)), (result.End, result.Note, result.Quantity));
        Assert.Equal([new Residue(0, Given.No(0), Size.Shares(40))], result.Residues);
    }

    [Fact]
    public void An_unwind_takes_the_bids_there_are() =>
        Assert.Equal(Size.Shares(59), Sent(Decide(Given.Basket(), [Had(0, 100), Had(1, 40)], bidShares: 59, after: 6)).Order.Shares);

    /// <summary>Two shares at 45 cents are below a dollar: 2.22 are bought for it, and 10 cents are lost.</summary>
    [Theory]
    [InlineData(100, "Send")]
    [InlineData(99, "Wait")]
    public void A_completion_below_the_venues_minimum_is_rounded_up_if_the_cap_allows(int capBps, string step)
    {
        var found = Decide(Given.Basket(), [Had(0, 100), Had(1, 98)], asks: 45, policy: Given.Policy with { CompletionCapBps = capBps }, after: 1);
        Assert.Equal(step, found.GetType().Name);
        if (found is BalanceStep.Send(_, var order)) Assert.Equal(Usd.Dollars(1).Micros, order.MakerAmount);
    }

    /// <summary>Rounding one leg up makes others short: legs must not overtake each other for ever.</summary>
    [Fact]
    public void A_basket_is_rounded_up_once_and_only_where_one_leg_is_short()
    {
        var rounded = Had(1, 1, attempt: 1) with { Order = Given.Leg(1, cents: 100, attempt: 1) };
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), [Had(0, 100), Had(1, 97), rounded], asks: 45, after: 1));
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(BasketKind.AllYes, 3), [Had(0, 100), Had(1, 98), Had(2, 98)], asks: 45, after: 1));
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), [Had(0, 100), Had(1, 99)], asks: 45, after: 1)); // 1.22 too many for 1 too few.
    }

    [Fact]
    public void A_residue_below_the_venues_minimum_is_listed_and_the_basket_complete()
    {
        var result = Close(Decide(Given.Basket(), [Had(0, 100), Had(1, 98)], policy: Given.Policy with { CompletionCapBps = 0 }, after: 5));
        Assert.Equal((BasketEnd.Completed, Size.Shares(98), "residue leg 0: 2"), (result.End, result.Quantity, result.Note));
    }

    [Theory]
    [InlineData(BasketKind.Pair, Side.Buy, 100, 100, 60, 60)]
    [InlineData(BasketKind.AllYes, Side.Buy, 100, 80, 0, 0)]
    [InlineData(BasketKind.No, Side.Buy, 100, 100, 100, 200)]
    [InlineData(BasketKind.No, Side.Buy, 100, 100, 60, 160)]
    [InlineData(BasketKind.No, Side.Buy, 100, 100, 0, 100)]
    [InlineData(BasketKind.No, Side.Buy, 100, 0, 0, 0)]
    [InlineData(BasketKind.Pair, Side.Sell, 100, 80, 0, 100)]
    [InlineData(BasketKind.AllYes, Side.Sell, 100, 80, 0, 100)]
    [InlineData(BasketKind.No, Side.Sell, 100, 100, 60, 200)]
    public void Is_worth_for_certain_or_owes_at_the_most(BasketKind kind, Side side, long a, long b, long c, long worth) =>
        Assert.Equal(Usd.Dollars(worth), LegBalance.Worth(kind, [Size.Shares(a), Size.Shares(b), Size.Shares(c)], side));

    /// <summary>
    /// Of three NO legs at 45 cents any two pay a dollar together: a missing third is let go when the rest earns something. 100 and 80
    /// cost 81 and pay 80; 100 and 95 cost 87.75 and pay 95.
    /// </summary>
    [Theory]
    [InlineData(100, 100, 0, "Close")]
    [InlineData(100, 95, 0, "Send 1 5")]
    [InlineData(100, 80, 0, "Send 2 100")] // The cheapest short leg, to what the largest has.
    public void A_no_basket_lets_missing_legs_go_if_the_rest_earns_something(long a, long b, long c, string step)
    {
        var found = Decide(Given.Basket(legs: 3), [Had(0, a), Had(1, b), Had(2, c)], asks: 50, bidCents: 30, otherAsks: (2, 40), after: 1);
        Assert.Equal(step, found is BalanceStep.Send(_, var order) ? $"Send {order.Leg} {order.Expected}" : found.GetType().Name);
    }

    /// <summary>After the window missing legs may also be let go at a loss that giving everything back may have: here one dollar of 65.</summary>
    [Theory]
    [InlineData(10_000, "leg 0: 20")]
    [InlineData(153, "leg 0: 100")] // 99 cents: the lone legs are given back whole.
    public void A_no_basket_gives_back_only_what_is_more_than_its_second_leg(int capBps, string expected)
    {
        var policy = Given.Policy with { UnwindCapBps = capBps };
        var step = Decide(Given.Basket(legs: 3), [Had(0, 100), Had(1, 80), Had(2, 0)], bidCents: 45, policy: policy, after: 6);
        Assert.Equal(expected, $"leg {Sent(step).Order.Leg}: {Sent(step).Order.Shares}");
    }

    /// <summary>A venue tells that an order matched before it tells the trades: what it cost counts at the limit until then.</summary>
    [Fact]
    public void Legs_are_not_let_go_for_money_that_has_yet_to_be_told()
    {
        LegNews[] orders = [Had(0, 100), Had(1, 80) with { Money = Usd.Zero, Paid = Size.Zero }, Had(2, 0)];
        Assert.Equal(Purpose.Complete, Sent(Decide(Given.Basket(legs: 3), orders, asks: 50, after: 1)).Purpose);
    }

    /// <summary>Three legs of 100 pay 200 and cost 240: what cannot be given back within the cap is held, however even it looks.</summary>
    [Fact]
    public void A_no_basket_without_a_leg_that_loses_too_much_is_held()
    {
        var basket = Given.Basket(legs: 4, cents: 7_400);
        LegNews[] orders = [.. Enumerable.Range(0, 3).Select(leg => Had(leg, 100) with { Money = Usd.Dollars(80) }), Had(3, 0)];
        var result = Close(Decide(basket, orders, policy: Given.Policy with { UnwindCapBps = 0 }, after: 36));
        Assert.Equal((BasketEnd.Held, Usd.Dollars(200), Usd.Dollars(240)), (result.End, result.Payout, result.Spent));
    }

    [Fact]
    public void An_all_yes_basket_gives_back_down_to_its_smallest_leg()
    {
        var basket = Given.Basket(BasketKind.AllYes, 3, cents: 3_000);
        var step = Sent(Decide(basket, [Had(0, 100), Had(1, 80), Had(2, 0)], policy: Given.Policy with { UnwindCapBps = 100_000 }, after: 6));
        Assert.Equal((0, Size.Shares(100)), (step.Order.Leg, step.Order.Shares));
    }

    /// <summary>Sold at 55 cents a leg: a dollar given up brings 1.10. A leg that sold less sells on at a worse bid, or the excess is bought back.</summary>
    [Theory]
    [InlineData(1, Purpose.Complete, 1, Side.Sell)]
    [InlineData(6, Purpose.Unwind, 0, Side.Buy)]
    public void A_sale_is_completed_and_undone_the_other_way_round(double after, Purpose purpose, int leg, Side side)
    {
        var basket = Given.Basket(BasketKind.AllYes, side: Side.Sell, cents: 5_500);
        LegNews[] orders = [Sold(0, 100), Sold(1, 60)];
        var step = Sent(Decide(basket, orders, asks: 60, bidCents: 50, after: after));
        Assert.Equal((purpose, leg, side, 40_000_000L), (step.Purpose, step.Order.Leg, step.Order.Side, step.Order.Expected.Micros));

        var result = Close(Decide(basket, [Sold(0, 100), Sold(1, 100)]));
        Assert.Equal((BasketEnd.Completed, Usd.Dollars(100), Usd.Dollars(-110), Usd.Dollars(10)), (result.End, result.Payout, result.Spent, result.Earned));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void One_closing_order_is_out_at_a_time(double after)
    {
        LegNews[] orders = [Had(0, 100), Had(1, 60), Had(1, 0, attempt: 1) with { IsClosed = false, IsSettled = false }];
        Assert.IsType<BalanceStep.Wait>(Decide(Given.Basket(), orders, asks: 45, after: after));
    }

    /// <summary>The book it was made from is not the venue's, or not yet: a second is what the policy waits after a refusal.</summary>
    [Theory]
    [InlineData(2.9, "Wait")]
    [InlineData(3.0, "Send")]
    public void A_rung_that_came_to_nothing_is_not_sent_again_at_once(double after, string step)
    {
        LegNews[] orders = [Had(0, 100), Had(1, 60), Had(1, 0, attempt: 1) with { PlacedAt = Given.After(2) }];
        Assert.Equal(step, Decide(Given.Basket(), orders, asks: 45, after: after).GetType().Name);
    }

    [Fact]
    public void A_venue_that_refuses_for_ever_is_not_asked_for_ever()
    {
        LegNews[] orders = [Had(0, 100), Had(1, 60), .. Enumerable.Range(1, 20).Select(attempt => Had(1, 0, attempt))];
        Assert.Equal(Purpose.Unwind, Sent(Decide(Given.Basket(), orders, asks: 45, after: 1)).Purpose);
        Assert.Equal(
            BasketEnd.Held,
            Close(Decide(Given.Basket(), [.. orders, .. Enumerable.Range(1, 20).Select(attempt => Had(0, 0, attempt))], asks: 45, after: 1)).End);
    }

    [Fact]
    public void A_given_back_excess_ends_even()
    {
        var sold = Had(0, 40) with { Order = Given.Leg(side: Side.Sell, attempt: 1), Purpose = Purpose.Unwind, Money = Usd.Dollars(16) };
        var result = Close(Decide(Given.Basket(), [Had(0, 100), Had(1, 60), sold], after: 6));
        Assert.Equal((BasketEnd.Completed, Size.Shares(60), Usd.Dollars(60), Usd.Dollars(56)), (result.End, result.Quantity, result.Payout, result.Spent));

        var all = Close(Decide(Given.Basket(), [Had(0, 40), Had(1, 0), sold], after: 6));
        Assert.Equal((BasketEnd.Unwound, Usd.Dollars(2)), (all.End, all.Spent));
    }

    [Fact]
    public void Without_prices_what_there_is_is_held() => Assert.Equal(
        BasketEnd.Held,
        Close(LegBalance.Decide(new OpenBasket(Given.Basket(), Given.Noon, [Had(0, 100), Had(1, 60)]), null, Given.Policy, new(Given.Noon, Given.Noon), Given.Noon)).End);

    private static BasketResult Close(BalanceStep step) => Assert.IsType<BalanceStep.Close>(step).Result;

    private static BalanceStep.Send Sent(BalanceStep step) => Assert.IsType<BalanceStep.Send>(step);

    private static LegNews Had(int leg, long shares, int attempt = 0) => new(
        new OrderId($"o{leg}-{attempt}"), Given.Leg(leg, attempt: attempt), attempt == 0 ? Purpose.Open : Purpose.Complete, Given.Noon, OrderState.Confirmed,
        Size.Shares(shares), Usd.Cents(shares * 45), Size.Shares(shares), Usd.Zero, IsClosed: true, IsMined: true, IsSettled: true, Refusal: null);

    private static LegNews Sold(int leg, long shares) => Had(leg, shares) with
    {
        Order = Given.Leg(leg, Side.Sell, 5_500, outcome: Outcome.Yes),
        Money = Usd.Cents(shares * 55),
    };

    /// <summary>Books of both tokens alike: asks and bids of the leg's own token.</summary>
    private static BalanceStep Decide(
        Basket basket, LegNews[] orders, int asks = 60, long bidShares = 100, int bidCents = 40, EdgePolicy? policy = null, double after = 0,
        double? mined = 0, bool locked = false, (int Leg, int Cents)? otherAsks = null)
    {
        var legs = basket.Legs.Select(leg => new CandidateLeg(
            BookOf(leg, otherAsks is var (other, cents) && other == leg.Leg ? cents : asks, bidCents, bidShares), leg.Outcome)).ToArray();
        var open = new OpenBasket(basket, Given.Noon, [.. orders], locked ? Given.Noon : null);
        var clock = new BasketClock(Given.Noon, mined is { } at ? Given.After(at) : null);
        return LegBalance.Decide(open, legs, policy ?? Given.Policy, clock, Given.After(after));
    }

    private static ConditionBook BookOf(LegOrder leg, int asks, int bids, long bidShares) => leg.Outcome is Outcome.No
        ? Given.Book(Given.Condition(leg.Leg), [(100 - asks, 100)], [(100 - bids, bidShares)])
        : Given.Book(Given.Condition(leg.Leg), [(bids, bidShares)], [(asks, 100)]);
}
