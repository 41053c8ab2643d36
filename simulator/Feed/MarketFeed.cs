using System.Text;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// The public channel (protocol 4). Call it with the exchange's lock held: frames then leave in the order of the engine.
/// A frame is built once, and only when somebody listens.
/// </summary>
internal sealed class MarketFeed
{
    private readonly Dictionary<string, List<Listener>> _listeners = new(StringComparer.Ordinal);

    /// <summary>Everything printed so far, as far as it is kept.</summary>
    public PublicTape Tape { get; } = new();

    /// <summary>Every sink that ever subscribed, if only to nothing, in the order of arrival.</summary>
    private readonly List<IFrameSink> _sinks = [];

    /// <summary>The frames of one settled change while they may still be spoiled; null while they leave one by one.</summary>
    private List<FeedFrame>? _change;

    /// <summary>What goes wrong here; the feed is sound without.</summary>
    public FeedFaults? Faults { get; set; }

    private FeedFaults? ActiveFaults => Faults is { IsIdle: false } faults ? faults : null;

    /// <summary>Subscribes to tokens and sends the books of those that are new to the sink as one array (protocol 4.2), unless it wants no dump.</summary>
    public void Add(IFrameSink sink, IReadOnlyCollection<(Market Market, int Token)> tokens, bool dump = true)
    {
        Join(sink);
        var added = tokens.Where(t => Add(sink, t.Market, t.Token)).ToArray();
        if (added.Length == 0 && tokens.Count > 0)
        {
            sink.Send("NO NEW ASSETS"u8.ToArray());
            return;
        }

        if (dump && ActiveFaults is { } faults) added = faults.Dumped(sink, added);
        if (added.Length > 0 && dump) sink.Send(Encoding.UTF8.GetBytes("[" + string.Join(',', added.Select(t => BookText.Frame(t.Market, t.Token))) + "]\n"));
    }

