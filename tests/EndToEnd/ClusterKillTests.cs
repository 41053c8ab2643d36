using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>SIGKILL for the silo with the gateway, as a machine dies: its orders are on the wire, its markets are followed by nobody.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterKillTests(ITestOutputHelper output, PostgresServer server)
{
    [Fact]
    public async Task Of_600_markets_none_is_lost_and_trading_goes_on_by_itself_when_the_gateways_silo_dies_and_then_the_next()
    {
        await using var day = await ClusterDay.Start(output, server, "cluster", seed: 21);
        await day.Up(day.Add("a"), day.Add("b"), day.Add("c"));
        await day.MarketsAreWhole();
        Assert.Equal(600, (await day.Cluster()).Sum(silo => silo.Markets.Length));
        await day.Resume();

        for (var death = 1; death <= 2; death++)
        {
            await day.Sends(since: ClusterWire.Now, orders: 6);
            var victim = await day.Gateway();
            var before = (await day.Status()).GetProperty("epoch").GetInt64();
            var killed = ClusterWire.Now;
            await victim.Kill(TestContext.Current.CancellationToken);

            var first = await day.FirstOf(others: victim, killed);
            day.Say($"{victim} with the gateway killed: {first.Silo} sends after {first.At - killed} ms");
            await day.MarketsAreWhole();
            var status = await day.Status();
            Assert.Equal(("RUNNING", before), (status.GetProperty("state").GetString(), status.GetProperty("epoch").GetInt64()));
        }

        await day.Says("pause");
        await day.AssertNothingIsLostOrDoubled();
    }
}
