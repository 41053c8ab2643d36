using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>What must have been read before an order goes out: after a start, and after nothing ran for a while.</summary>
public class ReconcilerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_freeze_nothing_is_sent_before_the_venue_was_read()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.TrySetResult(true);
        cluster.Venue.IsMute = true;
        cluster.Time.Shift(TimeSpan.FromSeconds(25));

        var proposal = ScriptedCluster.Proposal() with { SeenAt = cluster.Time.Now(), ReceivedAt = cluster.Time.Now() };
        var reservation = await cluster.Reserved(proposal);
        Assert.Equal(Refusal.Recovering, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(proposal, reservation)).Reason);
        await FaultDay.Until(async () => (await cluster.Gateway.Status()) is { Recovering: true, Venue: "open orders could not be read" });
        Assert.Equal(Refusal.Recovering, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(proposal, reservation)).Reason);
        Assert.Equal(0, cluster.Venue.Sends);

        cluster.Venue.IsMute = false;
        await cluster.Sleep(TimeSpan.FromMinutes(1)); // The reservation is over.
        var later = ScriptedCluster.Proposal("b-2") with { SeenAt = cluster.Time.Now(), ReceivedAt = cluster.Time.Now() };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(later, await cluster.Reserved(later)));
        Assert.Equal("", (await cluster.Gateway.Status()).Venue);
    }

    /// <summary>What was read before it may be older than what happened in it.</summary>
    [Fact]
    public async Task A_comparison_that_was_under_way_when_all_froze_counts_for_nothing()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Settled();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Venue.CashWaits = told.Task;
        var reconciling = cluster.Gateway.Reconcile("test", null);
        await cluster.Venue.CashAsked.Task;

        cluster.Time.Shift(TimeSpan.FromSeconds(25));
        await FaultDay.Until(async () => (await cluster.Gateway.Status()).Recovering);
        cluster.Venue.IsMute = true; // From here on nothing can be read any more.
        await cluster.Settled(); // The beat after the freeze has been by now.
        told.SetResult();
        await reconciling;

        Assert.True((await cluster.Gateway.Status()).Recovering);
    }

    /// <summary>Our own clock stood still, and the machine's tells.</summary>
    [Fact]
    public async Task After_a_machine_slept_nothing_is_sent_before_the_venue_was_read()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.TrySetResult(true);
        cluster.Venue.IsMute = true;
        var proposal = ScriptedCluster.Proposal();
        await cluster.Settled();
        cluster.Calls.Hold("Consume");
        var submitted = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Calls.Held;

        cluster.Self.Moved = TimeSpan.FromSeconds(11);
        Assert.True((await cluster.Gateway.Status()).Recovering);
        cluster.Calls.LetGo();
        Assert.IsType<DeskInput.Unknown>(await submitted); // It was past the first look already.
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Rejected { Why: "not sent: the venue has to be read first" } });
        Assert.Equal(0, cluster.Venue.Sends);

        cluster.Venue.IsMute = false;
        await FaultDay.Until(async () => await cluster.Gateway.Status() is { Recovering: false, Venue: "" }); // The venue hears us, too.
    }

    [Fact]
    public async Task What_the_venue_canceled_during_a_freeze_is_known_before_anything_is_sent()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.TrySetResult(true);
        var quote = ScriptedCluster.Proposal("q-1");
        quote = quote with { Orders = [.. quote.Orders.Select(leg => leg with { Type = OrderType.Gtd })] };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(quote, await cluster.Reserved(quote)));
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Placed });
        var placed = cluster.Journal.Facts.OfType<Fact.BasketOpened>().Single().Orders;
        foreach (var (id, intent) in placed)
        {
            cluster.Venue.Known[id] = new VenueOrder(
                id, intent.Order.Condition, intent.Order.Token, intent.Order.Side, OrderType.Gtd, intent.Order.Limit, intent.Order.Shares, Size.Zero,
                VenueOrderStatus.Canceled, Given.Noon);
        }

        await cluster.Sleep(TimeSpan.FromSeconds(25));

        Assert.Equal(
            placed.Select(order => order.Id.Text).Order(),
            cluster.Journal.Facts.OfType<Fact.OrderChanged>().Where(changed => changed.News is OrderEvent.Canceled).Select(changed => changed.News.Order.Text).Order());
    }

    [Fact]
    public async Task A_start_trades_only_once_the_venue_was_read()
    {
        await using var cluster = await ScriptedCluster.Start(before: venue => venue.IsMute = true);
        await FaultDay.Until(async () => (await cluster.Gateway.Status()) is { Recovering: true, Venue: "open orders could not be read" });
        Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal()));

        cluster.Venue.IsMute = false;
        await cluster.Reservable();
        Assert.False((await cluster.Gateway.Status()).Recovering);
    }

    [Fact]
    public async Task A_first_start_waits_for_the_list_of_positions_and_says_so()
    {
        await using var cluster = await ScriptedCluster.Start(before: venue => venue.HidesHoldings = true);
        await FaultDay.Until(async () => (await cluster.Gateway.Status()) is { Recovering: true, Venue: "the opening balance: positions could not be read" });
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.OpeningBalanceTaken>());

        cluster.Venue.Held[Given.No()] = Size.Shares(7);
        cluster.Venue.HidesHoldings = false;
        await cluster.Reservable();
        Assert.Equal(Size.Shares(7), cluster.Journal.Facts.OfType<Fact.OpeningBalanceTaken>().Single().Positions[Given.No()]);
    }

    [Fact]
    public async Task Where_no_list_is_asked_that_is_said_and_recorded()
    {
        await using var cluster = await ScriptedCluster.Start(before: venue => venue.HasNoList = true);
        await cluster.Reservable();
        Assert.Contains(cluster.Journal.Facts.OfType<Fact.ErrorNoted>(), error => error.What.Contains("venue.data_api_url", StringComparison.Ordinal));
        Assert.Contains("venue.data_api_url is off", (await cluster.Gateway.Status()).Venue, StringComparison.Ordinal);
    }

    /// <summary>A bot whose trades never stop moving would never be compared.</summary>
    [Fact]
    public async Task After_too_long_without_a_comparison_nothing_new_is_opened_until_there_was_one()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with
        {
            Reconciling = its.Reconciling with { Every = TimeSpan.FromSeconds(5), AtLeastEvery = TimeSpan.FromMinutes(1) },
        });
        cluster.Venue.Answer.TrySetResult(true);
        var first = ScriptedCluster.Proposal();
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(first, await cluster.Reserved(first)));
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Matched }); // And nobody has mined it yet.
        await cluster.Sleep(TimeSpan.FromSeconds(50));
        var soon = Elsewhere("b-2", cluster.Time);
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(soon, await cluster.Reserved(soon)));

        await cluster.Sleep(TimeSpan.FromSeconds(20));
        var late = Elsewhere("b-3", cluster.Time);
        Assert.Equal(Refusal.NotCompared, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(late, await cluster.Reserved(late))).Reason);
        Assert.Contains("not mined yet", (await cluster.Gateway.Status()).Venue, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Venue.Sends);

        await Settle(cluster);
        await FaultDay.Until(async () =>
        {
            var next = Elsewhere($"c-{cluster.Time.Now().Micros}", cluster.Time);
            return await cluster.Portfolio.Reserve(next) is RiskDecision.Approved(var reservation) && await cluster.Gateway.Submit(next, reservation) is DeskInput.Sent;
        });
        Assert.Equal(TradingState.Running, (await cluster.Gateway.Status()).State);
    }

    private static Proposal Elsewhere(string id, TimeProvider time)
    {
        var proposal = ScriptedCluster.Proposal(id);
        var market = new MarketId($"market of {id}");
        return proposal with { Market = market, Basket = proposal.Basket! with { Market = market }, SeenAt = time.Now(), ReceivedAt = time.Now() };
    }

    /// <summary>Every order is mined as it matched, and the venue has what that leaves.</summary>
    private static async Task Settle(ScriptedCluster cluster)
    {
        foreach (var order in cluster.Journal.Facts.OfType<Fact.BasketOpened>().SelectMany(opened => opened.Orders))
        {
            var leg = order.Intent.Order;
            await cluster.Gateway.Observe([new OrderEvent.Filled(new Fill(
                new TradeId($"t-{order.Id}"), order.Id, TradeStatus.Confirmed, leg.Shares, new Usd(leg.MakerAmount), Usd.Zero, leg.Limit, Given.Noon))]);
        }

        var view = await cluster.Portfolio.View();
        cluster.Venue.Dollars = view.Cash;
        foreach (var position in view.Positions) cluster.Venue.Held[position.Token] = position.Shares;
    }

    /// <summary>A list that lags behind accuses nobody: the token's own balance decides.</summary>
    [Fact]
    public async Task A_list_of_positions_that_lags_behind_is_not_believed()
    {
        await using var cluster = await ScriptedCluster.Start(before: venue => venue.Held[Given.No()] = Size.Shares(7));
        await cluster.Reservable();
        cluster.Venue.Listed = [new HeldToken(Given.No(), default, Size.Shares(3)), new HeldToken(Given.Yes(), default, Size.Shares(2))];

        var answer = await cluster.Gateway.Reconcile("test", null);

        Assert.True(answer.IsExplained);
        Assert.Empty(answer.Lines);
        Assert.Equal(TradingState.Running, (await cluster.Gateway.Status()).State);
    }
}
