using System.Collections.Immutable;
using System.Threading.Channels;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Grains;

namespace PolyArb.Silo.Paper;

/// <summary>
/// The venue of a dry run: real books, real signatures by a key nobody knows, and fills that consume what the book shows, with
/// latency and fees. Nothing of it leaves the process. What our fills took is still in the live book, so a desk may see an edge
/// again that is ours already: its order then finds nothing.
/// </summary>
internal sealed partial class PaperVenue(
    Func<IReadOnlyList<OrderIntent>, ImmutableArray<SignedOrder>> sign, IJournal journal, PaperOptions options, TimeProvider time, ILogger<PaperVenue> logger)
    : IVenue, IUserFeed
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(options.Seed);
    private readonly Channel<ImmutableArray<OrderEvent>> _news = Channel.CreateUnbounded<ImmutableArray<OrderEvent>>();
    private readonly Dictionary<ConditionId, PaperBook> _books = [];
    private readonly Dictionary<OrderId, PaperOrder> _orders = [];
    private readonly HashSet<PaperOrder> _resting = [];
    private readonly Dictionary<OrderId, VenueOrder> _before = []; // Of an earlier process.
    private readonly PaperAccount _account = new(options.Cash);
    private readonly List<Fill> _fills = [];
    private Task? _remembered;

    public StreamHealth Health => new(StreamState.Live, "paper");

    /// <summary>The same updates that the desks see, before they see them.</summary>
    public void Watch(Market market, ImmutableArray<FeedInput> batch)
    {
        lock (_gate)
        {
            foreach (var condition in market.Conditions)
            {
                if (!_books.TryGetValue(condition.Id, out var known)) _books.Add(condition.Id, new PaperBook(condition));
                else known.Condition = condition;
            }

            foreach (var input in batch)
            {
                if (input.Gap is { } cause)
                {
                    foreach (var condition in market.Conditions) _books[condition.Id].Lose(cause);
                }

                foreach (var update in input.Updates)
                {
                    if (!_books.TryGetValue(update.Condition, out var book)) continue;
                    foreach (var (order, shares) in book.Apply(update, input.ReceivedAt)) Rested(order, shares);
                }
            }
        }
    }

    public ImmutableArray<SignedOrder> Sign(IReadOnlyList<OrderIntent> intents) => sign(intents);

    /// <summary>Nobody refuses what only signs for itself.</summary>
    public string? WhyNot(ConditionId condition) => null;

    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        await Task.Delay(Latency(), time, cancellation);
        lock (_gate) return new SendAnswer([.. orders.Select(Arrived)], Failure: null);
    }

    public async Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation)
    {
        await Task.Delay(Latency(), time, cancellation);
        lock (_gate)
        {
            var canceled = orders.Where(id => _orders.TryGetValue(id, out var order) && Close(order)).ToImmutableArray();
            return new VenueAnswer<CancelAnswer>.Ok(new CancelAnswer(
                canceled, orders.Except(canceled).ToImmutableDictionary(order => order, _ => "Order not found or already canceled")));
        }
    }

    public async Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation)
    {
        await Task.Delay(Latency(), time, cancellation);
        lock (_gate)
        {
            var open = _resting.ToArray();
            foreach (var order in open)
            {
                Close(order);
                Tell(new OrderEvent.Canceled(order.Id, "canceled"));
            }

            return new VenueAnswer<CancelAnswer>.Ok(new CancelAnswer([.. open.Select(order => order.Id)], ImmutableDictionary<OrderId, string>.Empty));
        }
    }

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation)
    {
        lock (_gate) return Ok(_resting.Select(Describe).ToImmutableArray());
    }

    public Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_orders.TryGetValue(order, out var known) ? Describe(known) : _before.GetValueOrDefault(order));
    }

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_fills.Where(fill => fill.At >= since).ToImmutableArray());
    }

    /// <summary>The gateway asks this first at a start, so the account of an earlier run is remembered here.</summary>
    public async Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation)
    {
        lock (_gate) _remembered ??= Remember(cancellation);
        await _remembered;
        lock (_gate) return new VenueAnswer<Usd>.Ok(_account.Cash);
    }

    public Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_account.Shares(token));
    }

    public Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation)
    {
        lock (_gate) return Ok<ImmutableArray<HeldToken>?>(_account.Held);
    }

    public Task LookAgain(TokenId? token, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Nobody watches: when this process is gone, so are its orders.</summary>
    public Task<VenueFailure?> Heartbeat(CancellationToken cancellation) => Task.FromResult<VenueFailure?>(null);

    public async Task Run(Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping)
    {
        await foreach (var news in _news.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await deliver(news);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogUndelivered(e); // The gateway asks about silent orders by itself.
            }
        }
    }

    private async Task Remember(CancellationToken cancellation)
    {
        var memory = await PaperMemory.Read(journal, cancellation);
        lock (_gate)
        {
            if (memory.Cash is { } cash) _account.Restore(cash, memory.Shares);
            foreach (var order in memory.Orders) _before[order.Id] = order;
            _fills.AddRange(memory.Fills);
        }
    }

    private OrderEvent Arrived(SignedOrder signed)
    {
        var leg = signed.Intent.Order;
        var now = time.Now();
        if (_orders.ContainsKey(signed.Id) || _before.ContainsKey(signed.Id)) return Refused(signed.Id, (RejectCode.Duplicated, $"order {signed.Id} is invalid. Duplicated."));
        if (!_books.TryGetValue(leg.Condition, out var book) || book.Condition.OutcomeOf(leg.Token) is not { } outcome)
            return Refused(signed.Id, (RejectCode.NoOrderBook, "No orderbook exists for the requested token id"));

        var order = new PaperOrder(signed, outcome, now);
        if (PaperRules.Refuses(order, book, now) is { } unsound) return Refused(order.Id, unsound);
        var match = book.Match(order);
        if (PaperRules.Refuses(order, match, book.Condition.Fee, _account, _resting) is { } refusal) return Refused(order.Id, refusal);

        _orders.Add(order.Id, order);
        book.Take(order, match);
        if (!match.Fills.IsEmpty) Fill(order, match.Shares, match.Amount, match.Fee(book.Condition.Fee), match.Last);
        order.IsClosed = order.IsImmediate || order.Left == Size.Zero;
        if (!order.IsClosed) Rest(book, order);
        return order.Matched == Size.Zero ? new OrderEvent.Placed(order.Id) : new OrderEvent.Matched(order.Id, order.Matched, order.IsClosed);
    }

    private void Rest(PaperBook book, PaperOrder order)
    {
        book.Rest(order);
        _resting.Add(order);
        if (order.Leg.Type is OrderType.Gtd) _ = Expire(order);
    }

    /// <summary>A maker: at its own price and without a fee.</summary>
    private void Rested(PaperOrder order, Size shares)
    {
        var limit = order.Leg.Limit;
        Fill(order, shares, order.Buys ? Usd.Cost(limit, shares) : Usd.Proceeds(limit, shares), Usd.Zero, limit);
        if (order.Left == Size.Zero) Close(order);
    }

    private void Fill(PaperOrder order, Size shares, Usd amount, Usd fee, Price price)
    {
        var now = time.Now();
        var fill = new Fill(new TradeId($"paper-{_fills.Count + 1}-{now.Micros:x}"), order.Id, TradeStatus.Matched, shares, amount, fee, price, now);
        order.Matched += shares;
        _account.Matched(order.Leg, fill);
        _fills.Add(fill);
        Tell(new OrderEvent.Filled(fill));
        _ = Settle(order.Leg, fill, _fills.Count - 1, fails: _random.Next(1_000_000) < options.SettlementFailureRate * 1_000_000);
    }

    /// <summary>The life of a trade as the user channel tells it.</summary>
    private async Task Settle(LegOrder leg, Fill fill, int index, bool fails)
    {
        await Task.Delay(options.Settle, time);
        Task confirming;
        lock (_gate)
        {
            if (fails) _account.Failed(leg, fill);
            else _account.Mined(leg, fill);
            confirming = Task.Delay(options.Settle, time); // Before it is told: whoever hears of it may move the clock on.
            Told(fails ? TradeStatus.Failed : TradeStatus.Mined);
        }

        if (fails) return;

        await confirming;
        lock (_gate) Told(TradeStatus.Confirmed);

        void Told(TradeStatus status)
        {
            _fills[index] = fill with { Status = status };
            Tell(new OrderEvent.Filled(_fills[index]));
        }
    }

    private async Task Expire(PaperOrder order)
    {
        var ends = Instant.FromMillis((order.Intent.ExpirationSeconds - PaperRules.GtdEarly) * 1_000);
        await Task.Delay(ends - order.At, time);
        lock (_gate)
        {
            if (Close(order)) Tell(new OrderEvent.Canceled(order.Id, "expired"));
        }
    }

    /// <summary>False when nothing of it was open.</summary>
    private bool Close(PaperOrder order)
    {
        if (order.IsClosed) return false;

        order.IsClosed = true;
        _resting.Remove(order);
        _books[order.Leg.Condition].Remove(order);
        return true;
    }

    private TimeSpan Latency()
    {
        lock (_gate) return options.LatencyMin + (_random.NextDouble() * (options.LatencyMax - options.LatencyMin));
    }

    private void Tell(OrderEvent news) => _news.Writer.TryWrite([news]);

    private static VenueOrder Describe(PaperOrder order)
    {
        var leg = order.Leg;
        var isWhole = order.Matched >= leg.Shares || order.IsImmediate;
        return new VenueOrder(
            order.Id, leg.Condition, leg.Token, leg.Side, leg.Type, leg.Limit, leg.Shares, order.Matched,
            !order.IsClosed ? VenueOrderStatus.Live : isWhole ? VenueOrderStatus.Matched : VenueOrderStatus.Canceled, order.At);
    }

    private static OrderEvent.Rejected Refused(OrderId order, (RejectCode Code, string Why) refusal) => new(order, refusal.Why, refusal.Code);

    private static Task<VenueAnswer<T>> Ok<T>(T value) => Task.FromResult<VenueAnswer<T>>(new VenueAnswer<T>.Ok(value));

    [LoggerMessage(LogLevel.Error, "News of the paper venue could not be delivered")]
    private partial void LogUndelivered(Exception exception);
}
