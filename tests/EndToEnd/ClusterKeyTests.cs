using System.Diagnostics;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>Who may be the road to the venue: a silo that holds the cluster's key, and no other.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterKeyTests(ITestOutputHelper output, PostgresServer server)
{
    /// <summary>So many that each silo has some, wherever chance puts them.</summary>
    private const string Eighty = """
        description: Eighty questions and four events, slowly.
        flow: {changes_per_second: 100}
        markets:
          - {question: "Will this one move to another silo?", category: politics, count: 80}
        events:
          - {title: "Which city hosts the final?", outcomes: [Lisbon, Oslo, Vienna], count: 4}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_without_the_key_takes_markets_and_never_the_gateway_and_alone_it_says_so_within_five_seconds()
    {
        await using var day = await ClusterDay.Start(output, server, Eighty, seed: 25);
        ClusterSilo[] keyed = [day.Add("a"), day.Add("b")];
        await day.Up(keyed);
        await day.MarketsAreWhole();
        await day.Resume();
        var keyless = day.Add("keyless", key: null);
        await day.Up(keyless);

        await ClusterDay.Until(async () => await MarketsOf(day, keyless) > 0 ? null : "none", "markets on the silo that joined");
        await day.MarketsAreWhole();
        Assert.NotEqual(keyless, await day.Gateway());
        await day.Sends(since: ClusterWire.Now, orders: 4);
        Assert.DoesNotContain(day.Wire.Arrivals, arrival => arrival.Silo is null || arrival.Silo == keyless.Name);

        var last = keyed.Single(silo => silo != day.Silos[0]);
        await keyed[0].Process.Signal("TERM");
        Assert.Equal(0, (await keyed[0].End(Stop)).ExitCode);
        await ClusterDay.Until(async () => await day.GatewaysSilo() == last ? null : "elsewhere", "the gateway on the last silo with the key");
        await last.Kill(Stop);
        await ClusterDay.Until(async () => await Active(day) is 1 ? null : "more than one silo is active", "the dead one noticed");

        foreach (var command in (string[][])[["status"], ["orders"], ["pause"], ["resume", "--reason", "t"], ["kill", "--reason", "t"]])
        {
            var since = Stopwatch.StartNew();
            var said = await day.RunAnew(command);
            day.Say($"{command[0]} after {since.ElapsedMilliseconds} ms: {said.ExitCode} {said.Error.Trim()}");
            Assert.Equal(1, said.ExitCode);
            Assert.Contains("key", Assert.Single(said.Error.Trim().Split('\n')), StringComparison.OrdinalIgnoreCase);
        }

        var gone = ClusterWire.Now;
        await day.Up(keyed[0]);
        await day.MarketsAreWhole();
        Assert.Equal(keyed[0], await day.Gateway());
        Assert.DoesNotContain(day.Wire.Since(gone), arrival => arrival.Silo != keyed[0].Name);
        await day.Says("pause");
        await day.AssertNothingIsLostOrDoubled();
    }

    [Fact]
    public async Task A_silo_of_another_wallet_and_a_dry_run_are_refused_by_the_clusters_database_with_2_and_one_line()
    {
        await using var day = await ClusterDay.Start(output, server, "quiet", seed: 26);
        var silo = day.Add("a");
        await day.Up(silo);

        var (stranger, paper) = (day.Add("stranger", ClusterDay.OtherKey), day.Add("paper", environment: "DRY_RUN=true"));
        stranger.Start();
        paper.Start();

        var (refused, dry) = (await stranger.End(Stop), await paper.End(Stop));
        Assert.Equal((2, 2), (refused.ExitCode, dry.ExitCode));
        Assert.Contains(ClusterDay.Wallet, Assert.Single(refused.Error.Trim().Split('\n')), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("storage.provider", Assert.Single(dry.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(silo, await day.Gateway());
        Assert.Single(await day.Cluster(), one => one.Status is "Active");
    }

    private static async Task<int> MarketsOf(ClusterDay day, ClusterSilo silo) => (await day.Cluster()).Single(one => one.Address == silo.Address).Markets.Length;

    private static async Task<int> Active(ClusterDay day) =>
        await day.Run("cluster", "--json") is { ExitCode: 0 } said ? ClusterDay.SeenIn(said).Count(silo => silo.Status is "Active") : 0;
}
