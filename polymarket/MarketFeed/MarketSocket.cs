using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// One socket and the markets on it. Everything that takes a number from the recorder and everything that posts to a pump
/// happens under one lock, so that each pump sees its inputs in the recorder's order.
/// </summary>
internal sealed partial class MarketSocket : ISocketHandler, IPumpOwner, IDisposable
{
    private static readonly TimeSpan ResyncEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UnreadableEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, FollowedMarket> _markets = [];
    private readonly Dictionary<ConditionId, FollowedMarket> _conditions = [];
    private readonly UpdateBuffer _updates = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IFrameTap _tap;
    private readonly TimeProvider _time;
    private readonly Action<MarketPump> _gone;
    private readonly ILogger _logger;
    private readonly VenueSocket _socket;
    private string _connection;
    private bool _isLive;
    private bool _subscribed;
    private long _unreadable;
    private long? _unreadableLogged;

    public MarketSocket(
        string name, VenueOptions options, IFrameTap tap, TimeProvider time, Random random, Action<MarketPump> gone, ILogger logger)
    {
        (_tap, _time, _gone, _logger, _connection) = (tap, time, gone, logger, name + "#0");
        _socket = new VenueSocket(name, Venue.Channel(options.WsUrl, "market"), options, this, time, random, logger);
    }

    public StreamState State => _socket.State;

    /// <summary>Frames that were not in the venue's format, since the start.</summary>
    public long Unreadable => Interlocked.Read(ref _unreadable);

    public int Tokens { get; private set; }

    /// <summary>Hears of names that are none of the venue's.</summary>
    public UnknownNames? Unknown { get; init; }

    public void Start() => _ = RunToEnd();

    public void Dispose() => _stopping.Cancel(); // Its source goes when the socket has ended.

    public void Follow(MarketPump pump)
    {
        lock (_gate)
        {
            var followed = new FollowedMarket(pump);
            _markets.Add(pump.Market.Id, followed);
            foreach (var condition in pump.Market.Conditions) _conditions[condition.Id] = followed;
            Tokens += followed.Tokens.Length;
            Subscribe(followed.Tokens);
        }
    }

    public void Unfollow(MarketPump pump)
    {
        lock (_gate)
        {
            if (Find(pump) is not { } followed) return;

            _markets.Remove(pump.Market.Id);
            foreach (var condition in pump.Market.Conditions) _conditions.Remove(condition.Id);
            Tokens -= followed.Tokens.Length;
            followed.Due?.Dispose();
            Unsubscribe(followed.Tokens);
        }
    }

    public void Connected(string connection)
    {
        lock (_gate)
        {
            (_connection, _isLive, _subscribed) = (connection, true, false);
            foreach (var followed in _markets.Values) PostLost(followed, "connected");
            if (_markets.Count > 0) Subscribe(_markets.Values.SelectMany(followed => followed.Tokens));
        }

        LogConnected(connection, Tokens);
    }

