using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>All silos down, all up again: then nobody is left who knows that it was trading, and a person decides.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterRestartTests(ITestOutputHelper output, PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_that_was_down_starts_paused_whatever_it_did_before_and_safe_if_it_was_safe()
    {
        await using var day = await ClusterDay.Start(output, server, "drift", seed: 24);
        ClusterSilo[] silos = [.. ((string[])["a", "b", "c"]).Select(name => day.Add(name, environment: "START_PAUSED=false"))];
        await day.Up(silos);
        await day.MarketsAreWhole();
        Assert.Equal("RUNNING", await day.State()); // A first start, and it was told so.
        await day.Sends(since: ClusterWire.Now, orders: 4);

        await day.Says("stop", "--reason", "night"); // Of the whole bot.
        foreach (var silo in silos)
        {
            var ended = await silo.End(Stop);
            Assert.True(ended.ExitCode == 0, $"{silo}: {ended.ExitCode} {ended.Error}");
        }

        await day.Up(silos);

        var baskets = await Baskets(day);
        await day.MarketsAreWhole();
        Assert.Equal(("PAUSED", baskets), (await day.State(), await Baskets(day)));
        await day.Resume();
        await day.Sends(since: ClusterWire.Now, orders: 4);
        await day.Says("kill", "--reason", "over");

        foreach (var silo in silos) await silo.Kill(Stop);
        await day.Up(silos);

        var status = await day.Status();
        Assert.Equal("SAFE", status.GetProperty("state").GetString());
        Assert.Contains("was Safe", status.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await day.Says("pause");
        await day.MarketsAreWhole();
        await day.Resume();
        await day.Sends(since: ClusterWire.Now, orders: 4);

        foreach (var silo in silos) await silo.Kill(Stop); // As when the power fails; nobody lives who could have stopped it.
        await day.Up(silos);
        await day.MarketsAreWhole();
        Assert.Equal("PAUSED", await day.State());
        await day.AssertNothingIsLostOrDoubled();
    }

    private static async Task<int> Baskets(ClusterDay day) => (await day.Says("baskets", "--json")).Json.GetArrayLength();
}
