using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>One of a market socket's connections: the only one, or one of two while a younger one takes over. Its socket's lock guards it.</summary>
internal sealed class MarketConnection : ISocketHandler, IDisposable
{
    private readonly MarketSocket _owner;
    private readonly VenueSocket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private bool _subscribed;
    private bool _closed;

    public MarketConnection(MarketSocket owner, ConnectionNames names, FeedParts parts)
    {
        (_owner, Name) = (owner, names.None);
        _socket = new VenueSocket(names, Venue.Channel(parts.Options.WsUrl, "market"), parts.Options, this, parts.Time, parts.Random, parts.Logger);
    }

    /// <summary>Socket and epoch: "m1#3". Each time it comes back it has another.</summary>
    public string Name { get; private set; }

    public bool IsLive { get; private set; }

    public StreamState State => _socket.State;

    public void Start() => _ = RunToEnd();

    /// <summary>For good.</summary>
    public void Dispose()
    {
        IsLive = false;
        if (_closed) return;

        _closed = true;
        _ = _stopping.CancelAsync(); // Its source goes when the socket has ended.
    }

    /// <summary>Ends the present connection; it comes back by itself.</summary>
    public void Restart(string why) => _socket.Restart(why);

    public void Opened(string name) => (Name, IsLive, _subscribed) = (name, true, false);

    public void Ended() => IsLive = false;

    /// <summary>The first subscription of a connection is another frame than the later ones; one of nothing is not sent.</summary>
    public void Subscribe(IReadOnlyCollection<TokenId> tokens)
    {
        if (!IsLive || tokens.Count == 0) return; // Once it is live it subscribes to everything.

        _socket.TrySend(_subscribed ? MarketSubscription.Add(tokens) : MarketSubscription.Initial(tokens));
        _subscribed = true;
    }

    public void Unsubscribe(IReadOnlyCollection<TokenId> tokens)
    {
        if (IsLive && _subscribed && tokens.Count > 0) _socket.TrySend(MarketSubscription.Remove(tokens));
    }

    /// <summary>Brings new books: there is no other way to ask for them here.</summary>
    public void Ask(IReadOnlyCollection<TokenId> tokens)
    {
        Unsubscribe(tokens);
        Subscribe(tokens);
    }

    void ISocketHandler.Connected(string connection) => _owner.Connected(this, connection);

    void ISocketHandler.Received(SocketFrame frame) => _owner.Received(this, frame);

    void ISocketHandler.Disconnected(string connection, string why) => _owner.Disconnected(this, why);

    private async Task RunToEnd()
    {
        await _socket.Run(_stopping.Token);
        _stopping.Dispose();
    }
}
