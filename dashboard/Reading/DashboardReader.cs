using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>
/// What all pages show, asked for once for all of them, and only while somebody watches. It reads: it cannot steer the trader, and by
/// <see cref="Part{T}"/> and <see cref="MarketPace"/> it cannot slow him either.
/// </summary>
public sealed class DashboardReader : IAsyncDisposable
{
    public const int LevelsShown = 8;

    private const int EquityMost = 2_000;
    private const int ErrorsMost = 200;

    /// <summary>Facts of a market that are searched for those of one basket.</summary>
    private const int FactsMost = 5_000;

    /// <summary>Markets that are asked within one tick: with thousands of them a round takes longer.</summary>
    private const int MarketsPerTick = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ITrader _trader;
    private readonly IHistory _history;
    private readonly TimeProvider _time;
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
    private readonly Part<ImmutableArray<EquityLine>> _equity;
    private readonly Part<ImmutableArray<ErrorLine>> _errors;
    private readonly ConcurrentDictionary<MarketId, Part<MarketView?>> _views = new();
    private readonly ConcurrentDictionary<MarketId, Part<MarketBooks?>> _edges = new();
    private readonly ConcurrentDictionary<MarketId, Part<MarketBooks?>> _books = new();
    private readonly ConcurrentDictionary<BasketId, Part<ImmutableArray<StoryLine>>> _stories = new();
    private ITimer? _timer;
    private int _turn; // Which market is next.
    private volatile bool _hasNews;

    public DashboardReader(ITrader trader, IHistory history, TimeProvider time)
    {
        (_trader, _history, _time, _pace) = (trader, history, time, new MarketPace(time));
        _status = new(null, Half, time, async () => await trader.Status());
        _positions = new(null, Second, time, async () => await trader.Positions());
        _baskets = new([], Second, time, trader.Baskets);
        _orders = new([], Second, time, trader.Orders);
        _fills = new([], Second, time, trader.Fills);
        _markets = new([], 2 * Second, time, trader.Markets);
        _latencies = new([], 2 * Second, time, trader.Latencies);
        _equity = new([], 20 * Second, time, () => history.Equity(new HistoryQuery(EquityMost)));
        _errors = new([], 5 * Second, time, () => history.Errors(new HistoryQuery(ErrorsMost)));
    }

    public Seen<Status?> Status => _status.Seen;

    public Seen<PositionsView?> Positions => _positions.Seen;

    public Seen<ImmutableArray<BasketView>> Baskets => _baskets.Seen;

    public Seen<ImmutableArray<OrderView>> Orders => _orders.Seen;

    public Seen<ImmutableArray<FillView>> Fills => _fills.Seen;

    public Seen<ImmutableArray<MarketLine>> Markets => _markets.Seen;

    public Seen<ImmutableArray<LatencyHistogram>> Latencies => _latencies.Seen;

    /// <summary>The oldest first.</summary>
    public Seen<ImmutableArray<EquityLine>> Equity => _equity.Seen;

    /// <summary>The oldest first.</summary>
    public Seen<ImmutableArray<ErrorLine>> Errors => _errors.Seen;

    /// <summary>Of the markets that are traded, as far as they were asked.</summary>
    public IEnumerable<MarketView> Views => _views.Values.Select(view => view.Seen.Value).OfType<MarketView>();

    /// <summary>The same, for their edges: of the books only the best level.</summary>
    public IEnumerable<MarketBooks> Edges => _edges.Values.Select(edge => edge.Seen.Value).OfType<MarketBooks>();

    public Seen<MarketBooks?> Books(MarketId market) => _books.TryGetValue(market, out var books) ? books.Seen : new Seen<MarketBooks?>(null, null, "");

    /// <summary>What became of a basket, the oldest first.</summary>
    public Seen<ImmutableArray<StoryLine>> Story(BasketId basket) => _stories.TryGetValue(basket, out var story) ? story.Seen : new Seen<ImmutableArray<StoryLine>>([], null, "");

