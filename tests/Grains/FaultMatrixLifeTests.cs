using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Replay;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Simulator.Faults;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Fault matrix: the settlement fails or is slow, and our own parts lose what they knew.</summary>
public class FaultMatrixLifeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trade_that_fails_after_completion_reopens_the_basket_and_its_leg_is_bought_again()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Goes(FaultKind.TradeFailed, question: 0);

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Failed 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        var locked = day.PlaceOf(fact => fact is Fact.BasketLocked { Quantity: var quantity } && quantity == Size.Shares(40));
        var failed = day.PlaceOf(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled { Fill.Status: TradeStatus.Failed } }, from: locked);
        var again = day.PlaceOf(fact => fact is Fact.ClosingOrderPlaced, from: failed);
        day.PlaceOf(fact => fact is Fact.BasketLocked { Quantity: var quantity } && quantity == Size.Shares(40), from: again);
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Shares_are_given_back_once_they_are_mined_and_not_before()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.Zero });
        lock (day.Exchange.Gate) day.Exchange.SellsNeedMined = true;
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0));

        day.Offer();

        FaultDay.AssertUnwound(await day.Closed());
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Unwind 1: Confirmed 40"], day.Orders());
        var mined = day.PlaceOf(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled { Fill.Status: TradeStatus.Mined } });
        day.PlaceOf(fact => fact is Fact.ClosingOrderPlaced { Order.Intent.Purpose: Purpose.Unwind }, from: mined);
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>The venue's balance may lag behind the chain: what it refuses to sell then is sold once its trade is final.</summary>
    [Fact]
    public async Task A_sale_that_is_refused_for_want_of_its_shares_waits_until_they_are_final()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.Zero });
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0));
        day.Door.Says(
            "POST /order", 400,
            """{"error":"not enough balance / allowance: the balance is not enough -> balance: 0, sum of matched orders: 0, order amount (inc. fees): 40000000"}""");

        day.Offer();

        FaultDay.AssertUnwound(await day.Closed());
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Unwind 1: Rejected 0", "Unwind 1: Confirmed 40"], day.Orders());
        var refused = day.PlaceOf(fact => fact is Fact.OrderChanged { News: OrderEvent.Rejected { Code: RejectCode.NotEnoughBalance } });
        var final = day.PlaceOf(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled { Fill.Status: TradeStatus.Confirmed } }, from: refused);
        day.PlaceOf(fact => fact is Fact.ClosingOrderPlaced, from: final);
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Without_its_nudges_a_market_hears_everything_by_asking()
    {
        await using var day = await FaultDay.Start(Stop, drops: nameof(IMarketGrain.Nudge));
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0, price: 4_500));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.True(day.Calls.Count(nameof(IMarketGrain.Nudge)) > 0);
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task A_market_that_is_killed_over_an_open_basket_finishes_it_in_its_next_life()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0));
        day.Offer();
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.OrderChanged { News: OrderEvent.Rejected or OrderEvent.Canceled or OrderEvent.Filled }) >= 2);

        await day.KillMarket(0);
        day.Books.Ask(0, 4_900, 40);

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);

        await day.Day.StopSilo();
        var replay = new TradingDay(MarketFrame.TryRead);
        await foreach (var line in Recording.Read(day.Day.Recorded, Stop)) replay.Play(line);
        Assert.Null(replay.Divergence);
        Assert.True(replay.Decisions > 0);
    }
}