    public void Received(SocketFrame frame)
    {
        lock (_gate)
        {
            var bytes = frame.Bytes.Span;
            var sequence = _tap.Take(InputKind.Market, frame.Connection, bytes, frame.At);
            _updates.Clear();
            if (!MarketFrame.TryRead(bytes, _updates, Unknown))
            {
                OnUnreadable(frame.Connection, bytes.Length);
                return;
            }

            if (_updates.Count == 0) return;

            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, digest);
            var first8 = BinaryPrimitives.ReadUInt64BigEndian(digest);
            for (var i = 0; i < _updates.Count; i++) Dispatch(i, new FeedInput(sequence, frame.At, first8, [], null));
        }
    }

    /// <summary>Posts what the frame says about the market of this update, once: at the first of its updates.</summary>
    private void Dispatch(int first, FeedInput input)
    {
        if (!_conditions.TryGetValue(_updates[first].Condition, out var followed)) return; // Broadcast, or just unsubscribed.

        for (var i = 0; i < first; i++)
        {
            if (IsOf(followed, _updates[i])) return;
        }

        if (!followed.Pump.TryPost(input with { Updates = CopiesFor(followed) })) StartOver(followed, "queue full");
    }

    /// <summary>The buffer is used again for the next frame; what goes to a grain is nobody's but its own.</summary>
    private ImmutableArray<BookUpdate> CopiesFor(FollowedMarket followed)
    {
        if (_updates.Count == 1) return [_updates[0].Copy()];

        var copies = ImmutableArray.CreateBuilder<BookUpdate>(_updates.Count);
        foreach (ref readonly var update in _updates.Updates)
        {
            if (IsOf(followed, update)) copies.Add(update.Copy());
        }

        return copies.DrainToImmutable();
    }

    private bool IsOf(FollowedMarket followed, in BookUpdate update) =>
        _conditions.TryGetValue(update.Condition, out var other) && other == followed;

    public void Disconnected(string connection, string why)
    {
        lock (_gate)
        {
            _isLive = false;
            foreach (var followed in _markets.Values) PostLost(followed, "disconnected");
        }
    }

    public void Gone(MarketPump pump) => _gone(pump);

    public void Resync(MarketPump pump)
    {
        lock (_gate)
        {
            if (Find(pump) is { } followed) Resubscribe(followed);
        }
    }

    public void Lost(MarketPump pump, string cause)
    {
        lock (_gate)
        {
            if (Find(pump) is { } followed) StartOver(followed, cause);
        }
    }

    private async Task RunToEnd()
    {
        await _socket.Run(_stopping.Token);
        _stopping.Dispose();
    }

    /// <summary>The first subscription of a connection is another frame than the later ones; without one there is nothing to send.</summary>
    private void Subscribe(IEnumerable<TokenId> tokens)
    {
        if (!_isLive) return; // Connected will name them all.

        _socket.TrySend(_subscribed ? MarketSubscription.Add(tokens) : MarketSubscription.Initial(tokens));
        _subscribed = true;
    }

    private void Unsubscribe(IEnumerable<TokenId> tokens)
    {
        if (_isLive) _socket.TrySend(MarketSubscription.Remove(tokens));
    }

    private FollowedMarket? Find(MarketPump pump) =>
        _markets.TryGetValue(pump.Market.Id, out var followed) && followed.Pump == pump ? followed : null;

    private void OnUnreadable(string connection, int length)
    {
        var count = Interlocked.Increment(ref _unreadable);
        var now = _time.GetTimestamp();
        if (_unreadableLogged is not { } last || _time.GetElapsedTime(last, now) >= UnreadableEvery)
        {
            _unreadableLogged = now;
            LogUnreadable(connection, length, count);
        }

        foreach (var followed in _markets.Values) StartOver(followed, "unreadable frame");
    }

    private void StartOver(FollowedMarket followed, string cause)
    {
        PostLost(followed, cause);
        Resubscribe(followed);
    }

    /// <summary>A loss is an input like any other: recorded, numbered, in its place.</summary>
    private void PostLost(FollowedMarket followed, string cause)
    {
        var at = Instant.From(_time.GetUtcNow());
        var text = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["gap"] = cause, ["market"] = followed.Pump.Market.Id.Text });
        var lost = FeedInput.Lost(_tap.Take(InputKind.Timer, _connection, text, at), at, cause);
        if (followed.Pump.TryPost(lost)) return;

        followed.Pump.Drain();
        followed.Pump.TryPost(lost);
    }

    /// <summary>Unsubscribe and subscribe brings new snapshots; at most once in 2 s for a market, and then once more.</summary>
    private void Resubscribe(FollowedMarket followed)
    {
        if (followed.Due is not null) return;

        var now = _time.GetTimestamp();
        var wait = followed.Resubscribed is { } last ? ResyncEvery - _time.GetElapsedTime(last, now) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            followed.Due = _time.CreateTimer(_ => OnDue(followed), null, wait, Timeout.InfiniteTimeSpan);
            return;
        }

        followed.Resubscribed = now;
        Unsubscribe(followed.Tokens);
        Subscribe(followed.Tokens);
    }

    private void OnDue(FollowedMarket followed)
    {
        lock (_gate)
        {
            followed.Due?.Dispose();
            followed.Due = null;
            if (Find(followed.Pump) is not null) Resubscribe(followed);
        }
    }

    [LoggerMessage(LogLevel.Information, "Socket {Connection} is live with {Tokens} tokens")]
    private partial void LogConnected(string connection, int tokens);

    [LoggerMessage(LogLevel.Warning, "A frame of {Length} bytes on {Connection} is not in the venue's format, {Count} so far; its markets start over")]
    private partial void LogUnreadable(string connection, int length, long count);
}
