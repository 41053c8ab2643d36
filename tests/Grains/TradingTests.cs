using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Market, portfolio, gateway, exchange and back, on a real cluster and real wire bytes.</summary>
public class TradingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_edge_is_opened_journaled_filled_confirmed_and_closed_in_that_order()
    {
        await using var day = await Day.Start(seed: 11, Cancellation);

        await day.Witness.Until(fact => fact is Fact.BasketClosed { Result.End: BasketEnd.Completed });

        var facts = day.Witness.Facts;
        var closed = facts.OfType<Fact.BasketClosed>().First(fact => fact.Result.End is BasketEnd.Completed);
        var opened = facts.OfType<Fact.BasketOpened>().Single(fact => fact.Basket.Id == closed.Basket);
        Assert.All(opened.Orders, order => AssertLife(facts, order.Id, facts.IndexOf(opened), facts.IndexOf(closed)));
        Assert.True(closed.Result.Payout > closed.Result.Spent, $"paid {closed.Result.Spent} for {closed.Result.Payout}");
    }

    [Fact]
    public async Task After_a_day_our_ledger_is_the_venues_ledger()
    {
        await using var day = await Day.Start(seed: 12, Cancellation);
        await day.Witness.Until(fact => fact is Fact.BasketClosed);

        await day.Settled();

        Assert.Empty(await day.Differences(Cancellation));
    }

    [Fact]
    public async Task Paused_opens_nothing_and_resumed_trades_again()
    {
        await using var day = await Day.Start(seed: 13, Cancellation, startPaused: true);
        await day.Witness.UntilDelivered(deliveries => deliveries.Count(delivery => delivery.Answer is FeedAnswer.Applied) > 400);
        Assert.DoesNotContain(day.Witness.Facts, fact => fact is Fact.BasketOpened);

        var answer = await day.Control.Resume("test", "trade");

        Assert.True(answer.IsDone, answer.Text);
        Assert.Contains(day.Witness.Facts, fact => fact is Fact.StateChanged { To: TradingState.Running, Reason: "trade", By: "test" });
        await day.Witness.Until(fact => fact is Fact.BasketOpened);
    }

    [Fact]
    public async Task After_the_ack_of_a_kill_nothing_is_sent_and_only_pause_leaves_safe()
    {
        await using var day = await Day.Start(seed: 14, Cancellation);
        await day.Witness.Until(fact => fact is Fact.BasketOpened);

        var answer = await day.Control.Kill("test", "enough");

        Assert.True(answer.IsDone, answer.Text);
        var orders = (await day.Control.Orders()).Length;
        var applied = day.Witness.Deliveries.Length;
        await day.Witness.UntilDelivered(deliveries => deliveries.Count > applied + 400); // The market goes on, we do not.
        Assert.Equal(orders, (await day.Control.Orders()).Length);
        Assert.False((await day.Control.Resume("test", "no")).IsDone);
        Assert.True((await day.Control.Pause("test", "looked at")).IsDone);
        Assert.True((await day.Control.Resume("test", "on")).IsDone);
    }

    [Fact]
    public async Task An_activation_killed_under_load_is_fed_by_exactly_one_pump_afterwards()
    {
        await using var day = await Day.Start(seed: 15, Cancellation, startPaused: true);
        await day.Witness.UntilDelivered(deliveries => deliveries.Count(delivery => delivery.Answer is FeedAnswer.Applied) > 100);
        var market = day.Witness.Deliveries.GroupBy(delivery => delivery.Market).MaxBy(deliveries => deliveries.Count())!.Key;
        var old = day.Witness.Deliveries.Where(delivery => delivery.Market == market).Max(delivery => delivery.Session);

        var grain = day.Grains.GetGrain<IMarketGrain>(market.Text);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await day.Witness.UntilDelivered(deliveries =>
            deliveries.Count(delivery => delivery.Market == market && delivery.Session > old && delivery.Answer is FeedAnswer.Applied) > 50);

        var mine = day.Witness.Deliveries.Where(delivery => delivery.Market == market && delivery.Answer is FeedAnswer.Applied).ToImmutableArray();
        var firstNew = mine.First(delivery => delivery.Session > old);
        Assert.DoesNotContain(mine.Skip(mine.IndexOf(firstNew)), delivery => delivery.Session == old);
        Assert.Single(mine.Where(delivery => delivery.Session > old).Select(delivery => delivery.Session).Distinct());
        var ranges = mine.Where(delivery => delivery.Session > old).ToArray();
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First, $"{pair.First} and {pair.Second} overlap"));
        Assert.Equal(firstNew.Session, (await grain.View()).Session);
    }

    /// <summary>A demo that ends freezes every market; whoever wakes it then must not begin a life that the report does not know.</summary>
    [Fact]
    public async Task A_frozen_market_takes_no_turn_and_is_not_opened_again()
    {
        await using var day = await Day.Start(seed: 17, Cancellation, startPaused: true);
        await day.Witness.UntilDelivered(deliveries => deliveries.Count(delivery => delivery.Answer is FeedAnswer.Applied) > 20);
        var market = Assert.IsType<VenueAnswer<Listing>.Ok>(await day.Silo.GetRequiredService<ICatalog>().List(Cancellation)).Value.Markets[0].Market;
        var grain = day.Grains.GetGrain<IMarketGrain>(market.Id.Text);
        var frozen = await grain.Freeze();

        await grain.Open(market with { Title = "another one" }, isEnabled: true);
        Assert.False(await grain.Shut()); // As if it had been switched off meanwhile.

        var after = await grain.View();
        Assert.Equal((frozen.Digest, frozen.Turns, frozen.Title, 0L), (after.Digest, after.Turns, after.Title, after.Session));
    }

    /// <summary>Placed, matched and confirmed between the two facts, each once.</summary>
    private static void AssertLife(ImmutableArray<Fact> facts, OrderId order, int opened, int closed)
    {
        var statuses = facts.Select((fact, index) => (fact, index))
            .Where(item => item.fact is Fact.OrderChanged { News: OrderEvent.Filled } changed && changed.News.Order == order)
            .Select(item => (item.index, ((OrderEvent.Filled)((Fact.OrderChanged)item.fact).News).Fill.Status))
            .ToArray();

        Assert.NotEmpty(statuses);
        Assert.All(statuses, item => Assert.InRange(item.index, opened + 1, closed - 1));
        Assert.Equal(TradeStatus.Confirmed, statuses[^1].Status);
        Assert.Single(statuses, item => item.Status is TradeStatus.Confirmed);
    }
}
