using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>
/// The silo with the gateway stopped in its tracks (SIGSTOP), as a VPS does to its guests: it does not know that others have gone on without it.
/// </summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterFreezeTests(ITestOutputHelper output, PostgresServer server)
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_wakes_up_after_the_others_took_over_sends_nothing_and_a_kill_outlives_the_silo_it_was_given_to()
    {
        await using var day = await ClusterDay.Start(output, server, "drift", seed: 22);
        await day.Up(day.Add("a"), day.Add("b"), day.Add("c"));
        await day.MarketsAreWhole();
        await day.Resume();
        await day.Sends(since: ClusterWire.Now, orders: 6);

        var zombie = await day.Gateway();
        var stopped = ClusterWire.Now;
        await zombie.Freeze();
        var first = await day.FirstOf(others: zombie, stopped);
        day.Say($"{zombie} with the gateway frozen: {first.Silo} sends after {first.At - stopped} ms");
        await Task.Delay(Frozen - TimeSpan.FromMilliseconds(ClusterWire.Now - stopped), Stop); // The length is the drill's.
        var woken = ClusterWire.Now;
        await zombie.Wake();
        var ended = await zombie.End(Stop);
        day.Say($"awake, it ended after {ClusterWire.Now - woken} ms: {ended.Error.Trim()}");

        Assert.NotEqual(0, ended.ExitCode);
        await day.Sends(since: woken, orders: 6);
        Assert.DoesNotContain(day.Wire.Since(first.At), arrival => arrival.Silo is null || arrival.Silo == zombie.Name);
        await day.MarketsAreWhole();
        await day.Up(zombie);
        await day.MarketsAreWhole();

        await SafeStaysSafe(day);
        await day.AssertNothingIsLostOrDoubled();
    }

    private static async Task SafeStaysSafe(ClusterDay day)
    {
        await day.Says("kill", "--reason", "enough for today");
        var killed = ClusterWire.Now;
        var before = (await day.Status()).GetProperty("epoch").GetInt64();
        var victim = await day.Gateway();
        await victim.Kill(Stop);
        await ClusterDay.Until(async () => await day.GatewaysSilo() is { } now && now != victim ? null : "no gateway yet", "another gateway");
        await day.Recovered();
        await day.MarketsAreWhole();

        var status = await day.Status();
        Assert.Equal(("SAFE", before), (status.GetProperty("state").GetString(), status.GetProperty("epoch").GetInt64()));
        Assert.Contains("enough for today", status.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await day.Run("resume", "--reason", "must be refused")).ExitCode);
        Assert.Empty(day.Wire.Since(killed));
        await day.Says("pause"); // What is open is finished now.
    }
}
