using System.Collections.Immutable;
using System.Threading.Channels;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Simulation;
using PolyArb.Grains;

namespace PolyArb.Silo.Paper;

/// <summary>Whoever signs for the paper venue, as <see cref="IVenue"/> describes it.</summary>
internal sealed record PaperSigner(
    Func<IReadOnlyList<OrderIntent>, ImmutableArray<OrderPlaced>> Identify, Func<ImmutableArray<OrderPlaced>, Task<ImmutableArray<SignedOrder>>> Sign);

/// <summary>
/// The venue of a dry run: real books, real signatures by a key nobody knows, and fills that consume what the book shows, with
/// latency and fees. Nothing of it leaves the process. What it fills is decided by <see cref="SimulatedVenue"/>, as in a backtest; here
/// that venue is given the time of the clock. What our fills took is still in the live book, so a desk may see an edge again that is
/// ours already: its order then finds nothing.
/// </summary>
internal sealed partial class PaperVenue : IVenue, IUserFeed, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Channel<ImmutableArray<OrderEvent>> _news = Channel.CreateUnbounded<ImmutableArray<OrderEvent>>();
    private readonly Dictionary<ConditionId, ConditionBook> _books = [];
    private readonly Dictionary<OrderId, VenueOrder> _before = []; // Of an earlier process.
    private readonly List<Fill> _tradesBefore = [];
    private readonly PaperSigner _signer;
    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SimulatedVenue _venue;
    private readonly ITimer _timer; // Rings when something is due.
    private Task? _remembered;

    public PaperVenue(
        PaperSigner signer, IJournal journal, PaperOptions options, TimeProvider time, ILogger<PaperVenue> logger)
    {
        (_signer, _journal, _time, _logger) = (signer, journal, time, logger);
        _venue = new SimulatedVenue(options.Rules, (ulong)options.Seed, options.Cash, condition => _books.GetValueOrDefault(condition));
        _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StreamHealth Health => new(StreamState.Live, "paper");

    /// <summary>The same updates that the desks see, before they see them.</summary>
    public void Watch(Market market, ImmutableArray<FeedInput> batch)
    {
        lock (_gate)
        {
            _venue.Follow(market);
            foreach (var condition in market.Conditions) _books.TryAdd(condition.Id, new ConditionBook(condition, BookFormat.Of(condition)));
            var now = _time.Now();
            foreach (var input in batch)
            {
                if (input.Gap is { } cause)
                {
                    foreach (var condition in market.Conditions) _books[condition.Id].Lose(cause);
                    _venue.Lose(market.Id);
                }

                foreach (ref readonly var update in input.Updates.AsSpan())
                {
                    if (_books.TryGetValue(update.Condition, out var book)) book.Apply(update, input.ReceivedAt);
                    _venue.Watch(update, now);
                }
            }

            Tell();
        }
    }

    public ImmutableArray<OrderPlaced> Identify(IReadOnlyList<OrderIntent> intents) => _signer.Identify(intents);

    public Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders) => _signer.Sign(orders);

    /// <summary>Nobody refuses what only signs for itself.</summary>
    public string? WhyNot(ConditionId condition) => null;

    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        await Task.Delay(Latency(), _time, cancellation);
        lock (_gate)
        {
            var answers = orders.Select(Arrive).ToImmutableArray();
            Tell();
            return new SendAnswer(answers, Failure: null);
        }
    }

    public async Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation)
    {
        await Task.Delay(Latency(), _time, cancellation);
        lock (_gate)
        {
            var canceled = orders.Where(order => _venue.Cancel(order, _time.Now())).ToImmutableArray();
            Tell();
            return new VenueAnswer<CancelAnswer>.Ok(new CancelAnswer(
                canceled, orders.Except(canceled).ToImmutableDictionary(order => order, _ => "Order not found or already canceled")));
        }
    }

    public async Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation)
    {
        await Task.Delay(Latency(), _time, cancellation);
        lock (_gate)
        {
            var open = _venue.Resting.Select(order => order.Id).ToImmutableArray();
            foreach (var order in open) _venue.Cancel(order, _time.Now());
            Tell(open.Select(order => new OrderEvent.Canceled(order, "canceled")));
            return new VenueAnswer<CancelAnswer>.Ok(new CancelAnswer(open, ImmutableDictionary<OrderId, string>.Empty));
        }
    }

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation)
    {
        lock (_gate) return Ok(_venue.Resting.Select(order => order.Described).ToImmutableArray());
    }

    public Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_venue.Find(order)?.Described ?? _before.GetValueOrDefault(order));
    }

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_tradesBefore.Concat(_venue.Trades).Where(fill => fill.At >= since).ToImmutableArray());
    }

    /// <summary>The gateway asks this first at a start, so the account of an earlier run is remembered here.</summary>
    public async Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation)
    {
        lock (_gate) _remembered ??= Remember(cancellation);
        await _remembered;
        lock (_gate) return new VenueAnswer<Usd>.Ok(_venue.Account.Cash);
    }

    public Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_venue.Account.Shares(token));
    }

    public Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation)
    {
        lock (_gate) return Ok<ImmutableArray<HeldToken>?>(_venue.Account.Held);
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

    public void Dispose() => _timer.Dispose();

    private async Task Remember(CancellationToken cancellation)
    {
        var memory = await PaperMemory.Read(_journal, cancellation);
        lock (_gate)
        {
            if (memory.Cash is { } cash) _venue.Account.Restore(cash, memory.Shares);
            foreach (var order in memory.Orders) _before[order.Id] = order;
            _tradesBefore.AddRange(memory.Fills);
        }
    }

    private OrderEvent Arrive(SignedOrder signed) => _before.ContainsKey(signed.Id)
        ? new OrderEvent.Rejected(signed.Id, $"order {signed.Id} is invalid. Duplicated.", RejectCode.Duplicated)
        : _venue.Arrive(signed.Id, signed.Intent, _time.Now());

    private void Ring()
    {
        lock (_gate)
        {
            _venue.Advance(_time.Now());
            Tell();
        }
    }

    private TimeSpan Latency()
    {
        lock (_gate) return _venue.OutLatency();
    }

    /// <summary>What the venue has to tell, and what is told beside it.</summary>
    private void Tell(IEnumerable<OrderEvent>? more = null)
    {
        Wind(); // Before it is told: whoever hears of it may move the clock on.
        var news = _venue.Told.Concat(more ?? []).ToImmutableArray();
        _venue.ClearTold();
        if (!news.IsEmpty) _news.Writer.TryWrite(news);
    }

    private void Wind()
    {
        if (_venue.NextDue is not { } due) return; // A ring for nothing does no harm.

        var wait = due - _time.Now();
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan); // A timer counts whole ones.
    }

    private static Task<VenueAnswer<T>> Ok<T>(T value) => Task.FromResult<VenueAnswer<T>>(new VenueAnswer<T>.Ok(value));

    [LoggerMessage(LogLevel.Error, "News of the paper venue could not be delivered")]
    private partial void LogUndelivered(Exception exception);
}
