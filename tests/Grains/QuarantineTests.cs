using System.Collections.Immutable;
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
        await Rounds(cluster, 1);
        cluster.Time.Shift(Apart);
        await Rounds(cluster, 2);
        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent);
        cluster.Time.Shift(Apart);

        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Absent { Order: var order } } && order == First);
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
        await Rounds(cluster, 1);
        cluster.Time.Shift(Apart);
        await Rounds(cluster, 2);
        cluster.Venue.Trades = [Given.Fill(order: First.Text)];
        cluster.Time.Shift(Apart);

        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Filled });
        await Rounds(cluster, 3);
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
        await Rounds(cluster, 1);
        cluster.Time.Shift(Apart);
        await Rounds(cluster, 2);
        await cluster.Gateway.CatchUp();
        for (var round = 3; round <= 4; round++)
        {
            cluster.Time.Shift(Apart);
            await Rounds(cluster, round);
        }

        Assert.DoesNotContain(cluster.Journal.Facts, IsAbsent);
        cluster.Time.Shift(Apart);
        await cluster.Journal.Until(IsAbsent);
    }

    [Fact]
    public async Task News_of_an_absent_order_counts_and_wakes_a_person_and_its_money_is_set_aside_again()
    {
        await using var cluster = await Unanswered();
        cluster.Time.Shift(TimeSpan.FromSeconds(60));
        for (var round = 1; round <= 3; round++)
        {
            await Rounds(cluster, round);
            cluster.Time.Shift(Apart);
        }

        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
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

    /// <summary>So many rounds were asked, and the last one counted.</summary>
    private static async Task Rounds(ScriptedCluster cluster, int rounds)
    {
        await Until(() => Task.FromResult(cluster.Venue.OpenReads >= rounds));
        await Ticks(cluster, 2);
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
