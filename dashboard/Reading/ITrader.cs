using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>The trader as the dashboard knows it: what may be looked at, and the four verbs of <see cref="ControlDesk"/>.</summary>
public interface ITrader
{
    Task<Status> Status();

    Task<PositionsView> Positions();

    Task<ImmutableArray<BasketView>> Baskets();

    Task<ImmutableArray<OrderView>> Orders();

    Task<ImmutableArray<FillView>> Fills();

    Task<ImmutableArray<MarketLine>> Markets();

    Task<MarketView> View(MarketId market);

    /// <param name="levels">A side.</param>
    Task<MarketBooks> Books(MarketId market, int levels);

    Task<ImmutableArray<LatencyHistogram>> Latencies();

    /// <summary>Whoever calls has checked that he may.</summary>
    Task<ControlAnswer> Act(ControlVerb verb, string by, string reason);
}
