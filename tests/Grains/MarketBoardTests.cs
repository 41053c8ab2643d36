using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Metrics;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>How all markets are, read without asking one.</summary>
public class MarketBoardTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_board_shows_what_a_market_says_of_itself()
    {
        await using var cluster = await ScriptedCluster.Start();
        await List(cluster, Given.Event);
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        await Applied(cluster, new VenueBook(Given.Condition(0)).Snapshot());

        await FaultDay.Until(async () => (await Cluster(cluster).Market(Given.Event)).Events == 1);

        await FaultDay.Until(async () => DomainJson.Write((await Cluster(cluster).Markets()).Single()) == DomainJson.Write(await cluster.Market.View()));
    }

    [Fact]
    public async Task A_market_that_nobody_follows_is_stale_and_stays_asleep()
    {
        await using var cluster = await ScriptedCluster.Start();
        await List(cluster, Given.Event, new MarketId("0xasleep"));
        await cluster.Market.Open(Given.Market(), isEnabled: true);

        var totals = await Cluster(cluster).Totals();

        Assert.Equal((2, 0, 2), (totals.Enabled, totals.Synced, totals.Stale));
        Assert.Equal([Given.Event], (await Cluster(cluster).Silos()).SelectMany(silo => silo.Markets));
    }

    [Fact]
    public async Task A_market_that_is_shut_leaves_the_board()
    {
        await using var cluster = await ScriptedCluster.Start();
        await List(cluster, Given.Event);
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        Assert.Single(cluster.Board.Views);

        Assert.True(await cluster.Market.Shut());

        Assert.Empty(cluster.Board.Views);
    }

    /// <summary>5,000 markets, of which one has books: a snapshot asks that one for them, and nobody else anything, however many look besides.</summary>
    [Fact]
    public async Task However_many_markets_there_are_no_more_of_them_are_asked()
    {
        await using var cluster = await ScriptedCluster.Start();
        await List(cluster, [Given.Event, .. Enumerable.Range(0, 4_999).Select(n => new MarketId($"0xm{n}"))]);
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        var (clock, taken) = (new FakeTimeProvider(), new Taken());
        using var snapshots = new SnapshotLoop(cluster.Grains, new SnapshotPlan(TimeSpan.FromSeconds(5), 50, 5), [taken], clock, NullLogger<SnapshotLoop>.Instance);

        await snapshots.StartAsync(Cancellation);
        var snapshot = await taken.First.WaitAsync(Deadline, Cancellation);
        await snapshots.StopAsync(Cancellation);
        for (var reader = 0; reader < 20; reader++) await Cluster(cluster).Totals();

        Assert.Equal((5_000, 1), (snapshot.Markets.Length, snapshot.Books.Length));
        Assert.Equal((0, 1), (cluster.Calls.Count<IMarketView>(nameof(IMarketView.View)), cluster.Calls.Count<IMarketView>(nameof(IMarketView.Books))));
    }

    [Fact]
    public void Totals_are_what_the_views_add_up_to()
    {
        var totals = MarketTotals.Of(
        [
            View("a", conditions: 2, stale: 0, new ProofCounts(5, 1, 0), ("skew", 2, 0.5), ("crossed", 1, 1.5)),
            View("b", conditions: 3, stale: 1, new ProofCounts(7, 0, 2), ("skew", 4, 0.25)),
            MarketView.Unfollowed(new MarketId("c")),
        ]);

        Assert.Equal((3, 1, 2, new ProofCounts(12, 1, 2), 6), (totals.Enabled, totals.Synced, totals.Stale, totals.Proofs, totals.PickedOff));
        Assert.Equal([new PhantomTotal("crossed", 1, 1.5), new PhantomTotal("skew", 6, 0.75)], totals.Phantoms);
    }

    /// <summary>Each silo has markets of its own; whichever is asked tells of all.</summary>
    [Fact]
    public async Task The_boards_of_all_silos_are_put_together()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureClient(client => client.Services.AddPolyArbWire());
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage(RegistryGrain.Storage);
            silo.UseSiloMetadata(new Dictionary<string, string> { [Neighbours.Key] = Neighbours.Yes });
            silo.AddPlacements(holdsKey: true);
            silo.Services.AddPolyArbWire();
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton<LatencyBook>();
            silo.Services.AddControllable<MarketBoard>(MarketBoard.Name);
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(Cancellation);
        MarketId[] markets = [new("0xone"), new("0xtwo")];
        await cluster.Client.GetGrain<IRegistryGrain>(0).Learn([.. markets.Select(Summary)], enableAll: true, []);
        for (var silo = 0; silo < 2; silo++)
            ((InProcessSiloHandle)cluster.Silos[silo]).SiloHost.Services.GetRequiredService<MarketBoard>().Put(View(markets[silo].Text, conditions: silo + 1, stale: 0, default));

        var seen = await cluster.Client.GetGrain<IClusterView>(0).Markets();

        Assert.Equal([(markets[0], 1), (markets[1], 2)], seen.Select(market => (market.Id, market.Conditions)));
    }

    private static IClusterView Cluster(ScriptedCluster cluster) => cluster.Grains.GetGrain<IClusterView>(0);

    private static Task List(ScriptedCluster cluster, params IEnumerable<MarketId> markets) =>
        cluster.Registry.Learn([.. markets.Select(Summary)], enableAll: true, []);

    private static MarketSummary Summary(MarketId market) => new(market, "", [], IsTradable: true, "");

    private static async Task Applied(ScriptedCluster cluster, BookUpdate update)
    {
        var session = (await cluster.Market.View()).Session;
        Assert.Equal(FeedAnswer.Applied, await cluster.Market.Apply(session, [new FeedInput(1, TimeProvider.System.Now(), 1, [update], null)]));
    }

    private static MarketView View(string market, int conditions, int stale, ProofCounts proofs, params (string Cause, long Episodes, double Seconds)[] phantoms) =>
        MarketView.Unfollowed(new MarketId(market)) with
        {
            Conditions = conditions,
            Stale = stale,
            Proofs = proofs,
            Phantoms = phantoms.ToImmutableDictionary(phantom => phantom.Cause, phantom => phantom.Episodes),
            Guards = GuardsView.None with { PhantomSeconds = phantoms.ToImmutableDictionary(phantom => phantom.Cause, phantom => phantom.Seconds), PickedOff = 3 },
        };

    private sealed class Taken : ISnapshotReader
    {
        private readonly TaskCompletionSource<SiloSnapshot> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<SiloSnapshot> First => _first.Task;

        public void Take(SiloSnapshot snapshot) => _first.TrySetResult(snapshot);
    }
}
