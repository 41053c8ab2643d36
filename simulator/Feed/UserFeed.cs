using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// The private channel (protocol 5): each API key hears of its own orders and trades. Call it with the exchange's lock held.
/// </summary>
internal sealed class UserFeed
{
    private readonly Dictionary<string, List<UserSubscription>> _listeners = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private List<(UserSubscription To, Condition Condition, byte[] Frame)>? _together;

    /// <summary>
    /// When set, the events of one match leave in an order drawn from it: the venue promises none (protocol 10.8).
    /// Without it: PLACEMENT, the trade for taker and makers, then the UPDATEs.
    /// </summary>
    public SeededRandom? Shuffle { get; set; }

    /// <summary>What goes wrong here; the feed is sound without.</summary>
    public UserFaults? Faults { get; set; }

    /// <summary>Makes a key one that somebody outside holds; others belong to the house and hear nothing.</summary>
    public void Know(string key) => _keys.Add(key);

    public void Add(UserSubscription subscription)
    {
        if (!_listeners.TryGetValue(subscription.Key, out var list)) _listeners.Add(subscription.Key, list = []);
        list.Add(subscription);
    }

    /// <summary>Those who hear of a condition's orders, or of anything at all.</summary>
    public IReadOnlyList<IFrameSink> Sinks(Condition? condition) =>
        [.. _listeners.Values.SelectMany(l => l).Where(s => condition is null || s.Wants(condition.Id)).Select(s => s.Sink)];

    public void Remove(UserSubscription subscription)
    {
        if (_listeners.TryGetValue(subscription.Key, out var list)) list.Remove(subscription);
    }

    public bool Concerns(TradeRecord trade) =>
        _keys.Contains(trade.Taker.Owner) || trade.Legs.Any(l => _keys.Contains(l.Maker.Owner));

    /// <summary>Says the events of one match, shuffled where that is wanted.</summary>
    public void Together(Action events)
    {
        if (Shuffle is not { } random)
        {
            events();
            return;
        }

        var frames = _together = [];
        events();
        _together = null;
        for (var i = frames.Count - 1; i > 0; i--)
        {
            var other = random.Between(0, i);
            (frames[i], frames[other]) = (frames[other], frames[i]);
        }

        foreach (var (to, condition, frame) in frames) Deliver(to, condition, frame);
    }

    public void Placed(BookOrder order, long now) => Send(
        order, () => UserText.Order(order, "PLACEMENT", Word(order, order.Status is OrderStatus.Delayed ? "DELAYED" : "LIVE"), 0, [], now));

    public void Canceled(BookOrder order, long now) =>
        Send(order, () => UserText.Order(order, "CANCELLATION", Word(order, order.Status.EventText()), order.Matched, order.Trades, now));

    /// <summary>A FOK or FAK that found no match was never an order of the book; its key still hears why (protocol 10.3).</summary>
    public void Killed(BookOrder order, string reason, long now) => Send(order, () => UserText.Killed(order, reason, now));

    /// <summary>An order UPDATE for each party, with the cumulative size; the taker's only when its PLACEMENT was said.</summary>
    public void Updated(TradeRecord trade, long now)
    {
        if (!trade.Taker.Request.Immediate || trade.Taker.Announced) Update(trade.Taker, now);
        foreach (var maker in trade.Legs.Select(l => l.Maker).Distinct()) Update(maker, now);
    }

    /// <summary>How far the order is now.</summary>
    public void Update(BookOrder order, long now) =>
        Send(order, () => UserText.Order(order, "UPDATE", Word(order, order.Status.EventText()), order.Matched, order.Trades, now));

    /// <summary>The trade with its present status, once for each party's key.</summary>
    public void Traded(TradeRecord trade)
    {
        Send(trade.Taker, () => UserText.Trade(trade, trade.Taker.Owner, "TAKER", Faults?.Word(trade)));
        foreach (var maker in trade.Legs.Select(l => l.Maker).DistinctBy(m => m.Owner))
        {
            if (maker.Owner != trade.Taker.Owner) Send(maker, () => UserText.Trade(trade, maker.Owner, "MAKER", Faults?.Word(trade)));
        }
    }

    private void Send(BookOrder order, Func<byte[]> build)
    {
        if (!_listeners.TryGetValue(order.Owner, out var list) || list.Count == 0) return;

        var frame = build();
        foreach (var subscription in list)
        {
            if (!subscription.Wants(order.Condition.Id)) continue;
            if (_together is null) Deliver(subscription, order.Condition, frame);
            else _together.Add((subscription, order.Condition, frame));
        }
    }

    private void Deliver(UserSubscription to, Condition condition, byte[] frame)
    {
        if (Faults?.Delays(to.Sink, condition, frame) is not true) to.Sink.Send(frame);
    }

    private string Word(BookOrder order, string status) => Faults?.Word(order, status) ?? status;
}
