using System.Collections.Immutable;
using System.Threading.Channels;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Tests.Domain;

namespace PolyArb.Tests.Grains;

/// <summary>Takes orders, and answers them when told to: accepted in full, or never heard of.</summary>
internal sealed class ScriptedVenue : IVenue
{
    private readonly Channel<ImmutableArray<SignedOrder>> _sent = Channel.CreateUnbounded<ImmutableArray<SignedOrder>>();
    private readonly Channel<ImmutableArray<OrderId>> _canceled = Channel.CreateUnbounded<ImmutableArray<OrderId>>();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<OrderId, VenueOrder> _resting = new();
    private int _sends;

    /// <summary>Nothing that is asked or told is ever answered.</summary>
    public bool IsBlackHoled { get; set; }

    /// <summary>True matches everything; false leaves everything unanswered.</summary>
    public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Sends => Volatile.Read(ref _sends);

    public ValueTask<ImmutableArray<SignedOrder>> NextSend(CancellationToken cancellation) => _sent.Reader.ReadAsync(cancellation);

    public ImmutableArray<OrderPlaced> Identify(IReadOnlyList<OrderIntent> intents) =>
        [.. intents.Select(intent => new OrderPlaced(new OrderId($"{intent.Basket}/{intent.Order.Leg}/{intent.Order.Attempt}"), intent))];

    /// <summary>Set: orders are signed by it, when it likes.</summary>
    public Func<ImmutableArray<OrderPlaced>, Task<ImmutableArray<SignedOrder>>>? Signer { get; set; }

