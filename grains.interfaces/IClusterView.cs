using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;

namespace PolyArb.Grains.Interfaces;

/// <summary>The cluster's silos, and how fast this one is. Key 0; asks nobody who trades.</summary>
[Alias("PolyArb.IClusterView")]
public interface IClusterView : IGrainWithIntegerKey
{
    [ReadOnly, AlwaysInterleave, Alias("Silos")]
    Task<ImmutableArray<SiloView>> Silos();

    /// <summary>The four latencies of an order, of the silo that answers, since its start; at most a second old.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Latencies")]
    Task<ImmutableArray<LatencyHistogram>> Latencies();
}

/// <summary>A silo as its cluster knows it.</summary>
/// <param name="Address">Where other silos find it.</param>
/// <param name="Status">Orleans' word: Joining, Active, ShuttingDown, Dead.</param>
/// <param name="Version">Of the program; empty where it did not say.</param>
/// <param name="Markets">That live there.</param>
/// <param name="Grains">All that live there.</param>
/// <param name="CpuPercent">Of its machine; null where nothing is known, as of a dead one.</param>
/// <param name="MemoryBytes">Its process has.</param>
/// <param name="HasGateway">The road to the venue starts there.</param>
public sealed record SiloView(
    string Address, string Name, string Status, string Version, Instant StartedAt, ImmutableArray<MarketId> Markets, int Grains, long Clients,
    double? CpuPercent, long? MemoryBytes, bool IsOverloaded, bool HasGateway, bool HasPortfolio);

/// <summary>How one of the latencies is spread over its last samples, in microseconds; zero where nothing was measured.</summary>
/// <param name="Buckets">From the shortest to the longest that has any; empty where nothing was measured.</param>
public sealed record LatencyHistogram(string Series, long P50, long P99, long Samples, ImmutableArray<LatencyBucket> Buckets);

/// <param name="UpTo">Microseconds, this one included; a bucket begins where the one before it ends.</param>
public sealed record LatencyBucket(long UpTo, long Count);