    /// <summary>False when the sink listens to the token already.</summary>
    public bool Add(IFrameSink sink, Market market, int token)
    {
        Join(sink);
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners)) _listeners.Add(market.Condition.Id, listeners = []);

        var place = listeners.FindIndex(l => l.Sink == sink);
        if (place < 0) listeners.Add(new Listener(sink, 1 << token));
        else if (listeners[place].Has(token)) return false;
        else listeners[place] = listeners[place] with { Tokens = listeners[place].Tokens | (1 << token) };
        return true;
    }

    public void Remove(IFrameSink sink, Market market, int token)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners)) return;

        var place = listeners.FindIndex(l => l.Sink == sink);
        if (place < 0) return;

        var rest = listeners[place].Tokens & ~(1 << token);
        if (rest == 0) listeners.RemoveAt(place);
        else listeners[place] = listeners[place] with { Tokens = rest };
    }

    public void Remove(IFrameSink sink)
    {
        _sinks.Remove(sink);
        foreach (var listeners in _listeners.Values) listeners.RemoveAll(l => l.Sink == sink);
    }

    /// <summary>Those who listen to something of a condition, or to anything at all.</summary>
    public IReadOnlyList<IFrameSink> Sinks(Condition? condition) => condition is null
        ? [.. _sinks]
        : [.. _listeners.GetValueOrDefault(condition.Id, []).Select(l => l.Sink)];

    /// <summary>Who listens to each token that somebody listens to, by the condition's id and the token's place in it.</summary>
    public IEnumerable<(string Condition, int Token, IReadOnlyList<IFrameSink> Sinks)> Listening() =>
        from heard in _listeners
        from token in Enumerable.Range(0, 2)
        let sinks = heard.Value.Where(listener => listener.Has(token)).Select(listener => listener.Sink).ToArray()
        where sinks.Length > 0
        select (heard.Key, token, (IReadOnlyList<IFrameSink>)sinks);

    /// <summary>
    /// One settled change of a book: best_bid_ask first and only when the top moved, then a price_change for each level, all with the time
    /// and the hashes of the final book, then after a match both books again (protocol 4.3).
    /// </summary>
    public void Changed(Market market, int firstToken, IReadOnlyList<LevelChange> changes, bool topMoved, bool matched = false)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners) || listeners.Count == 0) return;

        if (ActiveFaults is { } faults)
        {
            _change = [];
            if (matched) changes = faults.Crossed(market, changes);
        }

        if (topMoved && listeners.Exists(l => l.Sink.Custom))
        {
            for (var token = 0; token < 2; token++)
            {
                Say(listeners, new FeedFrame(FrameKind.BestBidAsk, token, MarketText.BestBidAsk(market, token)));
            }
        }

        foreach (var change in changes) Say(listeners, new FeedFrame(FrameKind.PriceChange, null, MarketText.PriceChange(market, firstToken, change)));

        if (matched) Books(market, listeners);
        if (_change is not { } frames) return;

        _change = null;
        foreach (var frame in Faults!.Spoiled(market.Condition, frames)) Say(listeners, frame);
    }

    /// <summary>The public print of a match; listeners of either token get it.</summary>
    public void Printed(TradeRecord trade, long now)
    {
        var print = TradePrint.Of(trade, now);
        Tape.Add(trade, print.YesPrice, now);
        Printed(print);
    }

    public void Printed(TradePrint print)
    {
        if (!_listeners.TryGetValue(print.Condition.Id, out var listeners) || listeners.Count == 0) return; // Nothing is built for nobody.

        Heard(print.Condition, new FeedFrame(FrameKind.Other, null, MarketText.Print(print)));
    }

    /// <summary>Something about one token, for those who listen to it.</summary>
    public void Tell(Market market, int token, byte[] frame) => Heard(market.Condition, new FeedFrame(FrameKind.Other, token, frame));

    /// <summary>A frame about a condition for its listeners, unless they hear nothing of it now.</summary>
    public void Heard(Condition condition, FeedFrame frame)
    {
        if (!_listeners.TryGetValue(condition.Id, out var listeners) || ActiveFaults?.Silences(condition) is true) return;

        Say(listeners, frame);
    }

    /// <summary>The same for one of them, if it listens still.</summary>
    public void Heard(IFrameSink sink, Condition condition, int token, byte[] frame)
    {
        if (!_listeners.TryGetValue(condition.Id, out var listeners) || ActiveFaults?.Silences(condition) is true) return;
        if (listeners.Exists(l => l.Sink == sink && l.Has(token))) sink.Send(frame);
    }

    /// <summary>Something for every sink that asked for the enhanced events, whatever it listens to (protocol 4.1).</summary>
    public void Broadcast(byte[] frame)
    {
        if (ActiveFaults?.Silences(null) is true) return;

        foreach (var sink in _sinks) if (sink.Custom) sink.Send(frame);
    }

    private void Join(IFrameSink sink)
    {
        if (!_sinks.Contains(sink)) _sinks.Add(sink);
    }

    private void Books(Market market, List<Listener> listeners)
    {
        for (var token = 0; token < 2; token++)
        {
            if (!listeners.Exists(l => l.Has(token))) continue;

            Say(listeners, new FeedFrame(FrameKind.Book, token, BookText.Again(market, token)));
        }
    }

    private void Say(List<Listener> listeners, FeedFrame frame)
    {
        if (_change is not null)
        {
            _change.Add(frame);
            return;
        }

        foreach (var listener in listeners)
        {
            if (frame.Token is { } token && !listener.Has(token)) continue;
            if (frame.Kind is not FrameKind.BestBidAsk || listener.Sink.Custom) listener.Sink.Send(frame.Bytes);
        }
    }

    /// <summary>A sink and which of the condition's two tokens it listens to, as bits.</summary>
    private readonly record struct Listener(IFrameSink Sink, int Tokens)
    {
        public bool Has(int token) => (Tokens & (1 << token)) != 0;
    }
}
