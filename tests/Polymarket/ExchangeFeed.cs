using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Polymarket;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Silo.Hosting;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;
using Condition = PolyArb.Simulator.World.Condition;
using Market = PolyArb.Domain.Market;
using OrderType = PolyArb.Simulator.Engine.OrderType;
using Side = PolyArb.Simulator.Engine.Side;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Tests.Polymarket;

/// <summary>The market feed on a running exchange, with a desk behind each market. Tests wait for what is delivered, recorded or logged, never for time.</summary>
internal sealed class ExchangeFeed : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Holds, TaskCompletionSource Done)> _waits = [];
    private readonly Dictionary<MarketId, (MarketDesk Desk, long Session)> _desks = [];
    private readonly Dictionary<TokenId, BookHash> _hashes = [];
    private readonly ExchangeHost _host;
    private readonly TimeProvider _clock;
    private readonly EdgePolicy _policy;
    private readonly TurnRecorder _recorder;
    private readonly List<string> _log = [];
    private readonly List<(MarketId Market, string Cause)> _gaps = [];
    private readonly List<(TokenId Token, long VenueMs, string Hash)> _states = [];
    private int _orders;
    private int _asked;
    private int _answered;

    private ExchangeFeed(ExchangeHost host, VenueOptions options, ImmutableArray<Market> markets, TimeProvider clock, TimeSpan? settle)
    {
        var policy = SiloSetup.RulesOf(PolyArbOptions.Defaults, "test").Edge;
        _policy = policy with { SettleTimeout = settle ?? policy.SettleTimeout };
        (_host, _clock, Markets) = (host, clock, markets);
        Tap = new BellTap(Ring);
        lock (Exchange.Gate) Exchange.Faults.Log = _ => Ring();
        _recorder = new TurnRecorder(Tap);
        Feed = new PolymarketMarketFeed(
            options, new BookProbe(new PlainClients(options.RestUrl, this)), Tap, Errors, clock, new Random(1), new Logger(Hear));
    }

    public PolymarketMarketFeed Feed { get; }

    public ImmutableArray<Market> Markets { get; }

    public BellTap Tap { get; }

    public KeepingErrors Errors { get; } = new();

    /// <summary>Everything that was logged.</summary>
    public ImmutableArray<string> Log => Copy(_log);

    /// <summary>Why each market lost its books, in order.</summary>
    public ImmutableArray<(MarketId Market, string Cause)> Gaps => Copy(_gaps);

    /// <summary>Every state of a token that reached its desk, in order.</summary>
    public ImmutableArray<(TokenId Token, long VenueMs, string Hash)> States => Copy(_states);

    public Exchange Exchange => _host.Exchange;

    public IEnumerable<ConditionBook> Books => _desks.Values.SelectMany(followed => followed.Desk.Books);

    public ProofCounts Proofs => _desks.Values.Aggregate(default(ProofCounts), (sum, followed) => sum + followed.Desk.Proofs);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="exchange">Port 0.</param>
    /// <param name="with">The feed's options.</param>
    /// <param name="clock">The feed's; the exchange has the real one.</param>
    /// <param name="later">Options that hold for the feed and not for the catalogue.</param>
    /// <param name="settle">How long an update may be unsettled; null: as long as by default.</param>
    public static async Task<ExchangeFeed> Start(
        ExchangeOptions exchange, Func<VenueOptions, VenueOptions> with, TimeProvider clock, Func<VenueOptions, VenueOptions>? later = null,
        TimeSpan? settle = null)
    {
        var host = await ExchangeHost.StartAsync(exchange, Stop);
        var options = with(new VenueOptions
        {
            RestUrl = new Uri($"http://127.0.0.1:{host.Port}"),
            GammaUrl = new Uri($"http://127.0.0.1:{host.Port}/gamma/"),
            WsUrl = new Uri($"ws://127.0.0.1:{host.Port}/ws"),
            ChainId = 137,
            ReconnectMin = TimeSpan.FromMilliseconds(10),
            ReconnectMax = TimeSpan.FromMilliseconds(50),
        });
        await using var services = new ServiceCollection().AddLogging().AddPolymarket(options).BuildServiceProvider();
        var catalog = services.GetRequiredService<ICatalog>();
        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await catalog.List(Stop)).Value;
        var reading = await catalog.Read([.. listing.Markets.Select(listed => listed.Market.Id)], Stop);
        Assert.Null(reading.Problem);
        return new ExchangeFeed(host, later?.Invoke(options) ?? options, [.. reading.Markets.Select(listed => listed.Market)], clock, settle);
    }

    /// <summary>How often a connection came up.</summary>
    public int Lives => Log.Count(line => line.Contains(" is live with ", StringComparison.Ordinal));

    /// <summary>When set, REST answers 429 and wants this long a rest.</summary>
    public TimeSpan? RestRestsFor { get; set; }

    /// <summary>How often REST was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>REST has answered every question that it was asked.</summary>
    public bool IsAnswered => Volatile.Read(ref _asked) == Volatile.Read(ref _answered);

    public async ValueTask DisposeAsync()
    {
        Feed.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>Follows every market and waits until each book is the exchange's.</summary>
    public async Task FollowAll()
    {
        foreach (var market in Markets) Follow(market);
        await Until(() => Books.All(book => book.Prove()));
    }

    public long Follow(Market market)
    {
        var opened = new DeskInput.Opened(market, _policy);
        var desk = new MarketDesk(opened);
        _recorder.Input(market.Id, opened, Now);
        var session = Feed.Follow(market, (_, batch) => Task.FromResult(Deliver(desk, batch)));
        lock (_gate) _desks[market.Id] = (desk, session);
        return session;
    }

    public ConditionBook BookOf(Condition condition) => Books.Single(book => book.Condition.Id.Text == condition.Id);

    public Market MarketOf(Condition condition) => Markets.Single(market => market.Conditions.Any(one => one.Id.Text == condition.Id));

    /// <summary>Our book is proven and is the exchange's present one.</summary>
    public bool IsLevel(Condition condition)
    {
        var book = BookOf(condition);
        if (!book.Prove()) return false;

        lock (Exchange.Gate)
        {
            var market = Exchange.MarketOf(condition);
            return Enumerable.Range(0, 2).Any(token =>
                _hashes.TryGetValue(new TokenId(condition.Tokens[token]), out var hash) && $"{hash}" == market.Hash(token));
        }
    }

    public void Goes(FaultKind kind, Condition? on = null, long? durationMs = null, int count = 1)
    {
        lock (Exchange.Gate) Exchange.Faults.Load(new FaultPlan(1, [new Fault(kind, 0, 0, count, on?.Tokens[0], durationMs ?? kind.UsualDurationMs())]));
    }

    public bool HasFired(FaultKind kind, string detail = "")
    {
        lock (Exchange.Gate) return Exchange.Faults.Fired.Any(fired => fired.Kind == kind && fired.Detail.Contains(detail, StringComparison.Ordinal));
    }

    /// <summary>A bid for YES at the lowest price joins the book: it changes and nothing is matched.</summary>
    public void Move(Condition condition)
    {
        const long shares = 5 * Units.MicrosOne;
        var id = "0x" + (++_orders).ToString("x64", CultureInfo.InvariantCulture);
        lock (Exchange.Gate)
        {
            Exchange.Users.Know("mover");
            Assert.IsType<PlaceResult.Accepted>(Exchange.Place(new OrderRequest(
                id, "mover", PublicAccounts.Addresses[1], condition, 0, Side.Buy, OrderType.Gtc,
                Units.Notional(shares, Exchange.MarketOf(condition).Tick), shares, 0, PostOnly: false)));
        }
    }

    /// <summary>Plays everything that was recorded again.</summary>
    public TradingDay Replay()
    {
        var day = new TradingDay(MarketFrame.TryRead);
        var number = 0;
        foreach (var (kind, connection, text, at) in Tap.Taken) day.Play(new CaptureLine(++number, at, connection, kind, text));
        return day;
    }

    public string Digest => DecisionDigest.Combine(_desks.Select(desk => KeyValuePair.Create(desk.Key.Text, desk.Value.Desk.Digest.Head)));

    /// <summary>Completes when it holds; asked whenever something was delivered, recorded or logged.</summary>
    public async Task Until(Func<bool> holds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (holds()) return;

            _waits.Add((holds, done));
        }

        try
        {
            await done.Task.WaitAsync(Deadline, Stop);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"it never came; {Feed.Health.Detail}\n{string.Join('\n', Exchange.World.Conditions.Where(condition => !Under(() => IsLevel(condition))))}\n{string.Join('\n', Gaps)}\n{string.Join('\n', Log)}");
        }
    }

    /// <summary>Asked once, under the lock that everything is delivered under.</summary>
    public T Under<T>(Func<T> ask)
    {
        lock (_gate) return ask();
    }

    private ImmutableArray<T> Copy<T>(List<T> list)
    {
        lock (_gate) return [.. list];
    }

    private Instant Now => Instant.From(_clock.GetUtcNow());

    private FeedAnswer Deliver(MarketDesk desk, ImmutableArray<FeedInput> batch)
    {
        lock (_gate)
        {
            var now = Now;
            var decision = desk.Turn(batch.AsSpan(), now);
            _recorder.Turn(desk, batch[0].Sequence, batch[^1].Sequence, now, decision);
            foreach (var input in batch)
            {
                if (input.Gap is { } cause) _gaps.Add((desk.Market.Id, cause));
                foreach (var update in input.Updates) See(update);
            }

            Check();
            return desk.WantsSnapshot ? FeedAnswer.Resync : FeedAnswer.Applied;
        }
    }

    /// <summary>As the market's grain does it several times a second.</summary>
    private void Tick(MarketDesk desk, long session)
    {
        var now = Now;
        if (desk.WaitsForTime(now))
        {
            var (number, text) = _recorder.Input(desk.Market.Id, new DeskInput.Tick(), now);
            _recorder.Turn(desk, number, number, now, desk.Turn(new DeskInput.Tick(), text, now));
        }

        if (desk.WantsSnapshot) Feed.Resync(desk.Market.Id, session);
    }

    private void See(BookUpdate update)
    {
        if (update is { Kind: BookUpdateKind.Snapshot, Hash: { } hash }) Reach(update.Token, update.VenueMs, hash);
        foreach (var entry in update.Entries.Span) if (entry.Hash is { } after) Reach(entry.Token, update.VenueMs, after);

        void Reach(TokenId token, long venueMs, BookHash reached)
        {
            _hashes[token] = reached;
            _states.Add((token, venueMs, reached.ToString()));
        }
    }

    private void Hear(string line)
    {
        if (line.Contains("Asked REST about", StringComparison.Ordinal)) Interlocked.Increment(ref _answered);
        _ = Task.Run(() =>
        {
            lock (_gate)
            {
                _log.Add(line);
                Check();
            }
        });
    }

    /// <summary>From any thread, whatever locks it holds.</summary>
    private void Ring() => _ = Task.Run(() =>
    {
        lock (_gate) Check();
    });

    private void Check()
    {
        foreach (var (desk, session) in _desks.Values) Tick(desk, session);
        foreach (var (_, done) in _waits.Where(wait => wait.Holds())) done.TrySetResult();
        _waits.RemoveAll(wait => wait.Done.Task.IsCompleted);
    }

    private sealed class PlainClients(Uri url, ExchangeFeed feed) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name)
        {
            Interlocked.Increment(ref feed._asked);
            return new HttpClient(new Door(feed)) { BaseAddress = url };
        }
    }

    private sealed class Door(ExchangeFeed feed) : DelegatingHandler(new HttpClientHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (feed.RestRestsFor is not { } rest) return await base.SendAsync(request, cancellationToken);

            var refusal = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests);
            refusal.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(rest);
            return refusal;
        }
    }

    private sealed class Logger(Action<string> heard) : ILogger<PolymarketMarketFeed>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            heard(string.Create(CultureInfo.InvariantCulture, $"{logLevel} {formatter(state, exception)} {exception}"));
    }
}

/// <summary>Keeps what was recorded, numbered from 1, and rings at each PONG: books are heard of when they are delivered.</summary>
internal sealed class BellTap(Action ring) : IFrameTap
{
    private readonly Lock _gate = new();
    private readonly List<(InputKind Kind, string Connection, string Text, Instant At)> _taken = [];
    private int _pongs;

    public int Pongs => Volatile.Read(ref _pongs);

    public ImmutableArray<(InputKind Kind, string Connection, string Text, Instant At)> Taken
    {
        get
        {
            lock (_gate) return [.. _taken];
        }
    }

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        long number;
        lock (_gate)
        {
            _taken.Add((kind, connection, System.Text.Encoding.UTF8.GetString(text), at));
            number = _taken.Count;
        }

        if (kind is InputKind.Market && text.SequenceEqual("PONG"u8))
        {
            Interlocked.Increment(ref _pongs);
            ring();
        }

        return number;
    }
}