    /// <summary>Reads on until the answer is disposed.</summary>
    /// <param name="changed">There may be something new to show; at most four times a second, from any thread.</param>
    public IDisposable Watch(Watched what, Action changed)
    {
        var watcher = new Watcher(this, what, changed);
        lock (_gate)
        {
            _watchers.Add(watcher);
            _timer ??= _time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Tick);
        }

        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        ITimer? timer;
        lock (_gate) (timer, _timer) = (_timer, null);
        if (timer is not null) await timer.DisposeAsync();
    }

    private void Look()
    {
        Watcher[] watchers;
        lock (_gate) watchers = [.. _watchers];
        if (_hasNews)
        {
            _hasNews = false;
            foreach (var watcher in watchers) watcher.Changed();
        }

        var topics = watchers.Aggregate(Topics.None, (sum, watcher) => sum | watcher.What.Topics);
        if (topics.HasFlag(Topics.Status)) _status.Look(Note);
        if (topics.HasFlag(Topics.Positions)) _positions.Look(Note);
        if (topics.HasFlag(Topics.Baskets)) _baskets.Look(Note);
        if (topics.HasFlag(Topics.Orders)) _orders.Look(Note);
        if (topics.HasFlag(Topics.Fills)) _fills.Look(Note);
        if (topics.HasFlag(Topics.Latencies)) _latencies.Look(Note);
        if (topics.HasFlag(Topics.Equity)) _equity.Look(Note);
        if (topics.HasFlag(Topics.Errors)) _errors.Look(Note);
        if (topics.HasFlag(Topics.Markets)) LookAtMarkets(topics.HasFlag(Topics.Edges));
        foreach (var what in watchers.Select(watcher => watcher.What).Distinct())
        {
            if (what.Topics.HasFlag(Topics.Books) && what.Market is { } market) BooksOf(market).Look(Note);
            if (what.Topics.HasFlag(Topics.Story) && what is { Market: { } of, Basket: { } basket }) StoryOf(basket, of).Look(Note);
        }
    }

    private void LookAtMarkets(bool hasEdges)
    {
        _markets.Look(Note);
        MarketId[] traded = [.. _markets.Seen.Value.Where(market => market.IsEnabled).Select(market => market.Id)];
        foreach (var gone in _views.Keys.Except(traded)) _views.TryRemove(gone, out _);
        foreach (var gone in _edges.Keys.Except(traded)) _edges.TryRemove(gone, out _);

        for (var i = 0; i < Math.Min(traded.Length, MarketsPerTick); i++)
        {
            _turn = (_turn + 1) % traded.Length;
            ViewOf(traded[_turn]).Look(Note);
            if (hasEdges) EdgeOf(traded[_turn]).Look(Note);
        }
    }

    private Part<MarketView?> ViewOf(MarketId market) => _views.GetOrAdd(
        market, id => new Part<MarketView?>(null, Second, _time, async () => await _trader.View(id), () => _pace.TryTake(id)));

    private Part<MarketBooks?> EdgeOf(MarketId market) => _edges.GetOrAdd(
        market, id => new Part<MarketBooks?>(null, 2 * Second, _time, async () => await _trader.Books(id, 1), () => _pace.TryTake(id)));

    private Part<MarketBooks?> BooksOf(MarketId market) => _books.GetOrAdd(
        market, id => new Part<MarketBooks?>(null, Half, _time, async () => await _trader.Books(id, LevelsShown), () => _pace.TryTake(id)));

    private Part<ImmutableArray<StoryLine>> StoryOf(BasketId basket, MarketId market) => _stories.GetOrAdd(
        basket, id => new([], 2 * Second, _time, async () => BasketStory.Of(id, await _history.Facts(new HistoryQuery(FactsMost, Market: market)))));

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

    private sealed class Watcher(DashboardReader reader, Watched what, Action changed) : IDisposable
    {
        public Watched What => what;

        public void Changed() => changed();

        public void Dispose() => reader.Forget(this);
    }
}
