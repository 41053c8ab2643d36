using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Portfolio and gateway on a real cluster, with a venue and a journal that do what the test says, when it says so.</summary>
internal sealed class ScriptedCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ScriptedCluster(
        InProcessTestCluster cluster, ScriptedVenue venue, ScriptedJournal journal, HeldCalls calls, ShiftedTime time, SilentMarketFeed feed, ScriptedSettlement settlement,
        ScriptedStopFile stopFile) =>
        (_cluster, Venue, Journal, Calls, Time, Feed, Settlement, StopFile) = (cluster, venue, journal, calls, time, feed, settlement, stopFile);

    /// <summary>No limit that a test would meet by chance.</summary>
    public static readonly PacerRules Unhurried = new(
        new(100_000, TimeSpan.FromMinutes(10)), new(3_500, TimeSpan.FromSeconds(10)), new(36_000, TimeSpan.FromMinutes(10)), new(3_000, TimeSpan.FromSeconds(10)),
        new(30_000, TimeSpan.FromMinutes(10)), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    public ScriptedVenue Venue { get; }

    public ScriptedJournal Journal { get; }

    public HeldCalls Calls { get; }

    public ShiftedTime Time { get; }

    public SilentMarketFeed Feed { get; }

    public ScriptedSettlement Settlement { get; }

    public ScriptedStopFile StopFile { get; }

    public required ScriptedSelfCheck Self { get; init; }

    public required SilentUserFeed UserFeed { get; init; }

    public IOrderGatewayGrain Gateway => Grains.GetGrain<IOrderGatewayGrain>(0);

    public IMarketGrain Market => Grains.GetGrain<IMarketGrain>(Given.Event.Text);

    public IRegistryGrain Registry => Grains.GetGrain<IRegistryGrain>(0);

    public IPortfolioGrain Portfolio => Grains.GetGrain<IPortfolioGrain>(0);

    public LatencyBook Latencies => Services.GetRequiredService<LatencyBook>();

    public MarketBoard Board => Services.GetRequiredService<MarketBoard>();

    public RulesInForce Rules => Services.GetRequiredService<RulesInForce>();

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    private IServiceProvider Services => ((InProcessSiloHandle)_cluster.Silos[0]).SiloHost.Services;

    /// <summary>RUNNING and recovered.</summary>
    /// <param name="before">How the venue is at the start, which is not waited for then.</param>
    /// <param name="journal">Of a silo that is gone: this one starts from what it left.</param>
    /// <param name="parameters">Made of the rules in force, and of those at the start; without them none can be changed.</param>
    /// <param name="lease">Shared with other silos; without it the gateway is the only one.</param>
    /// <param name="wakes">The gateway, as the ignition loop of a silo does.</param>
    /// <param name="holdsKey">Of each silo; one that does without it.</param>
    /// <param name="steady">The time goes on by itself, whatever <see cref="Time"/> is shifted by: that is the machine's clock then.</param>
    public static async Task<ScriptedCluster> Start(
        bool pauseCancels = false, StopOrder? stop = null, Func<TradingRules, TradingRules>? rules = null, bool isBlackHoled = false,
        ScriptedJournal? journal = null, Action<ScriptedVenue>? before = null, bool steady = false,
        Func<RulesInForce, TradingRules, IParameters>? parameters = null, IGatewayLease? lease = null, bool wakes = true, params bool[] holdsKey)
    {
        bool[] silos = holdsKey.Length > 0 ? holdsKey : [true];
        var self = new ScriptedSelfCheck();
        var (venue, calls, time, feed) = (new ScriptedVenue(), new HeldCalls(), new ShiftedTime(), new SilentMarketFeed());
        journal ??= new ScriptedJournal();
        var (settlement, stopFile, userFeed) = (new ScriptedSettlement(), new ScriptedStopFile { Order = stop }, new SilentUserFeed());
        venue.IsBlackHoled = isBlackHoled;
        before?.Invoke(venue);
        var builder = new InProcessTestClusterBuilder((short)silos.Length);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureClient(client => client.Services.AddPolyArbWire());
        builder.ConfigureSilo((options, silo) =>
        {
            var holds = silos[Math.Min(int.Parse(options.SiloName[^1..], System.Globalization.CultureInfo.InvariantCulture), silos.Length - 1)];
            silo.AddMemoryGrainStorage(RegistryGrain.Storage);
            silo.AddOutgoingGrainCallFilter(calls);
            silo.UseSiloMetadata(new Dictionary<string, string> { [Neighbours.Key] = holds ? Neighbours.Yes : "no" });
            silo.Services.AddPolyArbWire();
            silo.Services.AddSingleton<TimeProvider>(steady ? new PolyArb.Silo.Hosting.SteadyTime(time) : time);
            silo.Services.AddSingleton<IVenue>(venue);
            silo.Services.AddSingleton<IJournal>(journal);
            silo.Services.AddSingleton<ISettlement>(settlement);
            silo.Services.AddSingleton<ICatalog, ScriptedCatalog>();
            silo.Services.AddSingleton<IUserFeed>(userFeed);
            silo.Services.AddSingleton<IMarketFeed>(feed);
            silo.Services.AddSingleton<IFrameTap, NoTap>();
            silo.Services.AddSingleton<IShutdown, NoShutdown>();
            silo.Services.AddSingleton<IStopFile>(stopFile);
            silo.Services.AddSingleton<ISelfCheck>(self);
            silo.Services.AddSingleton<LatencyBook>();
            silo.Services.AddSingleton<ProposalCounts>();
            silo.Services.AddSingleton<TurnRecorder>();
            silo.Services.AddControllable<MarketBoard>(MarketBoard.Name);
            silo.Services.AddSingleton<PortfolioRecorder>();
            silo.Services.AddSingleton(new ProcessLife());
            silo.Services.AddSingleton<GatewayPresence>();
            silo.Services.AddSingleton(lease ?? new SoleGateway());
            silo.AddPlacements(holds);
            var usual = new TradingRules
            {
                Edge = Given.Policy,
                Risk = Given.Limits with { StaleAfter = TimeSpan.FromMinutes(1) },
                Breakers = Given.Breakers,
                SettleMin = Size.Shares(5),
                StartPaused = false,
                Mode = "test",
                DryRun = false,
                AckTimeout = TimeSpan.FromSeconds(10),
                SendDeadline = TimeSpan.FromMinutes(1),
                Resting = new(TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(1_200), CancelsPerSecond: 5),
                Flatten = new(Sells: false, TimeSpan.FromSeconds(60)),
                Quarantine = new(TimeSpan.FromSeconds(60), Usd.Cents(5)),
                PauseCancels = pauseCancels,
                Reconciling = new(TimeSpan.FromHours(1), TimeSpan.FromDays(1), Usd.Cents(5)),
                Pace = Unhurried,
                SameIntent = new(new Price(1), Size.Parse("0.1")),
                CancelsOnConnect = false,
            };
            usual = (rules ?? (its => its))(usual);
            silo.Services.AddSingleton(new RulesInForce(usual));
            silo.Services.AddSingleton<IParameters>(provider => parameters?.Invoke(provider.GetRequiredService<RulesInForce>(), usual) ?? new NoParameters());
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var scripted = new ScriptedCluster(cluster, venue, journal, calls, time, feed, settlement, stopFile) { Self = self, UserFeed = userFeed };
        if (!wakes) return scripted;

        await scripted.Gateway.Wake("silo", feed.Health);
        if (isBlackHoled || before is not null) return scripted; // Whoever asked for it says what he waits for.

        await scripted.Reservable();
        venue.OpenReads = 0; // The start read them too.
        return scripted;
    }

    /// <summary>As an operator's program is connected.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>One more silo, like the last one.</summary>
    public Task Join() => _cluster.StartAdditionalSiloAsync();

    public Task<ImmutableArray<SiloView>> Silos() => Grains.GetGrain<IClusterView>(0).Silos();

    /// <summary>Completes when the portfolio approves again: the gateway has announced itself as recovered.</summary>
    public async Task Reservable()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Portfolio.View()).IsRecovering) deadline.Token.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// The gateway announces itself no more: two ticks have begun since it has recovered, and the first saw that the portfolio knows it. An announcement
    /// takes up what is being consumed, so a call that is held on its way would find it taken.
    /// </summary>
    public async Task Settled()
    {
        var ticks = Calls.Count(nameof(IPortfolioGrain.Check)) + 2;
        await FaultDay.Until(() => Task.FromResult(Calls.Count(nameof(IPortfolioGrain.Check)) >= ticks));
    }

    /// <summary>Moves the clock on by so much that the venue is read again before the next order.</summary>
    public async Task Sleep(TimeSpan by)
    {
        Time.Shift(by);
        await FaultDay.Until(async () => !(await Gateway.Status()).Recovering);
    }

    public static Proposal Proposal(string id = "b-1") => Given.Proposal() with
    {
        Id = new BasketId(id),
        Basket = Given.Basket(id: id),
        Orders = Given.Basket().Legs,
        SeenAt = TimeProvider.System.Now(),
        ReceivedAt = TimeProvider.System.Now(),
    };

    public async Task<Reservation> Reserved(Proposal proposal) =>
        Assert.IsType<RiskDecision.Approved>(await Portfolio.Reserve(proposal)).Reservation;

    public async ValueTask DisposeAsync()
    {
        Venue.Answer.TrySetResult(true);
        Journal.Open();
        Calls.LetGo();
        Settlement.Answer.TrySetResult(new SettlementAnswer.Done());
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}

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
        _resting.Clear();
        return Ok(new CancelAnswer(Strangers, ImmutableDictionary<OrderId, string>.Empty), cancellation);
    }

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

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation) => Ok(Trades, cancellation);

    /// <summary>Set: it answers nothing that is asked of the account.</summary>
    public bool IsSilent { get; set; }

    public Usd Dollars { get; set; } = Usd.Dollars(1_000);

    /// <summary>How often it tells the cash; it is silent about it then.</summary>
    public int CashTold { get; set; } = int.MaxValue;

    public Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation) => IsSilent || --CashTold < 0
        ? Task.FromResult<VenueAnswer<Usd>>(new VenueAnswer<Usd>.Unavailable(new VenueFailure.Unanswered("silence")))
        : Ok(Dollars, cancellation);

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

