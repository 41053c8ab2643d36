using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// What the gateway knows, and the journal that it stands in. Facts are written one batch at a time behind a gate and applied in the
/// order they were written, so a restart sees the same.
/// </summary>
internal sealed class GatewayBooks(IJournal journal, long fence) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly GatewayState _state = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Blotter Blotter => _state.Blotter;

    public Ledger Ledger => _state.Ledger;

    public Settlements Settlements => _state.Settlements;

    public EquityTrail Trail => _state.Trail;

    public ImmutableArray<ParameterOverride> Overrides => _state.Overrides.All;

    public int Unresolved => _state.Unresolved;

    public TradingState Trading => _state.Trading;

    public long Epoch => _state.Epoch;

    public string By => _state.By;

    public string Reason => _state.Reason;

    public bool HasState => _state.HasState;

    public bool HasOpening => _state.HasOpening;

    public long Moves => _state.Moves;

    /// <summary>Completes with the next move of the kill switch.</summary>
    public Task Moved => _moved.Task;

    public static async Task<GatewayBooks> Load(IJournal journal, long fence, CancellationToken cancellation)
    {
        var books = new GatewayBooks(journal, fence);
        await foreach (var fact in journal.ReadAll(cancellation)) books.Take(fact);
        return books;
    }

    /// <summary>Durable first, then true.</summary>
    public async Task Record(Fact fact)
    {
        await _gate.WaitAsync();
        try
        {
            await journal.Append([fact], fence);
            Take(fact);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Durable first, then true, all of them or none, if nothing has moved since; false when it has.</summary>
    public async Task<bool> RecordAt(long moves, ImmutableArray<Fact> facts)
    {
        await _gate.WaitAsync();
        try
        {
            if (Moves != moves) return false;

            await journal.Append(facts, fence);
            foreach (var fact in facts) Take(fact);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Durable first, then true, if the market's news is still that version; false when something has happened since.</summary>
    public async Task<bool> RecordAt(long version, MarketId market, ImmutableArray<Fact> facts)
    {
        await _gate.WaitAsync();
        try
        {
            if (Blotter.Version(market) != version) return false;

            await journal.Append(facts, fence);
            foreach (var fact in facts) Take(fact);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Durable first, then true, unless something overtook it: that one wins. False then.</summary>
    public async Task<bool> RecordUnless(Func<bool> isOvertaken, Fact move)
    {
        await _gate.WaitAsync();
        try
        {
            if (isOvertaken()) return false;

            await journal.Append([move], fence);
            if (isOvertaken()) return false; // The stop's fact was queued behind this one, so a restart sees the stop.

            Take(move);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps the news that says something new, and returns what it changed.</summary>
    public async Task<ImmutableArray<BlotterChange>> Record(ImmutableArray<OrderEvent> news, Instant now)
    {
        await _gate.WaitAsync();
        try
        {
            var facts = _state.FactsOf(news, now);
            if (facts.IsEmpty) return [];

            await journal.Append([.. facts, .. Errors(news, now)], fence);
            return [.. facts.Select(Take).OfType<BlotterChange>()];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>For stops alone, which act before they are durable.</summary>
    public Task Write(Fact fact) => journal.Append([fact], fence);

    /// <summary>Total, like what it is applied to.</summary>
    public BlotterChange? Take(Fact fact)
    {
        var change = _state.Apply(fact);
        if (fact is Fact.StateChanged) Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return change;
    }

    public Usd RoundedSince(Instant since) => _state.RoundedSince(since);

    public DeskInput.News News(MarketId market, Func<IEnumerable<Position>> excess) => _state.News(market, excess);

    public OpenBasket Standing(BasketRecord record) => _state.Standing(record);

    public ImmutableArray<ReservationId> Releasable(ImmutableArray<BlotterChange> changes) => _state.Releasable(changes);

    public ImmutableArray<MarketId> BusyMarkets() => _state.BusyMarkets();

    public ImmutableArray<MarketId> KeptMarkets() => _state.KeptMarkets();

    public Announcement Announcement(long gateway, bool isRecovering, IEnumerable<HeldReservation> unwritten) =>
        _state.Announcement(gateway, isRecovering, unwritten);

    public ImmutableArray<Stock> StocksOf(MarketId market) => _state.StocksOf(market);

    public void Dispose() => _gate.Dispose();

    /// <summary>What a person should look at: silence and contradictions.</summary>
    private IEnumerable<Fact> Errors(ImmutableArray<OrderEvent> news, Instant now) => news
        .Select(item => Blotter.Preview(item)?.After)
        .OfType<Order>()
        .Where(order => order.State is OrderState.Unanswered or OrderState.Disputed)
        .Select(order => new Fact.ErrorNoted(now, $"order {order.Id}", $"{order.State}: {order.Note}"));
}
