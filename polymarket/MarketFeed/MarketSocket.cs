using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// A socket and the markets on it, each of them wholly. Everything happens under one lock. A connection that grows old hands over to a
/// younger one; a book that does not come, or a token that stops coming, is asked for again, and at last the connection is made anew.
/// </summary>
internal sealed partial class MarketSocket : IPumpOwner, IDisposable
{
    /// <summary>A handover that has not come to its end by then is ended.</summary>
    private static readonly TimeSpan HandoverMax = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, FollowedMarket> _markets = [];
    private readonly Dictionary<ConditionId, FollowedCondition> _conditions = [];
    private readonly ConnectionNames _names;
    private readonly FeedParts _parts;
    private readonly MarketDelivery _delivery;
    private readonly Action<MarketPump> _gone;
    private readonly ILogger _logger;
    private readonly Sparing _unreadable;
    private Handover? _handover;
    private TimeSpan _handoverDue = TimeSpan.MaxValue;

    public MarketSocket(string name, FeedParts parts, Action<MarketPump> gone)
    {
        (_parts, _gone, _logger) = (parts, gone, parts.Logger);
        _names = new ConnectionNames(name);
        _delivery = new MarketDelivery(parts, _conditions);
        _unreadable = new Sparing(parts.Time);
        Watch = new SocketWatch(_gate, _conditions, parts);
        Active = new MarketConnection(this, _names, parts);
    }

    public SocketWatch Watch { get; }

    /// <summary>The connection that is heard; the older one while two are.</summary>
    public MarketConnection Active { get; private set; }

    public int Tokens { get; private set; }

    public void Start() => Active.Start();

    public void Dispose()
    {
        lock (_gate)
        {
            Active.Dispose();
            _handover?.To.Dispose();
        }
    }

    public void Follow(MarketPump pump)
    {
        lock (_gate)
        {
            var on = _handover is { To.IsLive: true } handover ? handover.To : Active;
            var market = new FollowedMarket(pump, on, _parts.Now);
            _markets.Add(pump.Market.Id, market);
            foreach (var condition in market.Conditions) _conditions[condition.Condition.Id] = condition;
            Tokens += market.Tokens;
            on.Subscribe(TokensOf(market.Conditions));
        }
    }

    public void Unfollow(MarketPump pump)
    {
        lock (_gate)
        {
            if (Find(pump) is not { } market) return;

            _markets.Remove(pump.Market.Id);
            Tokens -= market.Tokens;
            foreach (var condition in market.Conditions)
            {
                _conditions.Remove(condition.Condition.Id);
                _handover?.Forget(condition);
            }

            Active.Unsubscribe(TokensOf(market.Conditions));
            _handover?.To.Unsubscribe(TokensOf(market.Conditions));
            FinishIfDone();
        }
    }

    /// <summary>Since when not all is known of the market's books; null while one that can be traded has none.</summary>
    public TimeSpan? AgeOf(MarketId id)
    {
        lock (_gate) return _markets.TryGetValue(id, out var market) ? Watch.AgeOf(market.Conditions) : null;
    }

    /// <summary>The same for some of its conditions.</summary>
    public TimeSpan? AgeOf(MarketId id, IEnumerable<ConditionId> conditions)
    {
        lock (_gate) return _markets.TryGetValue(id, out var market) ? Watch.AgeOf(market.Conditions.Where(followed => conditions.Contains(followed.Condition.Id))) : null;
    }

    public void Connected(MarketConnection here, string connection)
    {
        lock (_gate)
        {
            if (here != Active && here != _handover?.To) return; // It was closed meanwhile.

            here.Opened(connection);
            if (here == Active)
            {
                foreach (var market in _markets.Values)
                {
                    Lose(market, "connected");
                    market.Reconnected();
                }

                Schedule(_parts.Options.SocketAgeMax);
            }

            here.Subscribe(TokensOf(_conditions.Values));
            if (here != Active) _handover!.Begin();
            LogConnected(connection, Tokens);
        }
    }

