using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Orleans.Concurrency;
using Orleans.Runtime.MembershipService.SiloMetadata;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>Asks Orleans' own management for people who look; what many may ask for at once it keeps for a second.</summary>
[StatelessWorker(1)]
public sealed class ClusterGrain(ISiloMetadataCache metadata, LatencyBook latencies, TimeProvider time) : Grain, IClusterView
{
    /// <summary>The name under which a silo tells which version it is.</summary>
    public const string Version = "polyarb.version";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private ImmutableArray<LatencyHistogram> _latencies = [];
    private long _measured;
    private Task<FrozenDictionary<MarketId, MarketView>>? _views;
    private long _viewed;

    private IManagementGrain Management => GrainFactory.GetGrain<IManagementGrain>(0);

    private IRegistryGrain Registry => GrainFactory.GetGrain<IRegistryGrain>(0);

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

    public Task<ImmutableArray<MarketId>> Enabled() => Registry.Enabled();

    public async Task<ImmutableArray<MarketView>> Markets()
    {
        var (enabled, views) = (await Registry.Enabled(), await Views());
        return [.. enabled.Select(market => views.GetValueOrDefault(market) ?? MarketView.Unfollowed(market))];
    }

    public async Task<MarketView> Market(MarketId market) => (await Views()).GetValueOrDefault(market) ?? MarketView.Unfollowed(market);

    public async Task<MarketTotals> Totals() => MarketTotals.Of(await Markets());

    private Task<FrozenDictionary<MarketId, MarketView>> Views()
    {
        if (_views is { IsFaulted: false } && time.GetElapsedTime(_viewed) <= Fresh) return _views;

        _viewed = time.GetTimestamp();
        return _views = Collect();
    }

    /// <summary>What every silo's board shows. A market that moves from one silo to another may be on both for a moment: either will do.</summary>
    private async Task<FrozenDictionary<MarketId, MarketView>> Collect()
    {
        var boards = await Management.SendControlCommandToProvider<MarketBoard>(MarketBoard.Name, 0);
        return boards.Cast<ImmutableArray<MarketView>>().SelectMany(board => board).DistinctBy(market => market.Id).ToFrozenDictionary(market => market.Id);
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
