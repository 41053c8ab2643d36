using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>A gateway that stops for reasons of its own, and what stays true meanwhile.</summary>
public class SelfStopTests
{
    [Fact]
    public async Task A_complaint_of_the_process_pauses_a_running_gateway_and_a_person_goes_on()
    {
        await using var cluster = await ScriptedCluster.Start();

        cluster.Self.Complaint = "overload: 30001 inputs waiting";
        await Until(async () => (await cluster.Gateway.Status()).State is TradingState.Paused);
        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Paused, By: "silo", Reason: "overload: 30001 inputs waiting" });

        cluster.Self.Complaint = null;
        Assert.True((await cluster.Gateway.Resume("ann", "caught up")).IsDone);
    }

    /// <summary>Pause would lead out of SAFE.</summary>
    [Fact]
    public async Task A_complaint_moves_nothing_that_stands_already()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Kill("ann", "first");
        var checks = cluster.Self.Asked;

        cluster.Self.Complaint = "overload";
        await Until(() => Task.FromResult(cluster.Self.Asked >= checks + 3));

        Assert.Equal((TradingState.Safe, "first"), ((await cluster.Gateway.Status()).State, (await cluster.Gateway.Status()).Reason));
    }

    [Fact]
    public async Task While_the_journal_takes_nothing_nothing_is_sent_and_every_stop_holds_and_says_that_it_is_not_durable()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        var reservation = await cluster.Reserved(proposal);
        cluster.Journal.Fails = _ => true;

        Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(proposal, reservation));
        await Until(async () => (await cluster.Gateway.Status()).State is TradingState.Paused);
        var status = await cluster.Gateway.Status();
        Assert.Equal("disk full", status.Journal);
        Assert.Equal("the journal cannot be written: disk full", status.Reason);
        Assert.False((await cluster.Gateway.Resume("ann", "try")).IsDone);

        var kill = await cluster.Gateway.Kill("ann", "enough");
        Assert.False(kill.IsDone);
        Assert.Contains("NOT durable", kill.Text, StringComparison.Ordinal);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
        Assert.Equal(0, cluster.Venue.Sends);
        Assert.True(cluster.Venue.CancelAlls >= 2);
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.StateChanged { To: TradingState.Safe });
    }

    [Fact]
    public async Task A_stop_that_was_not_durable_is_as_soon_as_there_is_room_and_nobody_goes_on_by_himself()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = _ => true;
        await cluster.Gateway.Kill("ann", "enough");

        cluster.Journal.Fails = _ => false;
        cluster.Time.Shift(TimeSpan.FromSeconds(2));
        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "ann", Reason: "enough" });
        await Until(async () => (await cluster.Gateway.Status()).Journal.Length == 0);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
    }

    /// <summary>What the venue says of the orders is written first, and tells nothing of the stop.</summary>
    [Fact]
    public async Task A_stop_that_was_not_durable_is_written_although_other_facts_went_first()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        cluster.Journal.Fails = fact => fact is Fact.StateChanged;
        var kill = cluster.Gateway.Kill("ann", "enough");
        cluster.Venue.Answer.SetResult(true);
        Assert.Contains("NOT durable", (await kill).Text, StringComparison.Ordinal);
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged);

        cluster.Journal.Fails = _ => false;
        cluster.Time.Shift(TimeSpan.FromSeconds(2));

        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "ann", Reason: "enough" });
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_pauses_and_is_told()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();
        var submitted = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Journal.Waiting.Task;

        cluster.Time.Shift(TimeSpan.FromSeconds(6));

        await Until(async () => (await cluster.Gateway.Status()).State is TradingState.Paused);
        Assert.StartsWith("the disk has not answered for", (await cluster.Gateway.Status()).Journal, StringComparison.Ordinal);
        cluster.Journal.Open();
        Assert.IsType<DeskInput.Unknown>(await submitted);
        Assert.Equal(0, cluster.Venue.Sends);
    }

    /// <summary>One append that failed is enough, though the next one went through before anybody looked.</summary>
    [Fact]
    public async Task A_journal_that_failed_once_pauses_although_it_works_again()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();

        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        cluster.Journal.Fails = _ => false;

        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Paused, By: "silo" });
        Assert.Equal(TradingState.Paused, (await cluster.Gateway.Status()).State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task The_machine_s_clock_set_by_an_hour_moves_no_reservation_no_deadline_and_no_resting_order(int hours)
    {
        await using var cluster = await ScriptedCluster.Start(steady: true);
        cluster.Venue.Answer.SetResult(true);
        var resting = ScriptedCluster.Proposal();
        resting = resting with { Orders = [.. resting.Orders.Select(order => order with { Type = OrderType.Gtd })] };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(resting, await cluster.Reserved(resting)));
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Live));
        var second = resting with { Purpose = Purpose.Complete, Basket = null, Orders = [resting.Orders[0] with { Attempt = 1 }] };
        var reservation = await cluster.Reserved(second);

        cluster.Time.Shift(TimeSpan.FromHours(hours));
        var checks = cluster.Self.Asked;
        await Until(() => Task.FromResult(cluster.Self.Asked >= checks + 3)); // Timers went round.

        Assert.All(await cluster.Gateway.Orders(), order => Assert.Equal(OrderState.Live, order.Status));
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(second, reservation));
        Assert.Equal(2, cluster.Venue.Sends);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
