using PolyArb.Bench.Venue;
using PolyArb.Client;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Bench;

/// <summary>
/// So many polyarb-silo processes as one cluster on a database, live on the bench's venue, each with the key; and a connection to all of them.
/// Disposing kills them.
/// </summary>
internal sealed class ClusterSilos : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3); // Markets that move to their homes do so within a second or two.

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-bench-").FullName;
    private readonly List<ProgramRun> _runs = [];
    private readonly List<int> _gateways = [];
    private SiloConnection _connection = null!;

    private ClusterSilos()
    {
    }

    /// <summary>In the order of their start: the first has the gateway.</summary>
    public IReadOnlyList<ProgramRun> Runs => _runs;

    /// <summary>How many markets each has, in the same order.</summary>
    public int[] Markets { get; private set; } = [];

    /// <param name="database">Npgsql's words for an empty one.</param>
    public static async Task<ClusterSilos> Start(int count, VenueServer venue, string database)
    {
        var silos = new ClusterSilos();
        for (var number = 0; number < count; number++) await silos.Add(number, venue, database);
        silos._connection = await SiloConnection.Open(
            string.Join(',', silos._gateways.Select(port => $"127.0.0.1:{port}")), token: null, TimeSpan.FromSeconds(10), CancellationToken.None);
        await silos.Ready(venue);
        return silos;
    }

    /// <summary>What the desk of a market has applied.</summary>
    public async Task<long> Events(MarketId market) => (await _connection.Market(market).View()).Events;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        foreach (var run in _runs) await run.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task Add(int number, VenueServer venue, string database)
    {
        var (port, gateway) = (ProgramRun.FreePort(), ProgramRun.FreePort());
        var config = Path.Combine(_directory, $"{number}.yaml");
        await File.WriteAllTextAsync(
            config,
            $"""
            runtime:
              dry_run: false
              start_paused: false
            storage:
              provider: postgres
            silo:
              port: {port}
              gateway_port: {gateway}
            web:
              port: off
            proof:
              check: before_trade
            recorder:
              enabled: false
            venue:
              clob_rest_url: {venue.Url}
              clob_ws_url: {venue.SocketUrl}
            """);
        _runs.Add(ProgramRun.Start(
            ProgramRun.PathOf("silo", "polyarb-silo"), ["--config", config, "--data", Path.Combine(_directory, $"data{number}")], _directory,
            [
                ("MARKETS", "all"), ("PRIVATE_KEY", VenueSilo.PublicKey), ("DATABASE_CONNECTION", database),
                ("CLOB_API_KEY", VenueSilo.ApiKey), ("CLOB_API_SECRET", VenueSilo.ApiSecret), ("CLOB_API_PASSPHRASE", VenueSilo.ApiPassphrase),
            ]));
        _gateways.Add(gateway);
        await _runs[^1].Line("silo ");
    }

    /// <summary>Every market lives on one silo, follows its books, and has done so for a while.</summary>
    private async Task Ready(VenueServer venue)
    {
        using var deadline = new CancellationTokenSource(ReadyWithin);
        for (var since = DateTime.UtcNow; DateTime.UtcNow - since < Settled; await Task.Delay(250))
        {
            var silos = await _connection.Cluster.Silos();
            int[] markets = [.. silos.Where(silo => silo.Status == "Active").OrderBy(silo => silo.StartedAt).Select(silo => silo.Markets.Length)];
            var isWhole = markets.Length == _runs.Count && markets.Sum() == venue.Markets.Length && (await _connection.Cluster.Totals()).Synced == venue.Markets.Length;
            if (!isWhole || !markets.SequenceEqual(Markets)) since = DateTime.UtcNow;
            Markets = markets;
            if (deadline.IsCancellationRequested) throw new InvalidOperationException($"the cluster did not get ready: markets {string.Join(", ", markets)}");
        }
    }
}
