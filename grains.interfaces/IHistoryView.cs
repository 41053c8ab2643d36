using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains.Interfaces;

/// <summary>What was written down, as <see cref="IHistory"/> tells it. Key 0; asks nobody who trades.</summary>
[Alias("PolyArb.IHistoryView")]
public interface IHistoryView : IGrainWithIntegerKey
{
    [ReadOnly, AlwaysInterleave, Alias("Facts")]
    Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked);

    [ReadOnly, AlwaysInterleave, Alias("Errors")]
    Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked);

    [ReadOnly, AlwaysInterleave, Alias("Inputs")]
    Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked);

    [ReadOnly, AlwaysInterleave, Alias("Equity")]
    Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked);

    [ReadOnly, AlwaysInterleave, Alias("Orders")]
    Task<ImmutableArray<OrderLine>> Orders(HistoryQuery asked);
}
