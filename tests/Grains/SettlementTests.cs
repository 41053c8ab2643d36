using System.Collections.Immutable;
using Orleans.Core.Internal;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>Merging and converting: when it is done, what it moves, and what becomes of a call whose end nobody heard.</summary>
public class SettlementTests
{
    private static readonly TokenId[] Noes = [Given.No(0), Given.No(1)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_completed_basket_becomes_dollars_at_the_exchange_and_the_ledgers_stay_equal()
    {
        await using var day = await Day.Start(seed: 21, Cancellation);

        await day.Witness.Until(fact => fact is Fact.SettlementEnded { End: SettlementEnd.Done });
        await day.Settled();

        Assert.Empty(await day.Differences(Cancellation));
        var facts = day.Witness.Facts;
        Assert.All(facts.OfType<Fact.SettlementEnded>(), ended => Assert.Equal((SettlementEnd.Done, ""), (ended.End, ended.Why)));
        var held = await day.Control.Positions();
        Assert.DoesNotContain(held.Mergeable.Concat(held.Convertible), call => call.Shares >= Size.Shares(5));
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_is_found_done_in_the_balances_and_counted_once()
    {
        await using var day = await Day.Start(seed: 22, Cancellation, settles: real => new BetweenSettlement(real, losesFirst: true));

        await day.Witness.Until(fact => fact is Fact.SettlementEnded { End: SettlementEnd.Done, Why.Length: > 0 });
        await day.Settled();

        Assert.Empty(await day.Differences(Cancellation));
        Assert.Single(day.Witness.Facts.OfType<Fact.ErrorNoted>(), error => error.Where.StartsWith("settlement ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_between_a_call_and_its_end_finds_what_became_of_it()
    {
        await using var day = await Day.Start(seed: 23, Cancellation);
        day.Witness.Loses = fact => fact is Fact.SettlementEnded; // Called, and not known to be.
        await day.Witness.UntilLost();
        await day.Closed(); // A gateway that restarts with an order on the wire is another test's business.

        var gateway = day.Grains.GetGrain<IOrderGatewayGrain>(0);
        await gateway.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await day.Witness.UntilFence(2);
        day.Witness.Loses = _ => false;
        await day.Witness.Until(fact => fact is Fact.SettlementEnded);
        await day.Settled();

        Assert.Empty(await day.Differences(Cancellation));
        Assert.Equal(
            "the shares are gone from the venue's balances", day.Witness.Facts.OfType<Fact.SettlementEnded>().First().Why);
    }

    [Fact]
    public async Task What_the_exchange_refuses_moves_nothing()
    {
        await using var day = await Day.Start(seed: 24, Cancellation, settles: real => new BetweenSettlement(real, asksTooMuch: true));

        await day.Witness.Until(fact => fact is Fact.SettlementEnded { End: SettlementEnd.Refused });
        await day.Settled();

        Assert.Contains("are needed", day.Witness.Facts.OfType<Fact.SettlementEnded>().First().Why, StringComparison.Ordinal);
        Assert.Empty(await day.Differences(Cancellation));
    }

    [Fact]
    public async Task Shares_of_an_open_basket_are_left_alone_and_free_ones_are_set_aside_before_the_call()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        await Ticks(cluster);
        Assert.Equal(0, cluster.Settlement.Calls);

        await Closed(cluster);
        var call = await cluster.Settlement.Next(Cancellation);

        Assert.Equal((SettlementKind.Convert, "100", "100"), (call.Kind, call.Shares.ToString(), call.Dollars.ToString()));
        Assert.Single(cluster.Journal.Facts.OfType<Fact.SettlementStarted>()); // Durable before it is made.
        Assert.Equal(Refusal.NotEnoughShares, await Sell(cluster));
        Assert.Empty((await cluster.Gateway.News(Given.Event)).Stocks);
        await cluster.Portfolio.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await cluster.Reservable();
        Assert.Equal(Refusal.NotEnoughShares, await Sell(cluster)); // A new portfolio is told of it.

        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Done());
        await Ended(cluster);

        Assert.Equal(Usd.Dollars(1_010), (await cluster.Gateway.Positions()).Cash); // 1000 - 2 x 45 + 100.
        await Told(cluster, Usd.Dollars(1_010));
        var left = Assert.Single((await cluster.Portfolio.View()).Positions);
        Assert.Equal((Given.Yes(2), Size.Shares(100), Usd.Zero), (left.Token, left.Shares, left.Cost));
        var stock = Assert.Single((await cluster.Gateway.News(Given.Event)).Stocks);
        Assert.Equal((Given.Yes(2), Size.Shares(100)), (stock.Token, stock.Shares));
    }

    [Fact]
    public async Task The_market_hears_of_every_change_of_its_free_shares()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        var before = (await cluster.Gateway.News(Given.Event)).Version;

        cluster.Settlement.Acts = true;
        await cluster.Settlement.Next(Cancellation);
        var during = (await cluster.Gateway.News(Given.Event)).Version;
        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Done());
        await Ended(cluster);

        Assert.True(before < during && during < (await cluster.Gateway.News(Given.Event)).Version);
    }

    [Fact]
    public async Task Too_few_shares_are_not_worth_a_call()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 4);
        await Closed(cluster);
        await Ticks(cluster);

