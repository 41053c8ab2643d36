using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// What the gateway knows: blotter, ledger and kill switch, made from facts. Facts are written one batch at a time behind a gate
/// and applied in the order they were written, so a restart sees the same.
/// </summary>
internal sealed class GatewayBooks(IJournal journal, long fence) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Fact.RoundingAdjusted> _rounded = [];

    public Blotter Blotter { get; } = new();

    public Ledger Ledger { get; } = new();

    public Settlements Settlements { get; } = new();

    public EquityTrail Trail { get; } = new();

    /// <summary>Orders of unknown outcome.</summary>
    public int Unresolved => Blotter.Unfinished.Count(order => order.State is OrderState.Unanswered or OrderState.Disputed);

    public TradingState Trading { get; private set; } = TradingState.Paused;

    public long Epoch { get; private set; }

    /// <summary>Who moved it there, and why.</summary>
    public string By { get; private set; } = "";

    public string Reason { get; private set; } = "";

    /// <summary>Completes with the next move of the kill switch.</summary>
    public Task Moved => _moved.Task;

    /// <summary>The journal holds a kill-switch state: this is not the first start.</summary>
    public bool HasState { get; private set; }

    public bool HasOpening { get; private set; }

    /// <summary>Grows with every fact after which orders, shares or dollars may be others.</summary>
    public long Moves { get; private set; }

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
            var touched = new HashSet<OrderId>();
            var facts = news.Where(item => touched.Contains(item.Order) || (Blotter.Preview(item) is not null && touched.Add(item.Order)))
                .Select(Fact (item) => new Fact.OrderChanged(now, item))
                .ToImmutableArray();
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

    /// <summary>Total: a fact is on disk before it gets here, so one that threw would throw at every start.</summary>
    public BlotterChange? Take(Fact fact)
    {
        Trail.Apply(fact);
        switch (fact)
        {
            case Fact.StateChanged moved:
                (Trading, Epoch, By, Reason, HasState) = (moved.To, moved.Epoch, moved.By, moved.Reason, true);
                Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                return null;
            default:
                HasOpening |= fact is Fact.OpeningBalanceTaken;
                if (Reconciliation.Moves(fact)) Moves++;
                if (fact is Fact.RoundingAdjusted rounded) _rounded.Add(rounded);
                Ledger.Apply(fact);
                if (Settlements.Apply(fact) is { } call) Ledger.Apply(call);
                var change = Blotter.Apply(fact);
                if (change?.Settlement is { } settlement) Ledger.Apply(settlement);
                return change;
        }
    }

    /// <summary>Dollars that rounding took since then; a share counts as one.</summary>
    public Usd RoundedSince(Instant since) => new(_rounded.Where(fact => fact.At >= since)
        .Sum(fact => fact.Cash.Micros + (fact.Shares?.Values.Sum(shares => shares.Micros) ?? 0)));

    /// <param name="excess">What is to be sold while trading stops.</param>
    public DeskInput.News News(MarketId market, Func<IEnumerable<Position>> excess) => new(
        Blotter.Version(market),
        [.. Blotter.OpenBaskets(market).Select(Standing)],
        StocksOf(market))
    {
        Flattening = Trading is not TradingState.Flattening ? null : new Flattening(
            [.. excess().Where(position => position.Market == market).Select(position => new Stock(position.Token, position.Shares, position.Cost))]),
    };

    /// <summary>A basket with its orders as a desk sees them.</summary>
    public OpenBasket Standing(BasketRecord record) =>
        new(record.Basket, record.OpenedAt, [.. Blotter.OrdersOf(record).Select(LegNews.Of)], record.LockedAt);

    /// <summary>Reservations none of whose orders can spend any more.</summary>
    public ImmutableArray<ReservationId> Releasable(ImmutableArray<BlotterChange> changes)
    {
        var reservations = changes.Select(change => Blotter.ReservationOf(change.After.Id)).OfType<ReservationId>().ToHashSet();
        if (reservations.Count == 0) return [];

        var spending = Blotter.Unfinished.Where(order => order.MaySpend).Select(order => Blotter.ReservationOf(order.Id)).OfType<ReservationId>().ToHashSet();
        return [.. reservations.Where(reservation => !spending.Contains(reservation))];
    }

    public ImmutableArray<MarketId> BusyMarkets() =>
        [.. Blotter.AllOpenBaskets.Select(basket => basket.Basket.Market)
            .Concat(Trading is TradingState.Flattening ? Ledger.Positions.Select(position => position.Market).OfType<MarketId>() : [])
            .Concat(Blotter.Unfinished.Select(order => order.Intent.Market))
            .Concat(Settlements.Open.Select(open => open.Call.Market)).Distinct()];

    /// <summary>Those, and the markets of shares that complete no basket.</summary>
    public ImmutableArray<MarketId> KeptMarkets() =>
        [.. BusyMarkets().Concat(Equity.Excess(Ledger.Positions, _ => null).Select(position => position.Market).OfType<MarketId>()).Distinct()];

    /// <param name="unwritten">What was promised and no fact knows of yet.</param>
    public Announcement Announcement(long gateway, bool isRecovering, IEnumerable<HeldReservation> unwritten) => new(
        gateway, Epoch, Trading, isRecovering, Ledger.Cash, Ledger.Realized, [.. Ledger.Positions], [.. Ledger.Trades],
        [.. Blotter.AllOpenBaskets.Where(basket => basket is { LockedAt: null, Basket.Kind: not BasketKind.Excess }).Select(basket => new OpenSlot(basket.Basket.Id, basket.Basket.Slot))],
        [.. Blotter.Unfinished.Where(order => order.MaySpend)
            .GroupBy(order => Blotter.ReservationOf(order.Id) ?? default)
            .Select(orders => new HeldReservation(
                orders.Key,
                orders.First().Intent.Market,
                new Usd(orders.Sum(order => Math.Max(0, (order.Intent.Order.Outlay - order.Money).Micros))),
                orders.Where(order => order.Intent.Order.Side is Side.Sell)
                    .GroupBy(order => order.Intent.Order.Token)
                    .ToImmutableDictionary(sells => sells.Key, sells => new Size(sells.Sum(order => (order.Intent.Order.Shares - order.Filled).Micros))),
                Orders: [.. orders.Select(order => order.Intent.Order.Condition)])),
            .. Settlements.Open.Select(open => new HeldReservation(open.Id, open.Call.Market, Usd.Zero, open.Call.SharesGiven)),
            .. unwritten],
        Trail.ToHistory(), Unresolved);

    public void Dispose() => _gate.Dispose();

    /// <summary>What the ledger holds beyond the shares that open baskets and calls under way count on, at its average cost.</summary>
    public ImmutableArray<Stock> StocksOf(MarketId market)
    {
        var needed = Blotter.OpenBaskets(market).SelectMany(Held)
            .Concat(Settlements.Open.Where(open => open.Call.Market == market).SelectMany(open => open.Call.SharesGiven))
            .GroupBy(held => held.Key)
            .ToDictionary(held => held.Key, held => new Size(held.Sum(shares => shares.Value.Micros)));
        return [.. Ledger.Positions.Where(position => position.Market == market)
            .Select(position => (position, free: position.Shares - needed.GetValueOrDefault(position.Token)))
            .Where(stock => stock.free > Size.Zero)
            .Select(stock => new Stock(
                stock.position.Token, stock.free,
                new Usd((long)((Int128)stock.position.Cost.Micros * stock.free.Micros / stock.position.Shares.Micros))))
            .OrderBy(stock => stock.Token.Text, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Shares one basket has bought and not sold again, or is to sell still; what it sold from stock is no other basket's.
    /// </summary>
    private IEnumerable<KeyValuePair<TokenId, Size>> Held(BasketRecord basket) => basket.Basket.Side is Side.Sell
        ? basket.Basket.Legs.Select(leg => KeyValuePair.Create(leg.Token, NotNegative(leg.Shares.Micros + Net(basket, leg.Token))))
        : Blotter.OrdersOf(basket).Select(order => order.Intent.Order.Token).Distinct()
            .Select(token => KeyValuePair.Create(token, NotNegative(Net(basket, token))));

    private long Net(BasketRecord basket, TokenId token) => Blotter.OrdersOf(basket).Where(order => order.Intent.Order.Token == token)
        .Sum(order => order.Intent.Order.Side is Side.Buy ? order.Filled.Micros : -order.Filled.Micros);

    private static Size NotNegative(long micros) => new(Math.Max(0, micros));

    /// <summary>What a person should look at: silence and contradictions.</summary>
    private IEnumerable<Fact> Errors(ImmutableArray<OrderEvent> news, Instant now) => news
        .Select(item => Blotter.Preview(item)?.After)
        .OfType<Order>()
        .Where(order => order.State is OrderState.Unanswered or OrderState.Disputed)
        .Select(order => new Fact.ErrorNoted(now, $"order {order.Id}", $"{order.State}: {order.Note}"));
}
