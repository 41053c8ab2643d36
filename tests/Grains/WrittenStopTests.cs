using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>A stop file beside a gateway: obeyed at once, and gone only when the journal has it.</summary>
public class WrittenStopTests
{
    private static readonly StopOrder Order = new("ann@desk", "smoke");

    [Fact]
    public async Task A_running_gateway_goes_safe_cancels_everything_and_puts_the_file_away()
    {
        await using var cluster = await ScriptedCluster.Start();

        cluster.StopFile.Order = Order;
        await Until(() => Task.FromResult(!cluster.StopFile.IsPresent));

        var status = await cluster.Gateway.Status();
        Assert.Equal((TradingState.Safe, "smoke"), (status.State, status.Reason));
        Assert.True(cluster.Venue.CancelAlls >= 2);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "ann@desk", Reason: "smoke" });
    }

    [Fact]
    public async Task Before_the_next_look_at_it_the_file_already_keeps_an_order_off_the_wire()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();
        var submit = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Journal.Waiting.Task;
        cluster.StopFile.IsHidden = true; // From the tick, not from the send.

        cluster.StopFile.Order = Order;
        cluster.Journal.Open();

        Assert.IsType<DeskInput.Unknown>(await submit);
        Assert.Equal((TradingState.Running, 0), ((await cluster.Gateway.Status()).State, cluster.Venue.Sends));
        Assert.All(await cluster.Gateway.Orders(), order => Assert.Equal((OrderState.Rejected, "not sent: stopped"), (order.Status, order.Note)));
    }

    [Fact]
    public async Task While_the_journal_refuses_it_the_stop_holds_and_the_file_stays()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.StateChanged;

        cluster.StopFile.Order = Order;
        await Until(async () => (await cluster.Gateway.Status()).State is TradingState.Safe);
        await Until(() => Task.FromResult(cluster.StopFile.Reads >= 5));
        Assert.True(cluster.StopFile.IsPresent);

        cluster.Journal.Fails = _ => false;
        await Until(() => Task.FromResult(!cluster.StopFile.IsPresent));
        Assert.Equal(TradingState.Safe, cluster.Journal.Facts.OfType<Fact.StateChanged>().Last().To);
    }

    [Fact]
    public async Task A_file_that_cannot_be_moved_away_stops_whoever_pauses_and_resumes_past_it_and_is_written_once_each_time()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.StopFile.Sticks = "read-only";
        cluster.StopFile.Order = Order;
        await Until(() => Task.FromResult(Written(cluster) == 1));
        await Until(() => Task.FromResult(cluster.StopFile.Reads >= 5));
        Assert.Equal(1, Written(cluster));

        Assert.True((await cluster.Gateway.Pause("bob", "look")).IsDone);
        await Until(async () => (await cluster.Gateway.Status()).State is TradingState.Safe && Written(cluster) == 2);
    }

    /// <summary>A second file after the first was put away is a second stop.</summary>
    [Fact]
    public async Task A_gateway_that_is_safe_already_cancels_once_more_for_a_new_file()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Kill("bob", "first");
        var cancels = cluster.Venue.CancelAlls;

        cluster.StopFile.Order = Order;
        await Until(() => Task.FromResult(!cluster.StopFile.IsPresent));

        Assert.True(cluster.Venue.CancelAlls > cancels);
        Assert.Equal("smoke", (await cluster.Gateway.Status()).Reason);
    }

    [Fact]
    public async Task A_start_beside_a_file_is_safe_from_its_first_fact_on()
    {
        await using var cluster = await ScriptedCluster.Start(stop: Order);

        var first = cluster.Journal.Facts.OfType<Fact.StateChanged>().First();
        Assert.Equal((TradingState.Safe, "ann@desk", "smoke"), (first.To, first.By, first.Reason));
        await Until(() => Task.FromResult(!cluster.StopFile.IsPresent));
        Assert.True(cluster.Venue.CancelAlls >= 2);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
    }

    private static int Written(ScriptedCluster cluster) =>
        cluster.Journal.Facts.Count(fact => fact is Fact.StateChanged { From: TradingState.Safe, To: TradingState.Safe });

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
