using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The market channel: followed markets spread over sockets of at most 200 tokens, each market on one of them.</summary>
public sealed partial class PolymarketMarketFeed : IMarketFeed, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, (MarketPump Pump, MarketSocket Socket)> _followed = [];
    private readonly List<MarketSocket> _sockets = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly UnknownNames _unknown;
    private readonly FeedParts _parts;
    private readonly TokenWatch _watch;
    private readonly FeedLoad _load;
    private bool _isWatching;
    private long _sessions;
    private int _names;

    public PolymarketMarketFeed(
        VenueOptions options, BookProbe probe, IFrameTap tap, IErrorLog errors, TimeProvider time, Random random, ILogger<PolymarketMarketFeed> logger)
    {
        _unknown = new UnknownNames(name => LogUnknown(logger, name));
        _parts = new FeedParts(options, tap, errors, time, random, logger) { Unknown = _unknown };
        _watch = new TokenWatch(probe, _parts, Sockets);
        _load = new FeedLoad(options.WaitingMax);
    }

    /// <summary>Names on the market channel that are none of the venue's, and how often each came.</summary>
    public IReadOnlyDictionary<string, long> UnknownNames => _unknown.Counts;

    public int Waiting => _load.Waiting;

    /// <summary>With the age of what is known of the books, and what REST said of silent tokens.</summary>
    public StreamHealth Health
    {
        get
        {
            lock (_gate)
            {
                return new StreamHealth(
                    State, $"{Live} of {_sockets.Count} sockets live, {_sockets.Sum(socket => socket.Tokens)} tokens, {Freshness()}, {_parts.Counts}");
            }
        }
    }

    public StreamState State
    {
        get
        {
            lock (_gate)
            {
                return _sockets.Count == 0 ? StreamState.Idle
                    : Live == _sockets.Count ? StreamState.Live
                    : _sockets.Any(socket => socket.Active.State is StreamState.Down) ? StreamState.Down
                    : StreamState.Connecting;
            }
        }
    }

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(market.Id, out var old)) Remove(old.Pump);
            if (!_isWatching) Elsewhere(() => _ = _watch.Run(_stopping.Token));
            _isWatching = true;

            var socket = SocketFor(market.Tokens.Count());
            var isNew = socket.Tokens == 0;
            var pump = new MarketPump(market, ++_sessions, deliver, socket, _load, _parts.Logger);
            _followed.Add(market.Id, (pump, socket));
            _ = pump.Run();
            socket.Follow(pump);
            if (isNew) Elsewhere(socket.Start); // With the market on it, which is told that it is connected.
            return pump.Session;
        }
    }

    /// <summary>
    /// Begins here and goes on in the thread pool. A market calls from its grain, whose scheduler would else read its socket, frames of all
    /// the others included, between its own turns.
    /// </summary>
    private static void Elsewhere(Action begin) => new Task(begin).RunSynchronously(TaskScheduler.Default);

    public void Unfollow(MarketId market, long session)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(market, out var followed) && followed.Pump.Session == session) Remove(followed.Pump);
        }
    }

    public void Resync(MarketId market, long session)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(market, out var followed) && followed.Pump.Session == session) followed.Socket.Resync(followed.Pump);
        }
    }

    /// <summary>
    /// How long ago a market's books were last known to be all there is: by a frame, or by REST showing the same. The oldest of them
    /// counts; null while one is missing, or when nobody follows the market.
    /// </summary>
    public TimeSpan? AgeOf(MarketId market)
    {
        lock (_gate) return _followed.TryGetValue(market, out var followed) ? followed.Socket.AgeOf(market) : null;
    }

    public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions)
    {
        lock (_gate) return _followed.TryGetValue(market, out var followed) && followed.Socket.AgeOf(market, conditions) <= _parts.Options.TokenSilence;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (pump, _) in _followed.Values.ToArray()) Remove(pump);
        }

        _stopping.Cancel();
        _stopping.Dispose();
    }

    private int Live => _sockets.Count(socket => socket.Active.State is StreamState.Live);

    private string Freshness()
    {
        var ages = _followed.Select(market => market.Value.Socket.AgeOf(market.Key)).ToArray();
        return $"{ages.Count(age => age is null)} markets short of a book, the others known of {(long)(ages.Max() ?? TimeSpan.Zero).TotalSeconds} s ago";
    }

    private MarketSocket[] Sockets()
    {
        lock (_gate) return [.. _sockets];
    }

    /// <summary>One with room; a market larger than a socket gets one of its own.</summary>
    private MarketSocket SocketFor(int tokens)
    {
        if (_sockets.FirstOrDefault(socket => socket.Tokens + tokens <= _parts.Options.TokensPerSocket) is { } room) return room;

        var created = new MarketSocket($"m{++_names}", _parts, OnGone);
        _sockets.Add(created);
        return created;
    }

    private void OnGone(MarketPump pump)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(pump.Market.Id, out var followed) && followed.Pump == pump) Remove(pump);
        }
    }

    private void Remove(MarketPump pump)
    {
        if (!_followed.Remove(pump.Market.Id, out var followed)) return;

        followed.Pump.End();
        followed.Socket.Unfollow(followed.Pump);
        if (followed.Socket.Tokens > 0) return;

        followed.Socket.Dispose(); // The venue may close a connection without subscriptions anyway (4.1).
        _sockets.Remove(followed.Socket);
    }

    [LoggerMessage(LogLevel.Information, "The venue sends what its papers do not have, {Name}")]
    private static partial void LogUnknown(ILogger logger, string name);
}