        Assert.Equal(0, cluster.Settlement.Calls);
        var convertible = Assert.Single((await cluster.Gateway.Positions()).Convertible); // Reported all the same.
        Assert.Equal(("4", "4", "Convert 4"), (convertible.Shares.ToString(), convertible.Dollars.ToString(), convertible.Call));
    }

    [Fact]
    public async Task Where_it_does_not_act_itself_it_only_reports()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        await Ticks(cluster);

        Assert.Equal(0, cluster.Settlement.Calls);
        Assert.Single((await cluster.Gateway.Positions()).Convertible);
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.SettlementStarted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_goes_on_while_paused_and_not_after_a_kill(bool kill)
    {
        await using var cluster = await ScriptedCluster.Start();
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        if (kill) await cluster.Gateway.Kill("test", "now");
        else await cluster.Gateway.Pause("test", "now");

        cluster.Settlement.Acts = true;
        if (kill) await Ticks(cluster);
        else await cluster.Settlement.Next(Cancellation);

        Assert.Equal(kill ? 0 : 1, cluster.Settlement.Calls);
    }

    [Fact]
    public async Task A_kill_is_acknowledged_only_when_the_call_in_flight_has_its_answer()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        await cluster.Settlement.Next(Cancellation);

        var kill = cluster.Gateway.Kill("test", "now");
        await Ticks(cluster);
        Assert.False(kill.IsCompleted);
        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Done());

        Assert.True((await kill).IsDone);
    }

    [Fact]
    public async Task A_stop_that_comes_while_the_journal_writes_keeps_the_call_back()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.SettlementStarted;
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        await cluster.Journal.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        var kill = cluster.Gateway.Kill("test", "now");
        cluster.Journal.Open();
        await kill;
        await Ended(cluster);

        Assert.Equal(0, cluster.Settlement.Calls);
        Assert.Equal((SettlementEnd.Refused, "stopped"), (End(cluster).End, End(cluster).Why));
    }

    [Fact]
    public async Task A_refusal_frees_the_shares_and_is_not_asked_for_again_at_once()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        await cluster.Settlement.Next(Cancellation);
        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Refused("not mined"));
        await Ended(cluster);
        await Ticks(cluster);

        Assert.Equal((SettlementEnd.Refused, "not mined", 1), (End(cluster).End, End(cluster).Why, cluster.Settlement.Calls));
        Assert.Equal(Usd.Dollars(910), (await cluster.Gateway.Positions()).Cash);
        await Sold(cluster);

        cluster.Time.Shift(TimeSpan.FromSeconds(61));
        await cluster.Settlement.Next(Cancellation);
    }

    [Fact]
    public async Task What_the_journal_does_not_take_is_not_called_and_its_shares_are_free()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.SettlementStarted;
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        await Closed(cluster);
        await Ticks(cluster);
        Assert.Equal(0, cluster.Settlement.Calls);

        cluster.Settlement.Acts = false;
        await Ticks(cluster);
        await Sold(cluster);
    }

    /// <summary>The venue's balances decide: gone is done, and there long after is not.</summary>
    [Theory]
    [InlineData(0, SettlementEnd.Done)]
    [InlineData(100, SettlementEnd.Refused)]
    public async Task A_call_nobody_answered_for_is_looked_for_also_after_a_restart(long venueShows, SettlementEnd end)
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        foreach (var token in Noes) cluster.Venue.Held[token] = Size.Shares(77); // Neither: nothing is decided on it.
        await Closed(cluster);
        await cluster.Settlement.Next(Cancellation);
        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Unknown("silence"));
        await cluster.Journal.Until(fact => fact is Fact.ErrorNoted);

        await cluster.Gateway.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await cluster.Gateway.Wake("silo", cluster.Feed.Health);
        cluster.Time.Shift(TimeSpan.FromSeconds(15));
        await cluster.Journal.Until(fact => fact is Fact.ErrorNoted { What: var what } && what.Contains("77", StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.SettlementEnded);
        Assert.Equal(Refusal.NotEnoughShares, await Sell(cluster));

        cluster.Settlement.Acts = false;
        foreach (var token in Noes) cluster.Venue.Held[token] = Size.Shares(venueShows);
        cluster.Time.Shift(TimeSpan.FromSeconds(3));
        await Ended(cluster);

        Assert.Equal((end, 1), (End(cluster).End, cluster.Settlement.Calls));
        await Told(cluster, Usd.Dollars(end is SettlementEnd.Done ? 1_010 : 910));
        if (end is SettlementEnd.Done) Assert.Equal(Refusal.NotEnoughShares, await Sell(cluster));
        else await Sold(cluster);
    }

    /// <summary>A lost call may still be carried out: that the shares are there proves nothing yet.</summary>
    [Fact]
    public async Task Shares_that_are_still_there_prove_nothing_at_once()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Settlement.Acts = true;
        await Bought(cluster, shares: 100);
        foreach (var token in Noes) cluster.Venue.Held[token] = Size.Shares(100);
        await Closed(cluster);
        await cluster.Settlement.Next(Cancellation);
        cluster.Settlement.Answer.SetResult(new SettlementAnswer.Unknown("silence"));
        await cluster.Journal.Until(fact => fact is Fact.ErrorNoted);
        cluster.Time.Shift(TimeSpan.FromSeconds(4));
        await Ticks(cluster);
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.SettlementEnded);

        foreach (var token in Noes) cluster.Venue.Held[token] = Size.Zero;
        cluster.Time.Shift(TimeSpan.FromSeconds(3));
        await Ended(cluster);

        Assert.Equal(SettlementEnd.Done, End(cluster).End);
    }

    private static Fact.SettlementEnded End(ScriptedCluster cluster) => cluster.Journal.Facts.OfType<Fact.SettlementEnded>().First();

    private static Task Ended(ScriptedCluster cluster) => cluster.Journal.Until(fact => fact is Fact.SettlementEnded);

    /// <summary>The portfolio has been told: it knows this much cash.</summary>
    private static async Task Told(ScriptedCluster cluster, Usd cash)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await cluster.Portfolio.View()).Cash != cash) deadline.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Three more of the gateway's safety ticks, and so of its others.</summary>
    private static async Task Ticks(ScriptedCluster cluster)
    {
        var until = cluster.Calls.Count("Check") + 3;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (cluster.Calls.Count("Check") < until)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Delay(10, Cancellation);
        }
    }

    /// <summary>Null: the portfolio would let the first leg's shares be sold.</summary>
    private static async Task<Refusal?> Sell(ScriptedCluster cluster)
    {
        var sell = Given.Proposal(Purpose.Unwind, orders: [Given.Leg(side: Side.Sell)]) with
        {
            SeenAt = cluster.Time.Now(),
            ReceivedAt = cluster.Time.Now(),
        };
        return await cluster.Portfolio.Reserve(sell) is RiskDecision.Refused(var reason) ? reason : null;
    }

    /// <summary>The shares are free, as soon as the portfolio has been told.</summary>
    private static async Task Sold(ScriptedCluster cluster)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Sell(cluster) is not null) deadline.Token.ThrowIfCancellationRequested();
    }

    /// <summary>NO of two questions, as many shares of each at 45 cents, confirmed; the basket is still open.</summary>
    private static async Task Bought(ScriptedCluster cluster, long shares)
    {
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        var sent = await cluster.Venue.NextSend(Cancellation);
        cluster.Venue.Answer.TrySetResult(true);
        await cluster.Gateway.Observe([.. sent.SelectMany(order => new OrderEvent[]
        {
            new OrderEvent.Matched(order.Id, Size.Shares(shares), IsFinal: true),
            new OrderEvent.Filled(Given.Fill($"t-{order.Id}", TradeStatus.Confirmed, shares, shares * 45, order: order.Id.Text)),
        })]);
    }

    private static async Task Closed(ScriptedCluster cluster) => await cluster.Gateway.CloseBasket(
        new BasketId("b-1"), Given.Event, (await cluster.Gateway.News(Given.Event)).Version,
        new BasketResult(BasketEnd.Completed, Size.Shares(1), Usd.Zero, Usd.Zero, ""));
}

/// <summary>Between the gateway and the exchange: loses the first answer, or asks for more than there is.</summary>
internal sealed class BetweenSettlement(ISettlement real, bool losesFirst = false, bool asksTooMuch = false) : ISettlement
{
    private int _calls;

    public bool Acts => real.Acts;

    public async Task<SettlementAnswer> Settle(SettlementCall call, CancellationToken cancellation)
    {
        var answer = await real.Settle(asksTooMuch ? call with { Shares = Size.Shares(1_000_000) } : call, cancellation);
        return losesFirst && Interlocked.Increment(ref _calls) == 1 ? new SettlementAnswer.Unknown($"lost {answer}") : answer;
    }

    public string Describe(SettlementCall call) => real.Describe(call);
}
