using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>
/// What all pages show, asked for once for all of them, and only while somebody watches. It reads: it cannot steer the trader, and by
/// <see cref="Part{T}"/> and <see cref="MarketPace"/> it cannot slow him either. Whatever fails here fails here alone: the trader lives in this process.
/// </summary>
public sealed partial class DashboardReader : IAsyncDisposable
{
    public const int LevelsShown = 8;

    private const int ErrorsMost = 200;

    /// <summary>Markets that are asked within one tick: with thousands of them a round takes longer.</summary>
    private const int MarketsPerTick = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The state moves before the eyes of whoever steers; a scan of the journal may be rare.</summary>
    private static readonly TimeSpan StatusRestMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan JournalRestMax = TimeSpan.FromMinutes(5);

    private readonly ITrader _trader;
    private readonly IHistory _history;
    private readonly TimeProvider _time;
    private readonly ILogger<DashboardReader> _logger;
    private readonly MarketPace _pace;
    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];
    private readonly Part<Status?> _status;
    private readonly Part<PositionsView?> _positions;
    private readonly Part<ImmutableArray<BasketView>> _baskets;
    private readonly Part<ImmutableArray<OrderView>> _orders;
    private readonly Part<ImmutableArray<FillView>> _fills;
    private readonly Part<ImmutableArray<MarketLine>> _markets;
    private readonly Part<ImmutableArray<LatencyHistogram>> _latencies;
    private readonly Part<Curve> _equity;
    private readonly Part<ImmutableArray<ErrorLine>> _errors;
    private readonly ConcurrentDictionary<MarketId, Part<MarketView?>> _views = new();
    private readonly ConcurrentDictionary<MarketId, Part<MarketBooks?>> _edges = new();
    private readonly ConcurrentDictionary<MarketId, Part<MarketBooks?>> _books = new();
    private readonly ConcurrentDictionary<BasketId, Part<ImmutableArray<StoryLine>>> _stories = new();
    private volatile HashSet<MarketId>? _listed;
    private ITimer? _timer;
    private int _turn; // Which market is next.
    private volatile bool _hasNews;
    private bool _isLooking;
    private bool _hasFailed; // And it was said.

    public DashboardReader(ITrader trader, IHistory history, TimeProvider time, ILogger<DashboardReader> logger)
    {
        (_trader, _history, _time, _logger, _pace) = (trader, history, time, logger, new MarketPace(time));
        var equity = new EquityReading(history);
        _status = new(null, Half, StatusRestMax, time, async () => await trader.Status());
        _positions = new(null, Second, RestMax, time, async () => await trader.Positions());
        _baskets = new([], Second, RestMax, time, trader.Baskets);
        _orders = new([], Second, RestMax, time, trader.Orders);
        _fills = new([], Second, RestMax, time, trader.Fills);
        _markets = new([], 2 * Second, RestMax, time, ReadMarkets);
        _latencies = new([], 2 * Second, RestMax, time, trader.Latencies);
        _equity = new(Curve.Of([]), 30 * Second, JournalRestMax, time, () => equity.Read(_status.Seen));
        _errors = new([], 10 * Second, JournalRestMax, time, () => history.Errors(new HistoryQuery(ErrorsMost)));
    }

    public Seen<Status?> Status => _status.Seen;

    public Seen<PositionsView?> Positions => _positions.Seen;

    public Seen<ImmutableArray<BasketView>> Baskets => _baskets.Seen;

    public Seen<ImmutableArray<OrderView>> Orders => _orders.Seen;

    public Seen<ImmutableArray<FillView>> Fills => _fills.Seen;

    public Seen<ImmutableArray<MarketLine>> Markets => _markets.Seen;

    public Seen<ImmutableArray<LatencyHistogram>> Latencies => _latencies.Seen;

    /// <summary>What all was worth, as it was sampled every minute or so, and as it was when that was read. Drawn once for all pages.</summary>
    public Seen<Curve> Equity => _equity.Seen;

    /// <summary>The oldest first.</summary>
    public Seen<ImmutableArray<ErrorLine>> Errors => _errors.Seen;

    /// <summary>Of the markets that are traded, as far as they were asked; as fresh as the oldest.</summary>
    public Seen<ImmutableArray<MarketView>> Views
    {
        get
        {
            var asked = _views.Values.Select(view => view.Seen).Where(seen => seen.Value is not null).ToArray();
            if (asked.Length == 0) return new Seen<ImmutableArray<MarketView>>([], null, "");

            var age = Freshness.Oldest([.. asked.Select(seen => seen.Freshness)]);
            return new Seen<ImmutableArray<MarketView>>([.. asked.Select(seen => seen.Value!)], age.At, age.Complaint);
        }
    }

    /// <summary>Of the same markets, each as fresh as it says: of the books only the best level.</summary>
    public IEnumerable<Seen<MarketBooks?>> Edges => _edges.Values.Select(edge => edge.Seen).Where(seen => seen.Value is not null);

    /// <summary>Only what the registry lists is asked, for whoever is asked comes to life. Null: its list was not read yet.</summary>
    public bool? Lists(MarketId market) => _listed?.Contains(market);

    public Seen<MarketBooks?> Books(MarketId market) => _books.TryGetValue(market, out var books) ? books.Seen : new Seen<MarketBooks?>(null, null, "");

    /// <summary>What became of a basket, the oldest first.</summary>
    public Seen<ImmutableArray<StoryLine>> Story(BasketId basket) => _stories.TryGetValue(basket, out var story) ? story.Seen : new Seen<ImmutableArray<StoryLine>>([], null, "");

    /// <summary>Reads on until the answer is disposed.</summary>
    /// <param name="changed">
    /// There may be something new to show; at most four times a second, on a thread of the pool, and not before the answer to the last one has ended.
    /// </param>
    public IDisposable Watch(Watched what, Func<Task> changed)
    {
        var watcher = new Watcher(what, changed, Forget);
        lock (_gate)
        {
            _watchers.Add(watcher);
            _timer ??= _time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Tick);
        }

        return watcher;
    }

    /// <summary>Somebody steered: the state is asked for at once.</summary>
    public void HurryStatus() => _status.Hurry();

    public async ValueTask DisposeAsync()
    {
        ITimer? timer;
        lock (_gate) (timer, _timer) = (_timer, null);
        if (timer is not null) await timer.DisposeAsync();
    }

    /// <summary>On a bare timer: what it threw would end the process.</summary>
    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, true)) return; // The tick before is still at it.

        try
        {
            Watcher[] watchers;
            lock (_gate) watchers = [.. _watchers];
            Tell(watchers);
            Ask(watchers);
            _hasFailed = false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_hasFailed) LogFailed(e);
            _hasFailed = true;
        }
        finally
        {
            Volatile.Write(ref _isLooking, false);
        }
    }

    private void Tell(Watcher[] watchers)
    {
        var isNews = _hasNews;
        _hasNews = false;
        foreach (var watcher in watchers) watcher.Tell(isNews);
    }

    private void Ask(Watcher[] watchers)
    {
        var topics = watchers.Aggregate(Topics.None, (sum, watcher) => sum | watcher.What.Topics);
        if (topics.HasFlag(Topics.Status)) _status.Look(Note);
        if (topics.HasFlag(Topics.Positions)) _positions.Look(Note);
        if (topics.HasFlag(Topics.Baskets)) _baskets.Look(Note);
        if (topics.HasFlag(Topics.Orders)) _orders.Look(Note);
        if (topics.HasFlag(Topics.Fills)) _fills.Look(Note);
        if (topics.HasFlag(Topics.Latencies)) _latencies.Look(Note);
        if (topics.HasFlag(Topics.Equity)) _equity.Look(Note);
        if (topics.HasFlag(Topics.Errors)) _errors.Look(Note);
        if ((topics & (Topics.Markets | Topics.Books | Topics.Story)) != 0) _markets.Look(Note);
        if (topics.HasFlag(Topics.Markets)) LookAtMarkets(topics.HasFlag(Topics.Edges));
        foreach (var what in watchers.Select(watcher => watcher.What).Distinct())
        {
            if (what.Market is not { } market || Lists(market) != true) continue;
            if (what.Topics.HasFlag(Topics.Books)) BooksOf(market).Look(Note);
            if (what.Topics.HasFlag(Topics.Story) && what.Basket is { } basket) StoryOf(basket, market).Look(Note);
        }
    }

    private void LookAtMarkets(bool hasEdges)
    {
        MarketId[] traded = [.. _markets.Seen.Value.Where(market => market.IsEnabled).Select(market => market.Id)];
        foreach (var gone in _views.Keys.Except(traded)) _views.TryRemove(gone, out _);
        foreach (var gone in _edges.Keys.Except(traded)) _edges.TryRemove(gone, out _);

        for (var i = 0; i < Math.Min(traded.Length, MarketsPerTick); i++)
        {
            var market = traded[_turn = (_turn + 1) % traded.Length];
            ViewOf(market).Look(Note);
            if (hasEdges) EdgeOf(market).Look(Note);
        }
    }

    private Part<MarketView?> ViewOf(MarketId market) => _views.GetOrAdd(
        market, id => new Part<MarketView?>(null, Second, RestMax, _time, async () => await _trader.View(id), () => _pace.TryTake(id)));

    private Part<MarketBooks?> EdgeOf(MarketId market) => _edges.GetOrAdd(
        market, id => new Part<MarketBooks?>(null, 2 * Second, RestMax, _time, async () => await _trader.Books(id, 1), () => _pace.TryTake(id)));

    private Part<MarketBooks?> BooksOf(MarketId market) => _books.GetOrAdd(
        market, id => new Part<MarketBooks?>(null, Half, RestMax, _time, async () => await _trader.Books(id, LevelsShown), () => _pace.TryTake(id)));

    private Part<ImmutableArray<StoryLine>> StoryOf(BasketId basket, MarketId market) => _stories.GetOrAdd(
        basket, id => new([], 2 * Second, JournalRestMax, _time, new StoryReading(_history, market, id).Read));

    private async Task<ImmutableArray<MarketLine>> ReadMarkets()
    {
        var markets = await _trader.Markets();
        _listed = [.. markets.Select(market => market.Id)];
        return markets;
    }

    private void Note() => _hasNews = true;

    private void Forget(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
            foreach (var unseen in _books.Keys.Where(market => !_watchers.Any(other => other.What.Market == market))) _books.TryRemove(unseen, out _);
            foreach (var unseen in _stories.Keys.Where(basket => !_watchers.Any(other => other.What.Basket == basket))) _stories.TryRemove(unseen, out _);
            if (_watchers.Count > 0) return;

            _timer?.Dispose();
            _timer = null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The dashboard could not ask what its pages show; said once until it can")]
    private partial void LogFailed(Exception e);
}
