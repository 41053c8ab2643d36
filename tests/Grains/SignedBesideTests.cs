using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>
/// Orders are signed while they are written down, and whatever keeps them off the wire is looked at once both are done: here the signature is what
/// comes last.
/// </summary>
public sealed class SignedBesideTests
{
    private readonly TaskCompletionSource _signature = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_written_while_it_is_signed_and_sent_with_the_same_ids_once_both_are_done()
    {
        await using var cluster = await ScriptedCluster.Start();
        var submit = await Written(cluster);

        Assert.Equal((false, 0), (submit.IsCompleted, cluster.Venue.Sends));
        _signature.SetResult();

        Assert.IsType<DeskInput.Sent>(await submit);
        var sent = await cluster.Venue.NextSend(Cancellation);
        Assert.Equal(sent.Select(order => order.Id), Assert.Single(cluster.Journal.Facts.OfType<Fact.BasketOpened>()).Orders.Select(order => order.Id));
    }

    [Fact]
    public async Task Signed_before_it_is_written_it_waits_for_the_disk()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();
        var submit = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Journal.Waiting.Task;

        for (var i = 0; i < 20; i++) await cluster.Gateway.Status();
        Assert.Equal((false, 0), (submit.IsCompleted, cluster.Venue.Sends));
        cluster.Journal.Open();

