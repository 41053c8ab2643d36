using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Books;

namespace PolyArb.Grains.Interfaces;

/// <summary>The cluster's silos, and how fast this one is. Key 0; asks nobody who trades.</summary>
[Alias("PolyArb.IClusterView")]
public interface IClusterView : IGrainWithIntegerKey
{
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Silos")]
    Task<ImmutableArray<SiloView>> Silos();

    /// <summary>The latencies of an order, of the silo that answers, since its start; at most a second old.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Latencies")]
    Task<ImmutableArray<LatencyHistogram>> Latencies();

    /// <summary>Which markets are traded.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Enabled")]
    Task<ImmutableArray<MarketId>> Enabled();

    /// <summary>The enabled markets as they last said of themselves, at most about two seconds ago, on whichever silo: no market is asked.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Markets")]
    Task<ImmutableArray<MarketView>> Markets();

    /// <summary>The same, of one market, enabled or not.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Market")]
    Task<MarketView> Market(MarketId market);

    /// <summary>The enabled ones, added up.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Totals")]
    Task<MarketTotals> Totals();
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

/// <param name="Synced">All of whose books are whole.</param>
/// <param name="Stale">The others: a book waits for a snapshot, or nobody follows the market yet.</param>
/// <param name="Phantoms">By the name of their cause, those that there were.</param>
/// <param name="PickedOff">Fills the price ran away from.</param>
public sealed record MarketTotals(
    int Enabled, int Synced, int Stale, ProofCounts Proofs, ImmutableArray<PhantomTotal> Phantoms, long PickedOff)
{
    public static MarketTotals Of(ImmutableArray<MarketView> markets)
    {
        var synced = markets.Count(market => market.Conditions > 0 && market.Stale == 0);
        return new MarketTotals(
            markets.Length, synced, markets.Length - synced,
            markets.Aggregate(default(ProofCounts), (sum, market) => sum + market.Proofs),
            [.. markets.SelectMany(market => market.Phantoms.Keys).Distinct().Order(StringComparer.Ordinal).Select(cause => new PhantomTotal(
                cause, markets.Sum(market => market.Phantoms.GetValueOrDefault(cause)), markets.Sum(market => market.Guards.PhantomSeconds.GetValueOrDefault(cause))))],
            markets.Sum(market => market.Guards.PickedOff));
    }
}

/// <param name="Seconds">How long those that are over lasted.</param>
public sealed record PhantomTotal(string Cause, long Episodes, double Seconds);

/// <param name="UpTo">Microseconds, this one included; a bucket begins where the one before it ends.</param>
public sealed record LatencyBucket(long UpTo, long Count);
