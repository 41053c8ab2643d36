using System.Text;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// The public channel (protocol 4). Call it with the exchange's lock held: frames then leave in the order of the engine.
/// A frame is built only when somebody listens.
/// </summary>
internal sealed class MarketFeed
{
    private readonly Dictionary<string, Dictionary<FeedSocket, TokenSet>> _listeners = new(StringComparer.Ordinal);

    /// <summary>Everything printed so far, as far as it is kept.</summary>
    public PublicTape Tape { get; } = new();

    /// <summary>False when the socket listens to the token already.</summary>
    public bool Add(FeedSocket socket, Market market, int token)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners)) _listeners.Add(market.Condition.Id, listeners = []);

        var had = listeners.GetValueOrDefault(socket);
        listeners[socket] = had.With(token);
        return !had.Has(token);
    }

    public void Remove(FeedSocket socket, Market market, int token)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners)) return;

        var rest = listeners.GetValueOrDefault(socket).Without(token);
        if (rest.Empty) listeners.Remove(socket);
        else listeners[socket] = rest;
    }

    public void Remove(FeedSocket socket)
    {
        foreach (var listeners in _listeners.Values) listeners.Remove(socket);
    }

    /// <summary>
    /// One settled change of a book: best_bid_ask first and only when the top moved, then a price_change for each level, all with the time
    /// and the hashes of the final book, then after a match both books again (protocol 4.3).
    /// </summary>
    public void Changed(Market market, int firstToken, IReadOnlyList<LevelChange> changes, bool topMoved, bool matched = false)
    {
        if (!_listeners.TryGetValue(market.Condition.Id, out var listeners) || listeners.Count == 0) return;

        if (topMoved && listeners.Keys.Any(s => s.Custom))
        {
            for (var token = 0; token < 2; token++)
            {
                var best = Bytes(MarketText.BestBidAsk(market, token));
                foreach (var (socket, tokens) in listeners) if (socket.Custom && tokens.Has(token)) socket.Send(best);
            }
        }

        foreach (var change in changes)
        {
            var frame = Bytes(MarketText.PriceChange(market, firstToken, change));
            foreach (var socket in listeners.Keys) socket.Send(frame);
        }

        if (!matched) return;

        for (var token = 0; token < 2; token++)
        {
            var book = Bytes(MarketText.Spaced(BookText.Frame(market, token)));
            foreach (var (socket, tokens) in listeners) if (tokens.Has(token)) socket.Send(book);
        }
    }

    /// <summary>The public print of a match; listeners of either token get it.</summary>
    public void Printed(TradeRecord trade, long now)
    {
        Tape.Add(trade, MarketText.LastYesPrice(trade), now);
        if (!_listeners.TryGetValue(trade.Condition.Id, out var listeners) || listeners.Count == 0) return;

        var frame = Bytes(MarketText.Print(trade, now));
        foreach (var socket in listeners.Keys) socket.Send(frame);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Which of a condition's two tokens a socket listens to.</summary>
    private readonly record struct TokenSet(int Bits)
    {
        public bool Empty => Bits == 0;

        public bool Has(int token) => (Bits & (1 << token)) != 0;

        public TokenSet With(int token) => new(Bits | (1 << token));

        public TokenSet Without(int token) => new(Bits & ~(1 << token));
    }
}
