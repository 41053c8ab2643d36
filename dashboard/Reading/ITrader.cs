using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>The trader as the dashboard knows it: what may be looked at, and the four verbs of <see cref="ControlDesk"/>.</summary>
public interface ITrader
{
    Task<Status> Status();

    Task<PositionsView> Positions();

    /// <summary>Those that are open, and the newest.</summary>
    Task<ImmutableArray<BasketView>> Baskets();

    /// <summary>Those that may still change, and the newest.</summary>
    Task<ImmutableArray<OrderView>> Orders();

    /// <summary>The newest.</summary>
    Task<ImmutableArray<FillView>> Fills();

    Task<ImmutableArray<MarketLine>> Markets();

    /// <summary>As it last said of itself: it is not asked for this.</summary>
    Task<MarketView> View(MarketId market);

    /// <param name="levels">A side.</param>
    Task<MarketBooks> Books(MarketId market, int levels);

    Task<ImmutableArray<LatencyHistogram>> Latencies();

    /// <summary>Whoever calls has checked that he may.</summary>
    Task<ControlAnswer> Act(ControlVerb verb, string by, string reason);
}
