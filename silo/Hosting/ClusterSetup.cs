using System.Net;
using Orleans.Configuration;
using PolyArb.Storage;

namespace PolyArb.Silo.Hosting;

/// <summary>The database that makes this silo one of a cluster. No record: nothing may print what it holds.</summary>
/// <param name="connection">A secret.</param>
internal sealed class ClusterSetup(PostgresDatabase database, string connection)
{
    /// <summary>What the silos of a cluster have in common is the database; these are its words for all of them.</summary>
    public const string ClusterId = "local", ServiceId = "polyarb";

    /// <summary>Drivers of databases hold a thread while they wait. With two, on two cores, such waits would keep a silo from answering its neighbours.</summary>
    private const int ThreadsMin = 6;

    public PostgresDatabase Database => database;

    /// <summary>
    /// Membership in the database, tuned for a handful of silos on one network: one that dies is known after about a second, one that hangs after two. A
    /// silo that is starved for so long is taken for dead, and ends: safe, and noisy.
    /// </summary>
    public void Join(ISiloBuilder silo, IPAddress address, int siloPort, int gatewayPort)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, ThreadsMin), completions);
        silo.ConfigureEndpoints(address, siloPort, gatewayPort, listenOnAnyHostAddress: false);
        silo.Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (ClusterId, ServiceId));
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", PostgresDatabase.RevealForOrleans(connection)));
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.PlacementTimeout = TimeSpan.FromSeconds(3); // A silo that leaves may hear nothing of where a grain lives; as stock it would stay for 30 s.
            (options.PlacementMaxRetries, options.PlacementRetryBaseDelay) = (3, TimeSpan.FromMilliseconds(100));
        });
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 2;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            options.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);
            options.DefunctSiloExpiration = TimeSpan.FromDays(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
            options.EnableConnectionLivenessCheck = false; // Else a frozen silo lives as long as anything it said before is fresh.
        });
    }
}
