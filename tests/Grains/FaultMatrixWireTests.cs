using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains.Interfaces;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using Xunit;
using TradeStatus = PolyArb.Domain.Orders.TradeStatus;

namespace PolyArb.Tests.Grains;

/// <summary>Fault matrix: answers and events are lost, late, repeated or refusals.</summary>
public class FaultMatrixWireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_is_lost_after_acceptance_is_made_up_for_by_the_user_channel()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Goes(FaultKind.LostAnswer, question: 0);

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.True(day.HasFired(FaultKind.LostAnswer));
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        Assert.Equal((1, 0), (day.Door.Count("POST /orders"), day.Door.Count("POST /order")));
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Orders_that_nobody_answered_for_and_no_event_told_of_are_found_by_their_ids()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Goes(FaultKind.LostAnswer, question: 0);
        day.Goes(FaultKind.LateUserEvents, durationMs: 300_000);

        day.Offer();
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered }) == 2);

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        var opened = day.Witness.Facts.OfType<Fact.BasketOpened>().Single();
        Assert.All(opened.Orders, order => Assert.True(day.Door.Count($"GET /data/order/{order.Id}") > 0));
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        Assert.Equal((1, 0), (day.Door.Count("POST /orders"), day.Door.Count("POST /order")));
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>It may have been taken: while nobody knows, its leg gets no other one, though it is still short by all that we know.</summary>
    [Fact]
    public async Task A_rung_that_nobody_answered_for_is_not_sent_again()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0, price: 4_500));
        day.Door.Meanwhile("POST /order", () =>
        {
            day.Goes(FaultKind.LostAnswer, question: 0);
            day.Goes(FaultKind.LateUserEvents, durationMs: 4_000);
        });

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Contains(day.Witness.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered });
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        Assert.Equal((1, 1), (day.Door.Count("POST /orders"), day.Door.Count("POST /order")));
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>Nobody knows whether a restarting engine took them: their money stays aside and their market waits. Another one goes on.</summary>
    [Fact]
    public async Task After_a_425_the_basket_is_unanswered_and_holds_up_nobody_but_its_own_market()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Door.Meanwhile("POST /orders", () => day.Goes(FaultKind.Restart425, durationMs: 60_000));
        day.Offer();
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered }) == 2);
        lock (day.Exchange.Gate) day.Exchange.Mode.Set(Mode.Normal);
        day.Books.Ask(1, 4_700, 40); // An even better edge in the market that waits.
        day.Books.Bid(3, 4_200, 400);
        day.Books.Bid(4, 4_500, 400);
        day.Books.Ask(3, 4_500, 40);
        day.Offer(of: 4);

        await FaultDay.Until(async () => (await day.Gateway.Status()).Venue.Length == 0);
        day.Books.Ask(4, 5_300, 40); // Quiet books are not looked at again.

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Unanswered 0", "Open 1: Unanswered 0", "Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        Assert.Equal((2, 0), (day.Door.Count("POST /orders"), day.Door.Count("POST /order")));
        var (lost, other) = (day.Witness.Facts.OfType<Fact.BasketOpened>().First(), day.Witness.Facts.OfType<Fact.BasketOpened>().Last());
        Assert.Equal((day.MarketOf(0).GetPrimaryKeyString(), day.MarketOf(3).GetPrimaryKeyString()), (lost.Basket.Market.Text, other.Basket.Market.Text));
        var unanswered = day.Witness.Facts.First(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered });
        Assert.True(other.At - unanswered.At > TimeSpan.FromSeconds(1.9), $"orders rested for {other.At - unanswered.At}"); // Two, from the answer on.
        await day.AssertNothingTwice(
            Stop, reserved: lost.Basket.Outlay, [.. lost.Orders.Select(order => $"order {order.Id}: Unanswered here, unknown to the venue")]);
    }

    [Fact]
    public async Task What_a_restarting_engine_never_took_is_absent_in_the_end_and_its_market_trades_again()
    {
        await using var day = await FaultDay.Start(Stop, resolveAfter: TimeSpan.Zero);
        day.Door.Meanwhile("POST /orders", () => day.Goes(FaultKind.Restart425, durationMs: 60_000));
        day.Offer();
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered }) == 2);
        lock (day.Exchange.Gate) day.Exchange.Mode.Set(Mode.Normal);

        var lost = await day.Closed();
        Assert.Equal((BasketEnd.Unfilled, Usd.Zero), (lost.End, lost.Spent));
        var facts = day.Witness.Facts;
        Assert.True(
            facts.Last(fact => fact is Fact.OrderChanged { News: OrderEvent.Absent }).At
            - facts.First(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered }).At >= TimeSpan.FromSeconds(10));
        await FaultDay.Until(async () => (await day.Gateway.Status()).Venue.Length == 0);
        day.Books.Ask(1, 5_300, 40); // Quiet books are not looked at again.
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketClosed) == 2);

        FaultDay.AssertCompleted(day.Witness.Facts.OfType<Fact.BasketClosed>().Last().Result, shares: 40);
        Assert.Equal(["Open 0: Absent 0", "Open 1: Absent 0", "Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>The venue's word is waited for, however long it is, and the ladder's windows wait with it.</summary>
    [Fact]
    public async Task A_429_refuses_a_rung_and_the_ladder_goes_on_when_the_wait_is_over()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.FromMilliseconds(3_500) });
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0, price: 4_500));
        day.Door.Meanwhile("POST /order", () => day.Goes(FaultKind.RateLimit429, durationMs: 5_000));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Complete 0: Rejected 0", "Complete 0: Confirmed 40"], day.Orders());
        Assert.Equal(2, day.Door.Count("POST /order")); // Nothing went out in between.
        var rungs = day.Witness.Facts.OfType<Fact.ClosingOrderPlaced>().ToArray();
        Assert.True(rungs[1].At - rungs[0].At >= TimeSpan.FromSeconds(5), $"after {rungs[1].At - rungs[0].At}");
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>Nothing of it was taken, so the basket is over. What the market wants meanwhile is kept back, and bought afterwards.</summary>
    [Fact]
    public async Task A_429_refuses_a_basket_and_the_next_one_waits_for_as_long_as_the_venue_said()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { QuietAfterBasket = TimeSpan.Zero });
        day.Door.Meanwhile("POST /orders", () => day.Goes(FaultKind.RateLimit429, durationMs: 3_000));
        day.Offer();
        var refused = await day.Closed();
        Assert.Equal((BasketEnd.Unfilled, Size.Zero, Usd.Zero), (refused.End, refused.Quantity, refused.Spent));
        await FaultDay.Until(() => Task.FromResult(day.Calls.Count(nameof(IOrderGatewayGrain.Submit)) >= 2)); // The same edge at once, kept back.

        await FaultDay.Until(async () => (await day.Gateway.Status()).Venue.Length == 0);
        Assert.Equal(1, day.Door.Count("POST /orders"));
        day.Books.Ask(1, 5_300, 40); // Quiet books are not looked at.
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketClosed) == 2);

        FaultDay.AssertCompleted(day.Witness.Facts.OfType<Fact.BasketClosed>().Last().Result, shares: 40);
        Assert.Equal(["Open 0: Rejected 0", "Open 1: Rejected 0", "Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Events_that_come_late_say_nothing_new_of_what_the_answer_and_the_reads_told()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Goes(FaultKind.LateUserEvents, durationMs: 10_000);

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        await day.UntilHeard(TradeStatus.Confirmed, trades: 2); // The last events of all.
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Events_that_come_again_count_once()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Offer();
        await day.Witness.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled { Fill.Status: TradeStatus.Mined } });
        day.SayAgain();
        await day.Closed();

        day.SayAgain();
        await day.UntilHeard(TradeStatus.Matched, trades: 6); // Once, and twice again.

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>Two resting orders are cancelled while somebody takes the first: what was taken is ours, and the other leg is completed.</summary>
    [Fact]
    public async Task A_cancel_that_a_fill_was_faster_than_leaves_a_basket_to_complete()
    {
        await using var day = await FaultDay.Start(Stop);
        var basket = day.Resting();
        await day.Submit(basket);
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.OrderChanged { News: OrderEvent.Placed }) == 2);
        var orders = day.Witness.Facts.OfType<Fact.BasketOpened>().Single().Orders;
        day.Door.Meanwhile("DELETE /orders", () => day.Books.Ask(0, 4_300, 40));

        await day.Gateway.Pull(basket.Market, [.. orders.Select(order => order.Id)], "test", isUrgent: true);

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Canceled 0", "Complete 1: Confirmed 40"], day.Orders());
        Assert.Equal(1, day.Door.Count("DELETE /orders"));
        await day.AssertNothingTwice(Stop);
    }
}
