using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>A pair of 20 shares at 48 + 48, a second old and older where nothing else is said; wanted at 48 + 48, at most 98 together.</summary>
public class QuoteKeeperTests
{
    private static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);
    private static readonly QuoteMemory Plain = new(null, false, null, new HashSet<OrderId>());

    private readonly ConditionBook _book = Given.Book(Given.Condition(), [(48, 100)], [(52, 100)]);

    [Theory]
    //          wanted   | pulled
    [InlineData(48, 48, "")]
    [InlineData(49, 47, "")] // A tick off is good enough.
    [InlineData(47, 49, "")]
    [InlineData(50, 48, "y")]
    [InlineData(46, 48, "y")]
    [InlineData(48, 46, "n")]
    [InlineData(46, 50, "y n")]
    public void Replaces_what_is_more_than_a_tick_off_its_price(int yes, int no, string pulled) =>
        AssertPulls(pulled, "off its price", Next(Pair(), Wanted(yes, no)));

    [Fact]
    public void Takes_both_back_when_together_they_would_leave_too_little()
    {
        AssertPulls("", "", Next(Pair(), Wanted(48, 48, most: 96)));
        AssertPulls("y n", "the edge is gone", Next(Pair(), Wanted(47, 47, most: 95)));
    }

    [Theory]
    [InlineData(QuoteRefusal.Unsettled, "", false)]
    [InlineData(QuoteRefusal.NotProven, "y n", true)]
    [InlineData(QuoteRefusal.NotTradable, "y n", true)]
    [InlineData(QuoteRefusal.NoFee, "y n", false)]
    [InlineData(QuoteRefusal.DelaysTakers, "y n", false)]
    [InlineData(QuoteRefusal.NotCovered, "y n", false)]
    [InlineData(QuoteRefusal.BelowMinimum, "y n", false)]
    [InlineData(QuoteRefusal.Inventory, "y n", false)]
    [InlineData(QuoteRefusal.OneSided, "y n", false)]
    [InlineData(QuoteRefusal.Implausible, "y n", false)]
    [InlineData(QuoteRefusal.NoRoom, "y n", false)]
    public void Takes_both_back_where_nothing_should_rest(QuoteRefusal why, string pulled, bool isUrgent) =>
        AssertPulls(pulled, null, Next(Pair(), new QuoteWish.None(why)), isUrgent);

    /// <summary>Young orders stay, unless risk does not allow it.</summary>
    [Theory]
    [InlineData(0.999, QuoteRefusal.NoRoom, "")]
    [InlineData(1.0, QuoteRefusal.NoRoom, "y n")]
    [InlineData(0.999, QuoteRefusal.NotProven, "y n")]
    public void Keeps_an_order_for_its_minimum_life_but_never_in_a_book_that_failed(double age, QuoteRefusal why, string pulled) =>
        AssertPulls(pulled, null, Next(Pair(), new QuoteWish.None(why), at: age), why is QuoteRefusal.NotProven);

    [Fact]
    public void Does_not_ask_twice_for_what_is_on_its_way_out()
    {
        var memory = Plain with { Leaving = new HashSet<OrderId> { new("y") } };
        AssertPulls("n", "no price is low enough", Next(Pair(), new QuoteWish.None(QuoteRefusal.NoRoom), memory));
        AssertPulls("n", "off its price", Next(Pair(), Wanted(40, 40), memory));
        Assert.IsType<QuoteStep.Wait>(Next(Pair(yes: Gone()), Wanted(48, 48), Plain with { Leaving = new HashSet<OrderId> { new("n") } })); // Both sides first.
    }

    [Fact]
    public void Puts_a_side_out_again_beside_the_one_that_stayed()
    {
        var step = Assert.IsType<QuoteStep.Send>(Next(Pair(yes: Gone()), Wanted(49, 48)));
        var order = step.Order;
        Assert.Equal((0, 1, Outcome.Yes, Side.Buy, OrderType.Gtd, true), (order.Leg, order.Attempt, order.Outcome, order.Side, order.Type, order.PostOnly));
        Assert.Equal((Price.Cents(49), Usd.Parse("9.8").Micros, Size.Shares(20).Micros), (order.Limit, order.MakerAmount, order.TakerAmount));
    }

    [Theory]
    //          wanted, most | price of YES beside a NO of 48; 0: nothing, both go
    [InlineData(50, 98, 50)]
    [InlineData(51, 98, 50)] // The other one allows no more.
    [InlineData(52, 98, 0)] // That would be off its price again.
    public void Never_goes_out_at_more_than_the_other_side_leaves(int wanted, int most, int price)
    {
        var step = Next(Pair(yes: Gone()), Wanted(wanted, 48, most));
        if (price > 0) Assert.Equal(Price.Cents(price), Assert.IsType<QuoteStep.Send>(step).Order.Limit);
        else AssertPulls("n", "no price is left for the other side", step);
    }

    /// <summary>Any share of one side may have to answer the dearest one of the other.</summary>
    [Theory]
    [InlineData(101, true)]
    [InlineData(100, false)]
    public void A_price_that_was_paid_counts_like_one_that_stands(int most, bool sent)
    {
        ImmutableArray<LegNews> no = [Order("n0", 1, 53, matched: 3, closed: true), Order("n", 1, 48, attempt: 1)];
        var step = Next(Pair(yes: [Order("y", 0, 48, matched: 3, closed: true)], no), Wanted(48, 48, most));
        if (sent) Assert.Equal(Price.Cents(48), Assert.IsType<QuoteStep.Send>(step).Order.Limit);
        else AssertPulls("n", "the edge is gone", step);
    }

    /// <summary>Every attempt stays with the basket: after ten the pair ends, and a new one begins.</summary>
    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_side_is_not_put_out_again_for_ever(int attempts, bool ends)
    {
        var gone = Enumerable.Range(0, attempts).Select(attempt => Order($"y{attempt}", 0, 48, closed: true, attempt: attempt));
        var step = Next(Pair(yes: [.. gone]), Wanted(48, 48));
        if (ends) AssertPulls("n", "replaced often enough", step);
        else Assert.IsType<QuoteStep.Send>(step);
    }

    [Fact]
    public void A_side_refused_at_once_waits_a_minimum_life_before_it_is_tried_again()
    {
        var refused = Order("y", 0, 48, closed: true) with { PlacedAt = Given.After(0.5) };
        Assert.IsType<QuoteStep.Wait>(Next(Pair(yes: [refused]), Wanted(48, 48), at: 1.499));
        Assert.IsType<QuoteStep.Send>(Next(Pair(yes: [refused]), Wanted(48, 48), at: 1.5));
    }

    [Theory]
    [InlineData(15, true)] // 5 are left: the venue's minimum.
    [InlineData(16, false)]
    public void What_is_left_of_a_side_goes_out_again_if_the_venue_takes_so_little(int matched, bool sent)
    {
        var step = Next(Pair(yes: [Order("y", 0, 48, matched, closed: true)], no: [Order("n", 1, 48, matched)]), Wanted(48, 48));
        if (sent) Assert.Equal(Size.Shares(20 - matched), Assert.IsType<QuoteStep.Send>(step).Order.Shares);
        else Assert.IsType<QuoteStep.Wait>(step);
    }

    [Fact]
    public void A_side_that_was_filled_lets_the_other_one_rest_for_the_completion_window()
    {
        var half = Pair(yes: [Order("y", 0, 48, matched: 20, closed: true)]);
        var memory = Plain with { ShortSince = Given.After(10) };
        Assert.IsType<QuoteStep.Wait>(Next(half, Wanted(48, 40), memory, at: 10)); // Off its price, and right where it is.
        Assert.IsType<QuoteStep.Wait>(Next(half, Wanted(48, 48), memory, draining: true, at: 15));
        AssertPulls("n", "the completion window is over", Next(half, Wanted(48, 48), memory, at: 15.001), isUrgent: true);
    }

    [Theory]
    [InlineData(51, "")] // 48 + 51 leave a cent, but the threshold wants more.
    [InlineData(50, "n")]
    public void A_short_side_that_can_be_taken_with_the_threshold_left_is_not_waited_for(int ask, string pulled)
    {
        var book = Given.Book(Given.Condition(), [(100 - ask, 100)], [(60, 100)]);
        var half = Pair(yes: [Order("y", 0, 48, matched: 20, closed: true)]);
        var step = QuoteKeeper.Next(half, book, Wanted(48, 48), Plain with { ShortSince = Given.Noon }, Given.Policy, MinLifetime, false, Given.After(2));
        AssertPulls(pulled, "the short leg is worth taking", step);
    }

    [Fact]
    public void A_short_side_of_which_nothing_rests_is_the_ladders_at_once() => AssertPulls("y", "nothing of the short leg rests", Next(
        Pair(yes: [Order("y", 0, 48, matched: 15)], no: Gone("n", 1)), Wanted(48, 48), Plain with { ShortSince = Given.Noon }, at: 0.1), isUrgent: true);

    [Fact]
    public void What_has_to_go_goes_whatever_was_filled()
    {
        var half = Pair(yes: [Order("y", 0, 48, matched: 20, closed: true)]);
        var memory = Plain with { ShortSince = Given.Noon, Ending = "in the way", IsUrgent = true };
        AssertPulls("n", "in the way", Next(half, Wanted(48, 48), memory, at: 0.1), isUrgent: true);
        AssertPulls("n", "its book is not proven", Next(half, new QuoteWish.None(QuoteRefusal.NotProven), memory with { Ending = null }, at: 0.1), isUrgent: true);
    }

    [Fact]
    public void A_market_that_drains_and_a_condition_that_is_gone_keep_nothing()
    {
        AssertPulls("y n", "no new risk is wanted", Next(Pair(), Wanted(48, 48), draining: true));
        var step = QuoteKeeper.Next(Pair(), null, new QuoteWish.None(QuoteRefusal.NotCovered), Plain, Given.Policy, MinLifetime, false, Given.After(0.1));
        AssertPulls("y n", "its condition is gone", step, isUrgent: true);
    }

    [Fact]
    public void Once_nothing_rests_or_the_ladder_has_begun_it_is_the_ladders()
    {
        Assert.IsType<QuoteStep.Ladder>(Next(Pair(Gone(), Gone("n", 1)), Wanted(48, 48)));
        Assert.IsType<QuoteStep.Ladder>(Next(Pair(no: [Order("n", 1, 48), Order("c", 1, 52) with { Purpose = Purpose.Complete }]), Wanted(48, 48)));
        Assert.IsType<QuoteStep.Ladder>(Next(Pair() with { LockedAt = Given.Noon }, Wanted(48, 48)));
        Assert.False(QuoteKeeper.Holds(Pair() with { Basket = Given.Basket() }));
    }

    private QuoteStep Next(OpenBasket open, QuoteWish wish, QuoteMemory? memory = null, bool draining = false, double at = 2) =>
        QuoteKeeper.Next(open, _book, wish, memory ?? Plain, Given.Policy, MinLifetime, draining, Given.After(at));

    private static void AssertPulls(string orders, string? why, QuoteStep step, bool isUrgent = false)
    {
        if (orders.Length == 0)
        {
            Assert.IsType<QuoteStep.Wait>(step);
            return;
        }

        var pull = Assert.IsType<QuoteStep.Pull>(step);
        Assert.Equal((orders, isUrgent), (string.Join(' ', pull.Orders), pull.IsUrgent));
        if (why is not null) Assert.Equal(why, pull.Why);
    }

    private static QuoteWish.Rest Wanted(int yes, int no, int most = 98) => new(Price.Cents(yes), Price.Cents(no), Size.Shares(20), Price.Cents(most));

    private static ImmutableArray<LegNews> Gone(string id = "y", int leg = 0) => [Order(id, leg, 48, closed: true)];

    internal static OpenBasket Pair(ImmutableArray<LegNews>? yes = null, ImmutableArray<LegNews>? no = null)
    {
        var condition = Given.Condition();
        var basket = Given.Basket(BasketKind.Pair, id: "q-1") with
        {
            Style = BasketStyle.Maker,
            Quantity = Size.Shares(20),
            Legs = [Leg(0, 48, 0), Leg(1, 48, 0)],
        };
        return new OpenBasket(basket, Given.Noon, [.. yes ?? [Order("y", 0, 48)], .. no ?? [Order("n", 1, 48)]]);
    }

    private static LegOrder Leg(int leg, int cents, int attempt) =>
        QuoteKeeper.Order(Given.Condition(), leg == 0 ? Outcome.Yes : Outcome.No, leg, attempt, Price.Cents(cents), Size.Shares(20));

    private static LegNews Order(string id, int leg, int cents, long matched = 0, bool closed = false, int attempt = 0) => LegNews.Of(new Order(
        Given.Placed(id, Leg(leg, cents, attempt), basket: "q-1"))) with
    {
        Matched = Size.Shares(matched),
        IsClosed = closed,
    };
}
