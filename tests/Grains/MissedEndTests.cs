using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>An order the venue took and has ended, which we were not told: two rounds of empty answers end it here too.</summary>
public class MissedEndTests
{
    private const string Gone = "the venue no longer knows it";
    private static readonly OrderId First = new("b-1/0/0");

    [Fact]
    public async Task A_quote_whose_end_was_missed_and_whose_cancel_finds_nothing_ends_with_what_matched_of_it()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { Resting = its.Resting with { Ttl = TimeSpan.FromSeconds(3) } });
        var order = await Quoted(cluster);
        cluster.Venue.SaysNotFound = true;
        cluster.Venue.Forget([order]);
        cluster.Venue.Trades = [Given.Fill(order: order.Text, shares: 2, cents: 96)];

        await Step(cluster);
        Assert.DoesNotContain(cluster.Journal.Facts, IsGone); // One round at the most.
        await UntilGone(cluster);

        var told = cluster.Journal.Facts.OfType<Fact.OrderChanged>().Select(changed => changed.News).Where(news => news.Order == order).ToArray();
        Assert.Contains(told, news => news is OrderEvent.Filled);
        Assert.IsType<OrderEvent.Canceled>(told[^1]); // Its trades came first.
        Assert.Single(told, news => news is OrderEvent.Canceled);
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
        Assert.Equal(Size.Shares(2), Assert.Single((await cluster.Portfolio.View()).Positions).Shares);
    }

    /// <summary>Not asked to leave: the list of open orders, read after a freeze, lacks it.</summary>
    [Fact]
    public async Task A_quote_that_is_missing_from_the_open_orders_ends_and_the_other_goes_on_resting()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { Resting = its.Resting with { Ttl = TimeSpan.FromHours(1) } });
        var order = await Quoted(cluster);
        cluster.Venue.Forget([order]);

        await cluster.Gateway.Reconcile("test", null);
        await UntilGone(cluster);

        var orders = await cluster.Gateway.Orders();
        Assert.Equal((OrderState.Canceled, Gone), orders.Where(its => its.Id == order).Select(its => (its.Status, its.Note)).Single());
        Assert.Equal(OrderState.Live, orders.Single(its => its.Id != order).Status);
    }

    [Fact]
    public async Task A_delayed_order_that_is_never_heard_of_again_ends()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        cluster.Venue.Answer.SetResult(false);
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered });
        await cluster.Gateway.Observe([.. (await cluster.Gateway.Orders()).Select(order => new OrderEvent.Delayed(order.Id))]);

        await UntilGone(cluster);

        Assert.All(await cluster.Gateway.Orders(), order => Assert.Equal(OrderState.Canceled, order.Status));
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
    }

    [Fact]
    public async Task An_order_whose_request_is_still_on_the_wire_does_not_end()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Gateway.Observe([new OrderEvent.Placed(First)]);
        for (var i = 0; i < 4; i++) await Step(cluster);

        Assert.DoesNotContain(cluster.Journal.Facts, IsGone);
        cluster.Venue.Answer.SetResult(true);
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Matched));
    }

    [Fact]
    public async Task A_round_without_an_answer_ends_nothing()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { Resting = its.Resting with { Ttl = TimeSpan.FromHours(1) } });
        var order = await Quoted(cluster);
        cluster.Venue.Forget([order]);
        await cluster.Gateway.Reconcile("test", null);
        cluster.Venue.IsMute = true;
        for (var i = 0; i < 4; i++) await Step(cluster);

        Assert.DoesNotContain(cluster.Journal.Facts, IsGone);
        cluster.Venue.IsMute = false;
        await UntilGone(cluster);
    }

    /// <summary>Two sides that rest; the first of them.</summary>
    private static async Task<OrderId> Quoted(ScriptedCluster cluster)
    {
        cluster.Venue.Answer.TrySetResult(true);
        ImmutableArray<LegOrder> legs = [Leg(Outcome.Yes, 0), Leg(Outcome.No, 1)];
        var proposal = ScriptedCluster.Proposal("q-1") with
        {
            Orders = legs,
            Basket = Given.Basket(BasketKind.Pair, id: "q-1") with { Style = BasketStyle.Maker, Legs = legs, Quantity = Size.Shares(5) },
        };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Live));
        return (await cluster.Gateway.News(Given.Event)).Baskets.Single().Orders[0].Id;

        static LegOrder Leg(Outcome outcome, int leg) => QuoteKeeper.Order(Given.Condition(0), outcome, leg, 0, Price.Cents(48), Size.Shares(5));
    }

    private static bool IsGone(Fact fact) => fact is Fact.OrderChanged { News: OrderEvent.Canceled { Why: Gone } };

    private static async Task UntilGone(ScriptedCluster cluster)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!cluster.Journal.Facts.Any(IsGone))
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Step(cluster);
        }
    }

    /// <summary>Five seconds, in which the venue hears that we live and the gateway's clocks go round.</summary>
    private static async Task Step(ScriptedCluster cluster)
    {
        var (beats, checks) = (cluster.Venue.Beats, cluster.Calls.Count("Check"));
        cluster.Time.Shift(TimeSpan.FromSeconds(5));
        await Until(() => Task.FromResult(cluster.Venue.Beats > beats && cluster.Calls.Count("Check") >= checks + 4));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(5, deadline.Token);
    }
}