    public Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders) => Signer is { } signer ? signer(orders) : Task.FromResult(Signed(orders));

    public static ImmutableArray<SignedOrder> Signed(ImmutableArray<OrderPlaced> orders) => [.. orders.Select(order => new SignedOrder(order.Id, order.Intent, ""))];

    /// <summary>Set: what every request meets with, once it is answered; its orders are refused then.</summary>
    public VenueFailure? Failure { get; set; }

    /// <summary>Nothing signed for it is taken.</summary>
    public ConditionId? Refused { get; set; }

    public string? WhyNot(ConditionId condition) => condition == Refused ? "refused" : null;

    public int Beats { get; private set; }

    /// <summary>Set: why heartbeats are not heard.</summary>
    public VenueFailure? Unheard { get; set; }

    public Task<VenueFailure?> Heartbeat(CancellationToken cancellation)
    {
        Beats++;
        return IsBlackHoled ? Silence<VenueFailure?>(new VenueFailure.Unanswered("canceled"), cancellation) : Task.FromResult(Unheard);
    }

    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _sends);
        _sent.Writer.TryWrite(orders);
        var isAnswered = await Answer.Task;
        if (isAnswered && Failure is null) Keep(orders.Where(order => order.Intent.Order.Type is OrderType.Gtd));
        return new SendAnswer(
            [.. orders.Select(OrderEvent (order) => (isAnswered, Failure) switch
            {
                (false, _) => new OrderEvent.Unanswered(order.Id, "no answer"),
                (true, { } failure) => new OrderEvent.Rejected(order.Id, failure.Why),
                (true, null) when order.Intent.Order.Type is OrderType.Gtd => new OrderEvent.Placed(order.Id),
                (true, null) => new OrderEvent.Matched(order.Id, order.Intent.Order.Shares, IsFinal: true),
            })],
            Failure);
    }

    /// <summary>By itself, and says nothing.</summary>
    public void Forget(ImmutableArray<OrderId> orders)
    {
        foreach (var order in orders) _resting.TryRemove(order, out _);
    }

    private void Keep(IEnumerable<SignedOrder> orders)
    {
        foreach (var (id, leg) in orders.Select(order => (order.Id, order.Intent.Order)))
            _resting[id] = new VenueOrder(id, leg.Condition, leg.Token, leg.Side, leg.Type, leg.Limit, leg.Shares, Size.Zero, VenueOrderStatus.Live, Given.Noon);
    }

    /// <summary>Set: no cancel is heard of.</summary>
    public bool IgnoresCancels { get; set; }

    /// <summary>Set: a cancel of what does not rest is answered so.</summary>
    public bool SaysNotFound { get; set; }

    /// <summary>What an order is said to have come to when it is read.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<OrderId, VenueOrder> Known { get; } = new();

    public ValueTask<ImmutableArray<OrderId>> NextCancel(CancellationToken cancellation) => _canceled.Reader.ReadAsync(cancellation);

    public Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation)
    {
        _canceled.Writer.TryWrite(orders);
        var missing = SaysNotFound ? orders.Where(order => !_resting.ContainsKey(order)).ToImmutableDictionary(order => order, _ => "not found") : ImmutableDictionary<OrderId, string>.Empty;
        if (!IgnoresCancels) Forget(orders);
        return IgnoresCancels
            ? Task.FromResult<VenueAnswer<CancelAnswer>>(new VenueAnswer<CancelAnswer>.Unavailable(new VenueFailure.Unanswered("silence")))
            : Ok(new CancelAnswer([.. orders.Where(order => !missing.ContainsKey(order))], missing), cancellation);
    }

    public Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation)
    {
        CancelAlls++;
        if (Breaks is { } failure) throw failure;

        _resting.Clear();
        return Ok(new CancelAnswer(Strangers, ImmutableDictionary<OrderId, string>.Empty), cancellation);
    }

    /// <summary>Set: what nobody expects of a cancel of everything.</summary>
    public Exception? Breaks { get; set; }

    /// <summary>Answers to reads of open orders, in turn; empty ones when they are used up.</summary>
    public Queue<VenueAnswer<ImmutableArray<VenueOrder>>> Open { get; } = [];

    /// <summary>Open orders cannot be read.</summary>
    public bool IsMute { get; set; }

    public int CancelAlls { get; private set; }

    /// <summary>Orders that it cancels with everything, and we do not know.</summary>
    public ImmutableArray<OrderId> Strangers { get; set; } = [];

    public int OpenReads { get; set; }

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation)
    {
        OpenReads++;
        if (IsMute) return Task.FromResult<VenueAnswer<ImmutableArray<VenueOrder>>>(new VenueAnswer<ImmutableArray<VenueOrder>>.Unavailable(new VenueFailure.Unanswered("silence")));
        return Open.TryDequeue(out var answer) ? Task.FromResult(answer) : Ok(_resting.Values.ToImmutableArray(), cancellation);
    }

    /// <summary>Orders cannot be read.</summary>
    public bool IsBlind { get; set; }

    public Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation) => IsBlind
        ? Task.FromResult<VenueAnswer<VenueOrder?>>(new VenueAnswer<VenueOrder?>.Unavailable(new VenueFailure.Unanswered("silence")))
        : Ok(Known.GetValueOrDefault(order), cancellation);

    /// <summary>What it says of our trades.</summary>
    public ImmutableArray<Fill> Trades { get; set; } = [];

    public int TradeReads { get; private set; }

    /// <summary>Happens while our trades are read.</summary>
    public Action WhileTrades { get; set; } = () => { };

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation)
    {
        TradeReads++;
        WhileTrades();
        return Ok(Trades, cancellation);
    }

    /// <summary>Set: it answers nothing that is asked of the account.</summary>
    public bool IsSilent { get; set; }

    public Usd Dollars { get; set; } = Usd.Dollars(1_000);

    /// <summary>How often it tells the cash; it is silent about it then.</summary>
    public int CashTold { get; set; } = int.MaxValue;

    /// <summary>Set: completes when the cash may be told.</summary>
    public Task? CashWaits { get; set; }

    /// <summary>Completes when somebody waits for the cash.</summary>
    public TaskCompletionSource CashAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation)
    {
        if (CashWaits is { } until)
        {
            CashAsked.TrySetResult();
            await until;
        }

        return IsSilent || --CashTold < 0
            ? new VenueAnswer<Usd>.Unavailable(new VenueFailure.Unanswered("silence"))
            : await Ok(Dollars, cancellation);
    }

    /// <summary>What it says of our tokens.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<TokenId, Size> Held { get; } = new();

    public Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation) => Ok(Held.GetValueOrDefault(token), cancellation);

    /// <summary>Set: the list of positions instead of what is held.</summary>
    public ImmutableArray<HeldToken>? Listed { get; set; }

    public bool HidesHoldings { get; set; }

    public bool HasNoList { get; set; }

    public Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation) => HidesHoldings
        ? Task.FromResult<VenueAnswer<ImmutableArray<HeldToken>?>>(new VenueAnswer<ImmutableArray<HeldToken>?>.Unavailable(new VenueFailure.Unanswered("silence")))
        : Ok<ImmutableArray<HeldToken>?>(HasNoList ? null : Listed ?? [.. Held.Select(held => new HeldToken(held.Key, default, held.Value))], cancellation);

    public Task LookAgain(TokenId? token, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What is asked of it without a limit in time is never answered.</summary>
    private Task<VenueAnswer<T>> Ok<T>(T value, CancellationToken cancellation) => IsBlackHoled
        ? Silence<VenueAnswer<T>>(new VenueAnswer<T>.Unavailable(new VenueFailure.Unanswered("canceled")), cancellation)
        : Task.FromResult<VenueAnswer<T>>(new VenueAnswer<T>.Ok(value));

    private static async Task<T> Silence<T>(T canceled, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource();
        await using var registration = cancellation.Register(ended.SetResult);
        await ended.Task;
        return canceled;
    }
}