/// <summary>Keeps facts in memory, in the order they were appended; can be closed to a kind of fact, and can fail.</summary>
internal sealed class ScriptedJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<Fact> _facts = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _last = Task.CompletedTask;
    private long _fence;

    /// <summary>A fact for which this holds waits, and everything behind it, until <see cref="Open"/>.</summary>
    public Func<Fact, bool> Waits { get; set; } = _ => false;

    public Func<Fact, bool> Fails { get; set; } = _ => false;

    /// <summary>Completes when a fact for which this holds is kept.</summary>
    public async Task Until(Func<Fact, bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Facts.Any(holds))
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<Fact> Facts
    {
        get
        {
            lock (_gate) return [.. _facts];
        }
    }

    public void Open() => _opened.TrySetResult();

    public Task Append(ImmutableArray<Fact> facts, long fence)
    {
        lock (_gate) return _last = After(_last, facts);
    }

    public async IAsyncEnumerable<Fact> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var fact in Facts)
        {
            await Task.CompletedTask;
            yield return fact;
        }
    }

    public Task<long> RaiseFence() => Task.FromResult(Interlocked.Increment(ref _fence));

    private async Task After(Task before, ImmutableArray<Fact> facts)
    {
        await before.ContinueWith(_ => { }, TaskScheduler.Default);
        if (facts.Any(Fails)) throw new IOException("disk full");

        if (facts.Any(Waits))
        {
            Waiting.TrySetResult();
            await _opened.Task;
        }

        lock (_gate) _facts.AddRange(facts);
    }
}