    public void Received(MarketConnection here, SocketFrame frame)
    {
        lock (_gate)
        {
            if (here != Active && here != _handover?.To) return;

            var isReadable = _handover is { } handover ? handover.TryTake(here, frame) : _delivery.TryDeliver(frame);
            StartFullOnesOver();
            if (!isReadable) OnUnreadable(here, frame);
            FinishIfDone();
        }
    }

    public void Disconnected(MarketConnection here, string why)
    {
        lock (_gate)
        {
            here.Ended();
            if (_handover is { } handover && here == handover.To)
            {
                Abandon(handover, why);
            }
            else if (here == Active && _handover is { To.IsLive: true } younger)
            {
                Hasten(younger, "disconnected");
            }
            else if (here == Active)
            {
                _handover?.To.Dispose(); // This one comes back young.
                _handover = null;
                foreach (var market in _markets.Values) Lose(market, "disconnected");
            }
        }
    }

    public void Gone(MarketPump pump) => _gone(pump);

    public void Resync(MarketPump pump)
    {
        lock (_gate)
        {
            if (Find(pump) is { } market && market.Conditions.Any(condition => condition.Missing is not MissingBooks.Both)) AskForBooks(market); // Else they are on their way.
        }
    }

    public void Lost(MarketPump pump, string cause)
    {
        lock (_gate)
        {
            if (Find(pump) is { } market) StartOver(market, cause);
        }
    }

