using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The market channel: followed markets spread over sockets of at most 200 tokens, each market on one of them.</summary>
public sealed partial class PolymarketMarketFeed(
    VenueOptions options, IFrameTap tap, TimeProvider time, Random random, ILogger<PolymarketMarketFeed> logger) : IMarketFeed, IDisposable
{
    private readonly UnknownNames _unknown = new(name => LogUnknown(logger, name));
    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, (MarketPump Pump, MarketSocket Socket)> _followed = [];
    private readonly List<MarketSocket> _sockets = [];
    private long _sessions;
    private int _names;

    /// <summary>Names on the market channel that are none of the venue's, and how often each came.</summary>
    public IReadOnlyDictionary<string, long> UnknownNames => _unknown.Counts;

    public StreamHealth Health
    {
        get
        {
            lock (_gate)
            {
                var live = _sockets.Count(socket => socket.State is StreamState.Live);
                var state = live == _sockets.Count && live > 0 ? StreamState.Live
                    : _sockets.Any(socket => socket.State is StreamState.Down) ? StreamState.Down
                    : StreamState.Connecting;
                var unreadable = _sockets.Sum(socket => socket.Unreadable);
                return new StreamHealth(
                    state, $"{live} of {_sockets.Count} sockets live, {_sockets.Sum(socket => socket.Tokens)} tokens, {unreadable} unreadable frames");
            }
        }
    }

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(market.Id, out var old)) Remove(old.Pump);

            var socket = SocketFor(market.Tokens.Count());
            var pump = new MarketPump(market, ++_sessions, deliver, socket, logger);
            _followed.Add(market.Id, (pump, socket));
            _ = pump.Run();
            socket.Follow(pump);
            return pump.Session;
        }
    }

    public void Unfollow(MarketId market, long session)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(market, out var followed) && followed.Pump.Session == session) Remove(followed.Pump);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (pump, _) in _followed.Values.ToArray()) Remove(pump);
        }
    }

    /// <summary>One with room; a market larger than a socket gets one of its own.</summary>
    private MarketSocket SocketFor(int tokens)
    {
        if (_sockets.FirstOrDefault(socket => socket.Tokens + tokens <= options.TokensPerSocket) is { } room) return room;

        var created = new MarketSocket($"m{++_names}", options, tap, time, random, OnGone, logger) { Unknown = _unknown };
        _sockets.Add(created);
        created.Start();
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
