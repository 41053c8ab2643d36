using System.Collections.Immutable;
using System.Threading.Channels;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Tests.Domain;

namespace PolyArb.Tests.Grains;

/// <summary>Takes calls, and answers the first when told to; the rest are done at once.</summary>
internal sealed class ScriptedSettlement : ISettlement
{
    private readonly Channel<SettlementCall> _calls = Channel.CreateUnbounded<SettlementCall>();
    private int _count;

    /// <summary>Off, so that only tests which are about it merge and convert.</summary>
    public bool Acts { get; set; }

    public TaskCompletionSource<SettlementAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Calls => Volatile.Read(ref _count);

    public Task<SettlementCall> Next(CancellationToken cancellation) => _calls.Reader.ReadAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellation);

    public async Task<SettlementAnswer> Settle(SettlementCall call, CancellationToken cancellation)
    {
        var isFirst = Interlocked.Increment(ref _count) == 1;
        _calls.Writer.TryWrite(call);
        return isFirst ? await Answer.Task : new SettlementAnswer.Done();
    }

    public string Describe(SettlementCall call) => $"{call.Kind} {call.Shares}";
}

/// <summary>Knows one market: the event with three questions.</summary>
internal sealed class ScriptedCatalog : ICatalog
{
    public Task<VenueAnswer<Listing>> List(CancellationToken cancellation) =>
        Task.FromResult<VenueAnswer<Listing>>(new VenueAnswer<Listing>.Ok(new Listing([], 0)));

    public Task<VenueAnswer<Listing>> Glance(CancellationToken cancellation) => List(cancellation);

    public Task<Reading> Read(ImmutableArray<MarketId> markets, CancellationToken cancellation) => Task.FromResult(new Reading(
        markets.Contains(Given.Event) ? [new ListedMarket(Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2)), [])] : [], null));
}
