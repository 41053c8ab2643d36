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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private ImmutableArray<LatencyHistogram> _latencies = [];
    private long _measured;
    private Task<FrozenDictionary<MarketId, MarketView>>? _views;
    private long _viewed;

    private IManagementGrain Management => GrainFactory.GetGrain<IManagementGrain>(0);

    private IRegistryGrain Registry => GrainFactory.GetGrain<IRegistryGrain>(0);

    public async Task<ImmutableArray<SiloView>> Silos()
    {
        var hosts = await Management.GetDetailedHosts(onlyActive: false);
        return [.. await Task.WhenAll(hosts.OrderBy(host => host.StartTime).Select(Look))];
    }

    /// <summary>One that is frozen, and not yet known to be, hides no other: nothing is known of it then.</summary>
    private async Task<SiloView> Look(MembershipEntry host)
    {
        if (host.Status is not SiloStatus.Active) return View(host, null, []);

        try
        {
            var loads = Management.GetRuntimeStatistics([host.SiloAddress]);
            var grains = Management.GetDetailedGrainStatistics(hostsIds: [host.SiloAddress]);
            await Task.WhenAll(loads, grains).WaitAsync(Patience, time);
            return View(host, (await loads).FirstOrDefault(), await grains);
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            return View(host, null, []);
        }
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

    public async Task<ImmutableArray<MarketId>> Enabled() => await Registry.Enabled() ?? [];

    public async Task<ImmutableArray<MarketView>> Markets()
    {
        var (enabled, views) = (await Enabled(), await Views());
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
