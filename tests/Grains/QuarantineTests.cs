using System.Collections.Immutable;
using Orleans.Core.Internal;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>An order that nobody answered for, at the gateway: what frees its money, and what never does.</summary>
public class QuarantineTests
{
    private static readonly OrderId First = new("b-1/0/0");
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task An_order_the_venue_never_had_is_absent_after_three_rounds_and_its_money_is_free()
    {
        await using var cluster = await Unanswered();
        Assert.Equal(Usd.Dollars(90), (await cluster.Portfolio.View()).Reserved);

        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await Ticks(cluster, 3);
        cluster.Time.Shift(Apart);
        await Ticks(cluster, 3);
        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent); // Two rounds at the most.

        await UntilAbsent(cluster);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Absent { Order: var order } } && order == First);
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
        Assert.All((await cluster.Gateway.News(Given.Event)).Baskets.Single().Orders, order => Assert.Equal((OrderState.Absent, true), (order.State, order.IsClosed)));
        Assert.Equal(1, cluster.Venue.Sends); // It was never posted again.

        await cluster.Gateway.CloseBasket(
            new BasketId("b-1"), Given.Event, (await cluster.Gateway.News(Given.Event)).Version, new BasketResult(BasketEnd.Unfilled, Size.Zero, Usd.Zero, Usd.Zero, ""));
        await Until(async () => (await cluster.Gateway.Status()).Venue.Length == 0); // It hears that we live, after a minute.
        var now = cluster.Time.Now();
        var next = ScriptedCluster.Proposal("b-2") with { SeenAt = now, ReceivedAt = now };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(next, await cluster.Reserved(next)));
    }

    [Fact]
    public async Task One_that_turns_up_in_the_third_round_is_not_absent()
    {
        await using var cluster = await Unanswered();
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await Ticks(cluster, 3);
        cluster.Time.Shift(Apart);
        await Ticks(cluster, 3);
        cluster.Venue.Trades = [Given.Fill(order: First.Text)];
        cluster.Time.Shift(Apart);

        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled });
        for (var i = 0; i < 2; i++)
        {
            await Ticks(cluster, 3);
            cluster.Time.Shift(Apart);
        }

        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent);
        Assert.Equal(OrderState.Matched, (await cluster.Gateway.Orders()).Single(order => order.Id == First).Status);
    }

    /// <summary>Blind: no order can be read. Silent: no balance can. Broke: cash is missing, as it is when the order was taken. Deaf: our own stream is down.</summary>
    [Theory]
    [InlineData("blind")]
    [InlineData("silent")]
    [InlineData("broke")]
    [InlineData("deaf")]
    [InlineData("open orders unread")]
    public async Task What_does_not_prove_it_frees_nothing(string how)
    {
        await using var cluster = await Unanswered();
        switch (how)
        {
            case "blind": cluster.Venue.IsBlind = true; break;
            case "silent": cluster.Venue.IsSilent = true; break;
            case "broke": cluster.Venue.Dollars = Usd.Dollars(955); break;
            case "deaf": cluster.UserFeed.State = StreamState.Down; break;
            default:
                for (var i = 0; i < 100; i++) cluster.Venue.Open.Enqueue(new VenueAnswer<ImmutableArray<VenueOrder>>.Unavailable(new VenueFailure.Unanswered("silence")));
                break;
        }

        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 8; i++)
        {
            await Ticks(cluster, 2);
            cluster.Time.Shift(Apart);
        }

        await Ticks(cluster, 2);
        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent);
        Assert.Equal(Usd.Dollars(90), (await cluster.Portfolio.View()).Reserved);
    }

    [Fact]
    public async Task A_connection_that_starts_over_starts_the_count_over()
    {
        await using var cluster = await Unanswered();
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await Ticks(cluster, 3);
        cluster.Time.Shift(Apart);
        await Ticks(cluster, 3);
        await cluster.Gateway.CatchUp();
        for (var round = 3; round <= 4; round++)
        {
            cluster.Time.Shift(Apart);
            await Ticks(cluster, 3);
        }

        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent); // Four rounds, but only two since.
        await UntilAbsent(cluster);
    }

    [Fact]
    public async Task An_order_that_was_on_the_wire_when_the_gateway_died_and_never_arrived_is_absent_too()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));

        await cluster.Gateway.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Unanswered));
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await UntilAbsent(cluster);

        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
        Assert.Equal(1, cluster.Venue.Sends);
    }

    /// <summary>The request itself may be what is slow: as long as its answer can come, nothing else proves anything.</summary>
    [Fact]
    public async Task An_order_whose_request_is_still_on_the_wire_is_never_absent()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered });
        for (var i = 0; i < 5; i++)
        {
            await Ticks(cluster, 3);
            cluster.Time.Shift(Apart);
        }

        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent);
        cluster.Venue.Answer.SetResult(true);
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Matched));
    }

    [Fact]
    public async Task News_of_an_absent_order_counts_and_wakes_a_person_and_its_money_is_set_aside_again()
    {
        await using var cluster = await Unanswered();
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        await UntilAbsent(cluster);
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
        cluster.Venue.IsBlind = true; // Else its end would be found.
        await cluster.Gateway.Observe([new OrderEvent.Placed(First)]);

        Assert.Equal(OrderState.Disputed, (await cluster.Gateway.Orders()).Single(order => order.Id == First).Status);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.ErrorNoted { What: "Disputed: Placed while Absent" });
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Dollars(45));

        await cluster.Gateway.Observe([new OrderEvent.Filled(Given.Fill(order: First.Text))]);
        Assert.Equal(Size.Shares(100), Assert.Single((await cluster.Portfolio.View()).Positions).Shares);
    }

    /// <summary>A basket that was sent, and nobody answered.</summary>
    private static async Task<ScriptedCluster> Unanswered()
    {
        var cluster = await ScriptedCluster.Start(rules: its => its with { Breakers = its.Breakers with { UserStreamTimeout = TimeSpan.FromHours(1) } }); // Deaf for longer, we would stop.
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        cluster.Venue.Answer.SetResult(false);
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Unanswered });
        return cluster;
    }

    private static bool IsAbsent(Fact fact) => fact is Fact.OrderChanged { News: OrderEvent.Absent };

    /// <summary>As many rounds as it takes; how many that is, is for the rules to say.</summary>
    private static async Task UntilAbsent(ScriptedCluster cluster)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!cluster.Journal.Facts.Any(IsAbsent))
        {
            deadline.Token.ThrowIfCancellationRequested();
            cluster.Time.Shift(Apart);
            await Ticks(cluster, 3);
        }
    }

    /// <summary>The gateway's clocks went round so often: its tick of a quarter of a second asks the portfolio each time.</summary>
    private static async Task Ticks(ScriptedCluster cluster, int ticks)
    {
        var seen = cluster.Calls.Count("Check");
        await Until(() => Task.FromResult(cluster.Calls.Count("Check") >= seen + ticks));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(5, deadline.Token);
    }
}
