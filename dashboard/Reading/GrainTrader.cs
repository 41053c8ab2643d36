using System.Collections.Immutable;
using System.Diagnostics;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>Asks the grains, by the calls that are answered between two steps of whatever they are doing.</summary>
public sealed class GrainTrader(IGrainFactory grains) : ITrader
{
    private IControl Control => grains.GetGrain<IControl>(0);

    public Task<Status> Status() => Control.Status();

    public Task<PositionsView> Positions() => Control.Positions();

    public Task<ImmutableArray<BasketView>> Baskets() => Joined(Control.OpenBaskets(), Control.Baskets(), basket => basket.Id);

    public Task<ImmutableArray<OrderView>> Orders() => Joined(Control.OpenOrders(), Control.Orders(), order => order.Id);

    public Task<ImmutableArray<FillView>> Fills() => Control.Fills();

    public Task<ImmutableArray<MarketLine>> Markets() => grains.GetGrain<IRegistryControl>(0).List();

    public Task<MarketView> View(MarketId market) => grains.GetGrain<IClusterView>(0).Market(market);

    public Task<MarketBooks> Books(MarketId market, int levels) => grains.GetGrain<IMarketView>(market.Text).Books(levels);

    public Task<ImmutableArray<LatencyHistogram>> Latencies() => grains.GetGrain<IClusterView>(0).Latencies();

    public Task<ControlAnswer> Act(ControlVerb verb, string by, string reason) => verb switch
    {
        ControlVerb.Pause => Control.Pause(by, reason),
        ControlVerb.Resume => Control.Resume(by, reason),
        ControlVerb.Flatten => Control.Flatten(by, reason),
        ControlVerb.Kill => Control.Kill(by, reason),
        _ => throw new UnreachableException(),
    };

    private static async Task<ImmutableArray<T>> Joined<T, TKey>(Task<ImmutableArray<T>> open, Task<ImmutableArray<T>> newest, Func<T, TKey> key) =>
        [.. (await open).ExceptBy((await newest).Select(key), key), .. await newest];
}