        Assert.IsType<DeskInput.Sent>(await submit);
    }

    [Fact]
    public async Task A_kill_waits_for_the_signature_and_names_no_order_that_never_went_out()
    {
        await using var cluster = await ScriptedCluster.Start();
        var submit = await Written(cluster);

        var kill = cluster.Gateway.Kill("test", "now");
        for (var i = 0; i < 20; i++) Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State); // In force before it is acknowledged.
        Assert.Equal((false, 0), (kill.IsCompleted, cluster.Venue.OpenReads));
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: stopped");
        var answer = await kill;
        Assert.Equal((true, "stopped"), (answer.IsDone, answer.Text));
    }

    [Fact]
    public async Task A_pause_that_comes_while_it_is_signed_keeps_it_off_the_wire()
    {
        await using var cluster = await ScriptedCluster.Start();
        var submit = await Written(cluster);

        Assert.True((await cluster.Gateway.Pause("test", "now")).IsDone);
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: stopped");
    }

    [Fact]
    public async Task A_stop_file_that_comes_while_it_is_signed_keeps_it_off_the_wire()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.StopFile.IsHidden = true; // Nobody reads it: only that it is there is seen.
        var submit = await Written(cluster);

        cluster.StopFile.Order = new StopOrder("test", "now");
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: stopped");
    }

    [Fact]
    public async Task A_lease_that_is_lost_while_it_is_signed_keeps_it_off_the_wire()
    {
        var lease = new MemoryLease(TimeProvider.System);
        await using var cluster = await ScriptedCluster.Start(lease: lease);
        var submit = await Written(cluster);

        lease.Failure = new IOException("no database");
        await Until(async () => (await cluster.Gateway.Status()).Recovering);
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: stopped");
    }

    [Fact]
    public async Task A_signature_that_takes_past_the_deadline_is_not_sent()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { SendDeadline = TimeSpan.FromSeconds(5) });
        var submit = await Written(cluster);

        cluster.Time.Shift(TimeSpan.FromSeconds(6));
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: past its deadline");
    }

    [Fact]
    public async Task A_freeze_while_it_is_signed_has_the_venue_read_first()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { SendDeadline = TimeSpan.FromDays(1) });
        var submit = await Written(cluster);

        cluster.Venue.IsMute = true;
        cluster.Venue.IsSilent = true;
        cluster.Time.Shift(TimeSpan.FromMinutes(5));
        await Until(async () => (await cluster.Gateway.Status()).Recovering);
        _signature.SetResult();

        await NotSent(cluster, submit, "not sent: the venue has to be read first");
    }

    [Fact]
    public async Task A_rest_that_the_venue_asked_for_while_it_is_signed_keeps_it_off_the_wire()
    {
        await using var cluster = await ScriptedCluster.Start();
        var first = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(first, await cluster.Reserved(first));
        cluster.Venue.Signer = Held;
        var second = first with { Purpose = Purpose.Complete, Basket = null, Orders = [first.Orders[0] with { Attempt = 1 }] };
        var submit = cluster.Gateway.Submit(second, await cluster.Reserved(second));
        await cluster.Journal.Until(fact => fact is Fact.ClosingOrderPlaced);

        cluster.Venue.Failure = new VenueFailure.Unauthorized("HTTP 401");
        cluster.Venue.Answer.SetResult(true);
        await Until(async () => (await cluster.Gateway.Status()).Venue.Length > 0);
        _signature.SetResult();

        Assert.IsType<DeskInput.Unknown>(await submit);
        Assert.Equal(1, cluster.Venue.Sends);
        await Until(async () => (await cluster.Gateway.Orders()).Any(order => order.Note == "not sent: orders rest: HTTP 401"));
    }

    [Fact]
    public async Task What_cannot_be_signed_was_not_sent_and_its_money_is_free_again()
    {
        await using var cluster = await ScriptedCluster.Start();
        var submit = await Written(cluster);

        _signature.SetException(new ObjectDisposedException("signer"));

        await NotSent(cluster, submit, "not sent: it could not be signed");
    }

    [Fact]
    public async Task What_is_signed_as_another_order_is_not_sent()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Signer = orders => Task.FromResult(ScriptedVenue.Signed([orders[1], orders[0]]));
        var proposal = ScriptedCluster.Proposal();

        await NotSent(cluster, cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)), "not sent: it could not be signed");
    }

    [Fact]
    public async Task What_the_journal_refuses_waits_for_no_signature()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Signer = Held;
        cluster.Journal.Fails = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();

        var answer = await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));

        Assert.Equal(Refusal.NotSent, Assert.IsType<DeskInput.Refused>(answer).Reason);
        Assert.Equal((0, Usd.Zero), (cluster.Venue.Sends, (await cluster.Portfolio.View()).Reserved));
        (cluster.Venue.Signer, cluster.Journal.Fails) = (null, _ => false);
        var next = ScriptedCluster.Proposal("b-2");
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(next, await cluster.Reserved(next)));
    }

    /// <summary>Submitted and in the journal; its signature is still to come.</summary>
    private async Task<Task<DeskInput>> Written(ScriptedCluster cluster)
    {
        cluster.Venue.Signer = Held;
        var proposal = ScriptedCluster.Proposal();
        var submit = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await Until(async () => (await cluster.Gateway.Orders()).Length == proposal.Orders.Length);
        return submit;
    }

    private async Task<ImmutableArray<SignedOrder>> Held(ImmutableArray<OrderPlaced> orders)
    {
        await _signature.Task;
        return ScriptedVenue.Signed(orders);
    }

    private static async Task NotSent(ScriptedCluster cluster, Task<DeskInput> submit, string why)
    {
        Assert.IsType<DeskInput.Unknown>(await submit); // The news says what it is.
        Assert.Equal(0, cluster.Venue.Sends);
        var orders = await cluster.Gateway.Orders();
        Assert.NotEmpty(orders);
        Assert.All(orders, order => Assert.Equal((OrderState.Rejected, why), (order.Status, order.Note)));
        Assert.All(
            cluster.Journal.Facts.OfType<Fact.OrderChanged>().Select(fact => fact.News),
            news => Assert.Equal(RejectCode.NotSent, Assert.IsType<OrderEvent.Rejected>(news).Code));
        Assert.Equal(Usd.Zero, (await cluster.Portfolio.View()).Reserved);
    }

    private static Task Until(Func<Task<bool>> holds) => FaultDay.Until(holds);
}
