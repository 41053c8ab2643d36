using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Several silos in one process: where grains live, and who may send.</summary>
public class ClusterTests
{
    [Fact]
    public async Task The_gateway_lives_where_the_key_is_whoever_asks_first()
    {
        var lease = new MemoryLease(TimeProvider.System);
        await using var cluster = await ScriptedCluster.Start(lease: lease, holdsKey: [false, true, false]);
        Assert.Equal(TradingState.Running, (await cluster.Client.GetGrain<IControl>(0).Status()).State);

        var silos = await cluster.Silos();
        Assert.Equal(3, silos.Length);
        var holder = Assert.Single(silos, silo => silo.HasGateway);
        Assert.True(holder.HasPortfolio);
        Assert.EndsWith("1", holder.Name, StringComparison.Ordinal); // The second of them.
    }

    [Fact]
    public async Task Where_nobody_holds_the_key_a_verb_says_so()
    {
        await using var cluster = await ScriptedCluster.Start(before: _ => { }, wakes: false, lease: new MemoryLease(TimeProvider.System), holdsKey: [false, false]);

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => cluster.Client.GetGrain<IControl>(0).Kill("test", "drill"));

        Assert.Contains("no silo of this cluster holds PRIVATE_KEY", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_market_moves_to_the_silo_that_it_belongs_to_after_a_join()
    {
        await using var cluster = await ScriptedCluster.Start(lease: new MemoryLease(TimeProvider.System));
        var markets = Enumerable.Range(0, 12).Select(number => Given.Market() with { Id = new MarketId($"0x{number:x64}") }).ToArray();
        foreach (var market in markets) await cluster.Grains.GetGrain<IMarketGrain>(market.Id.Text).Open(market, isEnabled: true);
        Assert.Equal(12, Assert.Single(await cluster.Silos()).Markets.Length);

        await cluster.Join();
        await FaultDay.Until(async () =>
        {
            foreach (var market in markets) await cluster.Grains.GetGrain<IMarketGrain>(market.Id.Text).Open(market, isEnabled: true); // As ignition loops do.
            var silos = await cluster.Silos();
            return silos.Length == 2 && silos.All(silo => silo.Markets.Length > 0) && silos.Sum(silo => silo.Markets.Length) == 12;
        });
    }

    [Fact]
    public async Task A_gateway_sends_nothing_while_another_holds_the_lease_and_goes_on_once_it_ran_out()
    {
        var lease = new MemoryLease(TimeProvider.System);
        Assert.True(await lease.Take("another", 0, TimeSpan.FromDays(1)));
        await using var cluster = await ScriptedCluster.Start(before: _ => { }, lease: lease);
        Assert.True((await cluster.Gateway.Status()).Recovering);
        Assert.Equal(0, cluster.Venue.OpenReads); // What another still sends would be news after the venue was asked.

        await lease.Release("another", 0);
        await cluster.Reservable();
        cluster.Venue.Answer.TrySetResult(true);
        var proposal = ScriptedCluster.Proposal();
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
    }

    [Fact]
    public async Task A_gateway_that_lost_its_lease_refuses_what_is_submitted()
    {
        var lease = new MemoryLease(TimeProvider.System);
        await using var cluster = await ScriptedCluster.Start(lease: lease);
        var proposal = ScriptedCluster.Proposal();
        var reservation = await cluster.Reserved(proposal);

        lease.Failure = new IOException("no database");
        await FaultDay.Until(async () => (await cluster.Gateway.Status()).Recovering);

        Assert.Equal(Refusal.Recovering, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(proposal, reservation)).Reason);
        Assert.Equal(0, cluster.Venue.Sends);
    }

    [Fact]
    public async Task A_kill_is_not_confirmed_before_the_lease_of_the_gateway_before_has_run_out()
    {
        var lease = new MemoryLease(TimeProvider.System);
        Assert.True(await lease.Take("another", 0, TimeSpan.FromDays(1)));
        await using var cluster = await ScriptedCluster.Start(before: _ => { }, lease: lease, rules: its => its with { AckTimeout = TimeSpan.FromSeconds(1) });

        var answer = await cluster.Gateway.Kill("test", "drill");
        Assert.False(answer.IsDone);
        Assert.Contains("its lease has not run out", answer.Text, StringComparison.Ordinal);
        Assert.Equal(TradingState.Safe, answer.State); // Stopped all the same.

        await lease.Release("another", 0);
        await FaultDay.Until(async () => (await cluster.Gateway.Kill("test", "drill")).IsDone);
    }

    /// <summary>The journal says RUNNING. A whole cluster that starts must not run by itself; one that lost a silo goes on.</summary>
    [Theory]
    [InlineData(true, TradingState.Paused)]
    [InlineData(false, TradingState.Running)]
    public async Task A_failover_keeps_the_state_and_a_start_pauses(bool isStart, TradingState expected)
    {
        var (lease, journal) = (new MemoryLease(TimeProvider.System), new ScriptedJournal());
        await using (var first = await ScriptedCluster.Start(lease: lease, journal: journal)) Assert.False(await lease.IsStart());

        if (isStart) await lease.MarkStart();
        await using var second = await ScriptedCluster.Start(lease: lease, journal: journal);

        Assert.Equal(expected, (await second.Gateway.Status()).State);
        Assert.False(await lease.IsStart());
        Assert.Equal(isStart ? 2 : 1, journal.Facts.OfType<Fact.StateChanged>().Count());
    }

    /// <summary>The figures of a venue that mines trades do not agree with anybody's for seconds; whoever was trading has compared them all along.</summary>
    [Theory]
    [InlineData(TradingState.Running, false)]
    [InlineData(TradingState.Paused, true)]
    public async Task A_gateway_that_takes_over_from_one_that_traded_does_not_wait_for_balances(TradingState before, bool waits)
    {
        var (lease, journal) = (new MemoryLease(TimeProvider.System), new ScriptedJournal());
        await using (var first = await ScriptedCluster.Start(lease: lease, journal: journal))
            if (before is TradingState.Paused) Assert.True((await first.Gateway.Pause("test", "drill")).IsDone);

        await using var second = await ScriptedCluster.Start(before: venue => venue.CashTold = 1, lease: lease, journal: journal);

        if (waits) await FaultDay.Until(async () => await second.Gateway.Status() is { Recovering: true, Venue: var venue } && venue.Contains("silence", StringComparison.Ordinal));
        else await FaultDay.Until(async () => !(await second.Gateway.Status()).Recovering);
        Assert.Equal(before, (await second.Gateway.Status()).State);
    }
}
