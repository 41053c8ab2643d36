using System.Collections.Immutable;
using System.Globalization;
using Orleans.Concurrency;
using Orleans.Runtime.MembershipService.SiloMetadata;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>Asks Orleans' own management for people who look, and keeps the answer of the latencies for a second.</summary>
[StatelessWorker(1)]
public sealed class ClusterGrain(ISiloMetadataCache metadata, LatencyBook latencies, TimeProvider time) : Grain, IClusterView
{
    /// <summary>The name under which a silo tells which version it is.</summary>
    public const string Version = "polyarb.version";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private ImmutableArray<LatencyHistogram> _latencies = [];
    private long _measured;

    private IManagementGrain Management => GrainFactory.GetGrain<IManagementGrain>(0);

    public async Task<ImmutableArray<SiloView>> Silos()
    {
        var hosts = await Management.GetDetailedHosts(onlyActive: false);
        SiloAddress[] active = [.. hosts.Where(host => host.Status is SiloStatus.Active).Select(host => host.SiloAddress)];
        var loads = active.Zip(await Management.GetRuntimeStatistics(active)).ToDictionary(pair => pair.First, pair => pair.Second);
        var grains = (await Management.GetDetailedGrainStatistics(hostsIds: active)).ToLookup(grain => grain.SiloAddress);
        return [.. hosts.OrderBy(host => host.StartTime).Select(host => View(host, loads.GetValueOrDefault(host.SiloAddress), [.. grains[host.SiloAddress]]))];
    }

    public Task<ImmutableArray<LatencyHistogram>> Latencies()
    {
        if (_latencies.IsEmpty || time.GetElapsedTime(_measured) > Fresh)
        {
            _latencies = [.. Enum.GetValues<LatencySeries>().Select(series => latencies.Histogram(series, Camel(series)))];
            _measured = time.GetTimestamp();
        }

        return Task.FromResult(_latencies);
    }

    private SiloView View(MembershipEntry host, SiloRuntimeStatistics? load, DetailedGrainStatistic[] grains) => new(
        host.SiloAddress.Endpoint.ToString(),
        host.SiloName ?? "",
        host.Status.ToString(),
        metadata.GetSiloMetadata(host.SiloAddress).Metadata.GetValueOrDefault(Version, ""),
        Instant.From(new DateTimeOffset(DateTime.SpecifyKind(host.StartTime, DateTimeKind.Utc))),
        [.. grains.Where(Is<MarketGrain>).Select(grain => new MarketId(grain.GrainId.Key.ToString()!)).OrderBy(market => market.Text, StringComparer.Ordinal)],
        grains.Length,
        load?.ClientCount ?? 0,
        load is null ? null : Math.Round(load.EnvironmentStatistics.FilteredCpuUsagePercentage, 1),
        load?.EnvironmentStatistics.RawMemoryUsageBytes,
        load?.IsOverloaded ?? false,
        grains.Any(Is<OrderGatewayGrain>),
        grains.Any(Is<PortfolioGrain>));

    private static bool Is<T>(DetailedGrainStatistic grain) => grain.GrainType.StartsWith($"{typeof(T).FullName},", StringComparison.Ordinal);

    private static string Camel(LatencySeries series) => series.ToString() is var name ? char.ToLower(name[0], CultureInfo.InvariantCulture) + name[1..] : "";
}
