using System.Text;
using PolyArb.Simulator.Engine;

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

    /// <summary>Subscribes to tokens and sends the books of those that are new to the sink as one array (protocol 4.2), unless it wants no dump.</summary>
    public void Add(IFrameSink sink, IReadOnlyCollection<(Market Market, int Token)> tokens, bool dump = true)
    {
        Join(sink);
        var added = tokens.Where(t => Add(sink, t.Market, t.Token)).ToArray();
        if (added.Length == 0 && tokens.Count > 0) sink.Send("NO NEW ASSETS"u8.ToArray());
        else if (added.Length > 0 && dump) sink.Send(Encoding.UTF8.GetBytes("[" + string.Join(',', added.Select(t => BookText.Frame(t.Market, t.Token))) + "]\n"));
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

    /// <summary>
    /// One settled change of a book: best_bid_ask first and only when the top moved, then a price_change for each level, all with the time
    /// and the hashes of the final book, then after a match both books again (protocol 4.3).
    /// </summary>
    public void Changed(Market market, int firstToken, IReadOnlyList<LevelChange> changes, bool topMoved, bool matched = false)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners) || listeners.Count == 0) return;

        if (topMoved && listeners.Exists(l => l.Sink.Custom))
        {
            for (var token = 0; token < 2; token++)
            {
                var best = MarketText.BestBidAsk(market, token);
                foreach (var listener in listeners) if (listener.Sink.Custom && listener.Has(token)) listener.Sink.Send(best);
            }
        }

        foreach (var change in changes) Send(listeners, MarketText.PriceChange(market, firstToken, change));

        if (matched) Books(market, listeners);
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
        if (!_listeners.TryGetValue(print.Condition.Id, out var listeners) || listeners.Count == 0) return;

        Send(listeners, MarketText.Print(print));
    }

    /// <summary>Something about one token, for those who listen to it.</summary>
    public void Tell(Market market, int token, byte[] frame)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners)) return;

        foreach (var listener in listeners) if (listener.Has(token)) listener.Sink.Send(frame);
    }

    /// <summary>Something for every sink that asked for the enhanced events, whatever it listens to (protocol 4.1).</summary>
    public void Broadcast(byte[] frame)
    {
        foreach (var sink in _sinks) if (sink.Custom) sink.Send(frame);
    }

    private void Join(IFrameSink sink)
    {
        if (!_sinks.Contains(sink)) _sinks.Add(sink);
    }

    private static void Books(Market market, List<Listener> listeners)
    {
        for (var token = 0; token < 2; token++)
        {
            if (!listeners.Exists(l => l.Has(token))) continue;

            var book = BookText.SpacedFrame(market, token);
            foreach (var listener in listeners) if (listener.Has(token)) listener.Sink.Send(book);
        }
    }

    private static void Send(List<Listener> listeners, byte[] frame)
    {
        foreach (var listener in listeners) listener.Sink.Send(frame);
    }

    /// <summary>A sink and which of the condition's two tokens it listens to, as bits.</summary>
    private readonly record struct Listener(IFrameSink Sink, int Tokens)
    {
        public bool Has(int token) => (Tokens & (1 << token)) != 0;
    }
}