/// <summary>Can keep one kind of call from reaching its grain for as long as a test likes.</summary>
internal sealed class HeldCalls : IOutgoingGrainCallFilter
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _counts = new();
    private volatile string? _method;

    /// <summary>How often it was called so far.</summary>
    public int Count(string method) => _counts.GetValueOrDefault(method);

    /// <summary>The same, of one kind of grain.</summary>
    public int Count<T>(string method) => _counts.GetValueOrDefault($"{typeof(T).Name}.{method}");

    public void Hold(string method) => _method = method;

    /// <summary>What a call of this name ends with; null: it goes its way.</summary>
    public Func<string, Exception?> Fails { get; set; } = _ => null;

    /// <summary>Completes when one waits.</summary>
    public Task Held => _held.Task;

    public void LetGo() => _letGo.TrySetResult();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        _counts.AddOrUpdate(context.MethodName, 1, (_, count) => count + 1);
        _counts.AddOrUpdate($"{context.InterfaceMethod?.DeclaringType?.Name}.{context.MethodName}", 1, (_, count) => count + 1);
        if (context.MethodName == _method)
        {
            _held.TrySetResult();
            await _letGo.Task;
        }

        if (Fails(context.MethodName) is { } failure) throw failure;

        await context.Invoke();
    }
}