    /// <summary>What only time brings about.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            foreach (var market in _markets.Values) if (market.WantsBooks) AskForBooks(market);
            AskAgain();
            foreach (var condition in _conditions.Values) if (condition.Pulse.TryFreeze(_parts.Now, _parts.Options)) OnFrozen(condition);
            if (_handover is { } handover) Look(handover);
            else if (_parts.Now >= _handoverDue && Active.IsLive) StartHandover();
            StartFullOnesOver();
        }
    }

    private void StartHandover()
    {
        _handover = new Handover(Active, new MarketConnection(this, _names, _parts), _parts, _delivery, _conditions);
        _handover.To.Start();
    }

    private void Look(Handover handover)
    {
        handover.Look();
        if (handover.IsDone) Finish(handover);
        else if (!handover.IsOlderThan(HandoverMax)) return;
        else if (handover.HasMoved) Hasten(handover, "no book on the new connection");
        else Abandon(handover, "no books");
    }

    private void FinishIfDone()
    {
        if (_handover is { IsDone: true } handover) Finish(handover);
    }

    private void Finish(Handover handover)
    {
        var bookless = _conditions.Values.Where(condition => condition.On == handover.From).ToArray();
        foreach (var condition in bookless) condition.Arrive(handover.To, MissingBooks.Both, _parts.Now);
        handover.To.Ask(TokensOf(bookless));
        handover.From.Dispose();
        (Active, _handover) = (handover.To, null);
        Schedule(_parts.Options.SocketAgeMax);
        LogHandedOver(handover.From.Name, handover.To.Name, Tokens);
    }

    /// <summary>The old connection is gone, or waited for long enough: what has not moved starts over on the new one.</summary>
    private void Hasten(Handover handover, string cause)
    {
        foreach (var market in _markets.Values.Where(market => market.Conditions.Any(condition => condition.On == handover.From)))
        {
            foreach (var condition in market.Conditions) condition.On = handover.To;
            StartOver(market, cause);
        }

        Finish(handover);
    }

    /// <summary>The new connection is gone or worth nothing: what has moved starts over on the old one, which still has everything.</summary>
    private void Abandon(Handover handover, string why)
    {
        handover.To.Dispose();
        _handover = null;
        Schedule(_parts.Options.SocketAgeMax / 4);
        LogAbandoned(handover.To.Name, why, handover.From.Name);
        foreach (var market in _markets.Values.Where(market => market.Conditions.Any(condition => condition.On == handover.To)))
        {
            foreach (var condition in market.Conditions) condition.On = handover.From;
            StartOver(market, "disconnected");
        }
    }

    /// <summary>The next handover, somewhere in the last quarter of this, so that not all sockets do it at once.</summary>
    private void Schedule(TimeSpan within) => _handoverDue = _parts.Options.SocketAgeMax == TimeSpan.Zero
        ? TimeSpan.MaxValue
        : _parts.Now + within * (0.75 + 0.25 * _parts.Random.NextDouble());

    /// <summary>REST showed a change that never came. New books; the second time, or when nothing comes at all, a new connection.</summary>
    private void OnFrozen(FollowedCondition condition)
    {
        Interlocked.Increment(ref _parts.Counts.Frozen);
        var isDeaf = Watch.IsDeaf(condition.On);
        LogFrozen(condition.Market.Pump.Market.Id, condition.Condition.Id, condition.On.Name, (_parts.Now - condition.Pulse.HeardAt).TotalSeconds);
        StartOver(condition.Market, "frozen token");
        if (isDeaf || condition.Pulse.Frozen > 1) condition.On.Restart("frozen token");
    }

    private void OnUnreadable(MarketConnection here, SocketFrame frame)
    {
        var count = Interlocked.Increment(ref _parts.Counts.Unreadable);
        _parts.Errors.Keep("market channel", $"{frame.Connection}: a frame that is not in the venue's format", frame.Bytes.Span, frame.At);
        if (_unreadable.IsDue()) LogUnreadable(frame.Connection, frame.Bytes.Length, count);

        if (_handover is { } handover && here == handover.To) Abandon(handover, "an unreadable frame");
        else foreach (var market in _markets.Values.Where(market => market.Conditions.Any(condition => condition.On == here))) StartOver(market, "unreadable frame");
    }

    private void StartFullOnesOver()
    {
        foreach (var market in _delivery.Full) StartOver(market, "queue full");
        _delivery.Full.Clear();
    }

    private void StartOver(FollowedMarket market, string cause)
    {
        Lose(market, cause);
        AskForBooks(market);
    }

    private void Lose(FollowedMarket market, string cause)
    {
        foreach (var condition in market.Conditions) condition.Expect(_parts.Now);
        _delivery.Lose(market, market.Conditions[0].On.Name, cause);
    }

    /// <summary>Of all its conditions, now or as soon as it may be.</summary>
    private void AskForBooks(FollowedMarket market)
    {
        if (!market.TryAsk(_parts.Now)) return;

        foreach (var condition in market.Conditions) condition.Expect(_parts.Now);
        foreach (var here in market.Conditions.GroupBy(condition => condition.On)) here.Key.Ask(TokensOf(here));
    }

    private void AskAgain()
    {
        var late = _conditions.Values.Where(condition => condition.On.IsLive && condition.TryAskAgain(_parts.Now, _parts.Options)).ToArray();
        foreach (var here in late.GroupBy(condition => condition.On))
            here.Key.Ask([.. here.SelectMany(condition => condition.Missing.TokensOf(condition.Condition))]);
    }

    private FollowedMarket? Find(MarketPump pump) =>
        _markets.TryGetValue(pump.Market.Id, out var market) && market.Pump == pump ? market : null;

    private static TokenId[] TokensOf(IEnumerable<FollowedCondition> conditions) => [.. conditions.SelectMany(condition => condition.Tokens)];

    [LoggerMessage(LogLevel.Information, "Socket {Connection} is live with {Tokens} tokens")]
    private partial void LogConnected(string connection, int tokens);

    [LoggerMessage(LogLevel.Information, "Socket {Old} has handed over to {Young}, {Tokens} tokens")]
    private partial void LogHandedOver(string old, string young, int tokens);

    [LoggerMessage(LogLevel.Warning, "Socket {Young} could not take over ({Why}); {Old} goes on")]
    private partial void LogAbandoned(string young, string why, string old);

    [LoggerMessage(LogLevel.Warning, "{Condition} of {Market} is frozen on {Connection}: REST has changes that did not come for {Seconds:F0} s; it starts over")]
    private partial void LogFrozen(MarketId market, ConditionId condition, string connection, double seconds);

    [LoggerMessage(LogLevel.Warning, "A frame of {Length} bytes on {Connection} is not in the venue's format, {Count} so far; its markets start over")]
    private partial void LogUnreadable(string connection, int length, long count);
}
