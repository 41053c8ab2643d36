using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>The door to what was written down, on whichever silo is asked.</summary>
[StatelessWorker(1)]
public sealed class HistoryGrain(IHistory history) : Grain, IHistoryView
{
    public Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked) => history.Facts(asked);

    public Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked) => history.Errors(asked);

    public Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked) => history.Inputs(asked);

    public Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked) => history.Equity(asked);

    public Task<ImmutableArray<OrderLine>> Orders(HistoryQuery asked) => history.Orders(asked);
}