/// <summary>The machine's clock, but for what the test moves it on by. Timers run as they do.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ticks));
}

internal sealed class SilentUserFeed : IUserFeed
{
    public StreamState State { get; set; } = StreamState.Live;

    public StreamHealth Health => new(State, "silent");

    public Task Run(Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping) => Task.CompletedTask;
}

internal sealed class SilentMarketFeed : IMarketFeed
{
    private readonly TaskCompletionSource<(MarketId, long)> _resynced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first market that asked for new books, and its session.</summary>
    public Task<(MarketId Market, long Session)> Resynced => _resynced.Task;

    public StreamHealth Health { get; set; } = new(StreamState.Live, "silent");

    public int Waiting => 0;

    private long _sessions;

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver) => Interlocked.Increment(ref _sessions);

    public void Unfollow(MarketId market, long session)
    {
    }

    public void Resync(MarketId market, long session) => _resynced.TrySetResult((market, session));
}

internal sealed class NoTap : IFrameTap
{
    private long _count;

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at) => Interlocked.Increment(ref _count);
}

/// <summary>A stop file in memory; it goes only when the test lets it.</summary>
internal sealed class ScriptedStopFile : IStopFile
{
    private volatile StopOrder? _order;
    private int _reads;

    public StopOrder? Order
    {
        get => _order;
        set => _order = value;
    }

    public bool IsPresent => _order is not null;

    /// <summary>Set: seen by its presence alone.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Set: why it cannot be moved away.</summary>
    public string? Sticks { get; set; }

    /// <summary>How often somebody looked what it says.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public StopOrder? Read()
    {
        Interlocked.Increment(ref _reads);
        return IsHidden ? null : _order;
    }

    public void Retire() => _order = Sticks is { } why ? throw new IOException(why) : null;
}

/// <summary>All is well until the test says otherwise.</summary>
internal sealed class ScriptedSelfCheck : ISelfCheck
{
    private volatile string? _complaint;
    private int _asked;
    private long _moved;

    public TimeSpan Moved
    {
        get => new(Interlocked.Read(ref _moved));
        set => Interlocked.Exchange(ref _moved, value.Ticks);
    }

    public int Asked => Volatile.Read(ref _asked);

    public string? Complaint
    {
        get
        {
            Interlocked.Increment(ref _asked);
            return _complaint;
        }
        set => _complaint = value;
    }
}

internal sealed class NoParameters : IParameters
{
    public ParameterPlan Set(ImmutableArray<ParameterWish> wishes) => new ParameterPlan.Refused(["none"]);

    public ParameterPlan Reload() => new ParameterPlan.Refused(["none"]);

    public ParameterPlan.Ready Restore(ImmutableArray<ParameterOverride> overrides) => new([], [], () => { });

    public ImmutableArray<ParameterWish> Settable() => [];
}

internal sealed class NoShutdown : IShutdown
{
    public void Request()
    {
    }
}
