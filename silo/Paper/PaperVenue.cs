using System.Collections.Immutable;
using System.Threading.Channels;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>
/// The venue of a dry run: real books, real signatures by a key nobody knows, and fills that consume what the book shows,
/// with latency and fees. Nothing of it leaves the process.
/// </summary>
internal sealed partial class PaperVenue(
    PolymarketVenue signer, IJournal journal, Usd openingCash, TimeProvider time, ILogger<PaperVenue> logger) : IVenue, IUserFeed
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan UntilMined = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Channel<ImmutableArray<OrderEvent>> _news = Channel.CreateUnbounded<ImmutableArray<OrderEvent>>();
    private readonly Dictionary<ConditionId, PaperBook> _books = [];
    private readonly Dictionary<OrderId, VenueOrder> _orders = [];
    private readonly Dictionary<TokenId, Size> _shares = [];
    private readonly List<Fill> _fills = [];
    private Usd _cash = openingCash;
    private bool _remembers;

    public StreamHealth Health => new(StreamState.Live, "paper");

    /// <summary>The same updates that the desks see.</summary>
    public void Watch(Market market, ImmutableArray<FeedInput> batch)
    {
        lock (_gate)
        {
            foreach (var condition in market.Conditions) _books.TryAdd(condition.Id, new PaperBook(condition));
            foreach (var input in batch)
            {
                foreach (var condition in market.Conditions)
                {
                    if (input.Gap is { } cause) _books[condition.Id].Lose(cause);
                }

                foreach (var update in input.Updates)
                {
                    if (_books.TryGetValue(update.Condition, out var book)) book.Apply(update, input.ReceivedAt);
                }
            }
        }
    }

    public ImmutableArray<SignedOrder> Sign(IReadOnlyList<OrderIntent> intents) => signer.Sign(intents);

    /// <summary>Nobody refuses what only signs for itself.</summary>
    public string? WhyNot(ConditionId condition) => null;

    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        await Task.Delay(Latency, time, cancellation);
        lock (_gate) return new SendAnswer([.. orders.Select(Match)], Failure: null);
    }

    public Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation) => Ok(new CancelAnswer(
        [], orders.ToImmutableDictionary(order => order, _ => "Order not found or already canceled")));

    public Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation) =>
        Ok(new CancelAnswer([], ImmutableDictionary<OrderId, string>.Empty)); // FAK orders never rest.

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation) => Ok(ImmutableArray<VenueOrder>.Empty);

    public Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_orders.GetValueOrDefault(order));
    }

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_fills.Where(fill => fill.At >= since).ToImmutableArray());
    }

    /// <summary>The gateway asks this first at a start, so the account of an earlier run is remembered here.</summary>
    public async Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation)
    {
        await Remember(cancellation);
        lock (_gate) return new VenueAnswer<Usd>.Ok(_cash);
    }

    public Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation)
    {
        lock (_gate) return Ok(_shares.GetValueOrDefault(token));
    }

    /// <summary>Nothing is watched: no order of ours rests anywhere.</summary>
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

    /// <summary>
    /// A process of its own forgets what it owed: the journal knows. Trades under way then are confirmed now, and orders that were
    /// never answered never matched.
    /// </summary>
    private async Task Remember(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_remembers) return;
            _remembers = true;
        }

        var (blotter, ledger, isOpened) = (new Blotter(), new Ledger(), false);
        await foreach (var fact in journal.ReadAll(cancellation))
        {
            if (fact is Fact.OpeningBalanceTaken opening)
            {
                ledger.Open(opening);
                isOpened = true;
            }

            if (blotter.Apply(fact)?.Settlement is { } settlement) ledger.Apply(settlement);
        }

        lock (_gate)
        {
            if (isOpened) _cash = ledger.Cash;
            foreach (var position in ledger.Positions) _shares[position.Token] = position.Shares;
            foreach (var order in blotter.Orders) Remember(order);
        }
    }

    private void Remember(Order order)
    {
        var leg = order.Intent.Order;
        var at = Instant.FromMillis(order.Intent.TimestampMs);
        _orders[order.Id] = new VenueOrder(
            order.Id, leg.Condition, leg.Token, leg.Side, leg.Type, leg.Limit, leg.Shares, order.Matched,
            order.Matched > Size.Zero ? VenueOrderStatus.Matched : VenueOrderStatus.Canceled, at);
        foreach (var fill in order.Fills.Values.Where(fill => fill.Status is not (TradeStatus.Failed or TradeStatus.Confirmed)))
            _fills.Add(fill with { Status = TradeStatus.Confirmed });

        var untold = order.Matched - order.Filled; // Answered as matched, and ended before its trade was told.
        if (order.IsDone || untold <= Size.Zero) return;

        var rest = new Fill(
            new TradeId($"paper-{order.Id}"), order.Id, TradeStatus.Confirmed, untold, Usd.Cost(leg.Limit, untold), Usd.Zero, leg.Limit, at);
        _cash += leg.Side is Side.Buy ? -rest.Amount : rest.Amount;
        _fills.Add(rest);
    }

    private OrderEvent Match(SignedOrder signed)
    {
        var order = signed.Intent.Order;
        if (order.Type is not OrderType.Fak) return new OrderEvent.Rejected(signed.Id, $"the paper venue takes FAK orders, not {order.Type}", RejectCode.InvalidPayload);
        if (!_books.TryGetValue(order.Condition, out var book)) return new OrderEvent.Rejected(signed.Id, "No orderbook exists for the requested token id", RejectCode.NoOrderBook);

        var (shares, amount, fee, price) = book.Take(order);
        var now = time.Now();
        if (shares == Size.Zero)
        {
            return new OrderEvent.Rejected(
                signed.Id, "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.", RejectCode.FakNotFilled);
        }

        var buys = order.Side is Side.Buy;
        _cash += buys ? -(amount + fee) : amount - fee;
        _shares[order.Token] = buys ? _shares.GetValueOrDefault(order.Token) + shares : _shares.GetValueOrDefault(order.Token) - shares;
        _orders[signed.Id] = new VenueOrder(signed.Id, order.Condition, order.Token, order.Side, order.Type, order.Limit, order.Shares, shares, VenueOrderStatus.Matched, now);

        var fill = new Fill(new TradeId($"paper-{_fills.Count + 1}-{now.Micros:x}"), signed.Id, TradeStatus.Matched, shares, amount, fee, price, now);
        _fills.Add(fill);
        _ = Settle(fill, _fills.Count - 1);
        return new OrderEvent.Matched(signed.Id, shares, IsFinal: true);
    }

    /// <summary>The life of a trade as the user channel tells it.</summary>
    private async Task Settle(Fill fill, int index)
    {
        foreach (var (status, wait) in new[] { (TradeStatus.Matched, TimeSpan.Zero), (TradeStatus.Mined, UntilMined), (TradeStatus.Confirmed, UntilMined) })
        {
            await Task.Delay(wait, time);
            var news = fill with { Status = status };
            lock (_gate) _fills[index] = news;
            _news.Writer.TryWrite([new OrderEvent.Filled(news)]);
        }
    }

    private static Task<VenueAnswer<T>> Ok<T>(T value) => Task.FromResult<VenueAnswer<T>>(new VenueAnswer<T>.Ok(value));

    [LoggerMessage(LogLevel.Error, "News of the paper venue could not be delivered")]
    private partial void LogUndelivered(Exception exception);
}
