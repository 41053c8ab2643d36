using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>
/// A venue in virtual time: recorded or live books in, our orders in, what the venue would have answered out. It has no clock: every
/// call says when it is, and what was due until then happens first. It keeps no books of its own but looks at those that somebody keeps
/// anyway, so watching one in which nothing is ours costs next to nothing.
/// </summary>
/// <param name="seed">Decides every draw.</param>
/// <param name="cash">Dollars of the account.</param>
/// <param name="books">
/// The book of a condition as it was last heard; null when nobody keeps it. It must have every update before it is watched here, and none
/// that is not: then an order meets the book of the moment in which it arrives, and never a later one.
/// </param>
public sealed class SimulatedVenue(VenueRules rules, ulong seed, Usd cash, Func<ConditionId, ConditionBook?> books)
{
    private readonly Draws _out = new(seed, DrawOf.OutLatency);
    private readonly Draws _back = new(seed, DrawOf.BackLatency);
    private readonly Draws _rejects = new(seed, DrawOf.Reject);
    private readonly Draws _failures = new(seed, DrawOf.Settlement);
    private readonly Draws _queue = new(seed, DrawOf.Queue);
    private readonly Dictionary<MarketId, Market> _markets = [];
    private readonly Dictionary<ConditionId, SimulatedBook> _books = [];
    private readonly Dictionary<OrderId, SimulatedOrder> _orders = [];
    private readonly Dictionary<OrderId, SimulatedOrder> _resting = [];
    private readonly Agenda _agenda = new();
    private readonly List<Fill> _trades = [];
    private readonly List<OrderEvent> _told = [];
    private readonly List<(SimulatedOrder Order, Size Shares)> _filled = []; // By the update that is being watched.

    public SimulatedAccount Account { get; } = new(cash);

    /// <summary>Every trade of ours, oldest first, as it stands.</summary>
    public IReadOnlyList<Fill> Trades => _trades;

    /// <summary>Orders of which something is open.</summary>
    public IReadOnlyCollection<SimulatedOrder> Resting => _resting.Values;

    /// <summary>What the user channel says, in order, until <see cref="ClearTold"/>.</summary>
    public IReadOnlyList<OrderEvent> Told => _told;

    /// <summary>When something happens by itself next; null when nothing will.</summary>
    public Instant? NextDue => _agenda.Next;

    /// <summary>The market's conditions are traded here, by these terms from now on.</summary>
    public void Follow(Market market)
    {
        if (_markets.TryGetValue(market.Id, out var before) && ReferenceEquals(before, market)) return;

        _markets[market.Id] = market;
        foreach (var condition in market.Conditions)
        {
            if (_books.TryGetValue(condition.Id, out var known)) known.Terms = condition;
            else _books.Add(condition.Id, new SimulatedBook(condition, rules.Queue, _queue));
        }
    }

    /// <summary>One update of market data, which its book has in it already.</summary>
    public void Watch(in BookUpdate update, Instant now)
    {
        if (NextDue <= now) Advance(now);
        if (!_books.TryGetValue(update.Condition, out var ours) || ours.IsQuiet || books(update.Condition) is not { } book) return;

        ours.Watch(update, book, now, _filled);
        foreach (var (order, shares) in _filled) Rested(order, shares, now);
        _filled.Clear();
    }

    /// <summary>
    /// A gap: something of the market was missed. Its books, lost as well, take no order until their next snapshot; what went meanwhile
    /// moves no order of ours up.
    /// </summary>
    public void Lose(MarketId market)
    {
        if (!_markets.TryGetValue(market, out var lost)) return;

        foreach (var condition in lost.Conditions) _books[condition.Id].Lose();
    }

    /// <summary>The order, if it was ever taken.</summary>
    public SimulatedOrder? Find(OrderId order) => _orders.GetValueOrDefault(order);

    /// <summary>The order reaches the venue now. Returns the direct answer; its fills are told as well.</summary>
    public OrderEvent Arrive(OrderId id, OrderIntent intent, Instant now)
    {
        Advance(now);
        var leg = intent.Order;
        var isUnlucky = _rejects.Happens(rules.RejectsPerMillion);
        if (_orders.ContainsKey(id)) return Refused(id, (RejectCode.Duplicated, $"order {id} is invalid. Duplicated."));
        if (!_books.TryGetValue(leg.Condition, out var ours) || ours.Terms.OutcomeOf(leg.Token) is not { } outcome || books(leg.Condition) is not { } book)
            return Refused(id, (RejectCode.NoOrderBook, "No orderbook exists for the requested token id"));

        var order = new SimulatedOrder(id, intent, outcome, now);
        if (ArrivalRules.Refuses(order, ours.Terms, book, rules, now) is { } unsound) return Refused(id, unsound);
        if (isUnlucky) return Refused(id, (RejectCode.Unknown, "refused by the simulated venue's reject rate"));
        var match = ArrivalMatch.Of(order, book.Book, ours.Consumed);
        if (ArrivalRules.Refuses(order, match, ours.Terms.Fee, Account, Resting) is { } refusal) return Refused(id, refusal);

        _orders.Add(id, order);
        ours.Take(order, match);
        if (!match.Fills.IsEmpty) Trade(order, match.Shares, match.Amount, match.Fee(ours.Terms.Fee), match.Last, now);
        order.IsClosed = order.IsImmediate || order.Left == Size.Zero;
        if (!order.IsClosed) Rest(order, ours, book);
        return order.Matched == Size.Zero ? new OrderEvent.Placed(id) : new OrderEvent.Matched(id, order.Matched, order.IsClosed);
    }

    /// <summary>The cancel reaches the venue now. False when nothing of the order was open. Nothing is told: the answer says it.</summary>
    public bool Cancel(OrderId order, Instant now)
    {
        Advance(now);
        return _orders.TryGetValue(order, out var known) && Close(known);
    }

    /// <summary>What was due until now happens: settlements, expiries.</summary>
    public void Advance(Instant now)
    {
        while (_agenda.TryTake(now, out var due, out var at)) Happen(due, at);
    }

    public void ClearTold() => _told.Clear();

    /// <summary>How long the next request travels to the venue.</summary>
    public TimeSpan OutLatency() => rules.Out.Draw(_out);

    /// <summary>How long the next answer or event travels back.</summary>
    public TimeSpan BackLatency() => rules.Back.Draw(_back);

    private void Rest(SimulatedOrder order, SimulatedBook ours, ConditionBook book)
    {
        ours.Rest(order, book);
        _resting.Add(order.Id, order);
        if (order.Leg.Type is OrderType.Gtd)
            _agenda.Put(Instant.FromMillis(order.Intent.ExpirationSeconds * 1_000) + -rules.GtdEarly, new Due.Expires(order));
    }

    /// <summary>A maker: at its own price and without a fee.</summary>
    private void Rested(SimulatedOrder order, Size shares, Instant now)
    {
        var limit = order.Leg.Limit;
        Trade(order, shares, order.Buys ? Usd.Cost(limit, shares) : Usd.Proceeds(limit, shares), Usd.Zero, limit, now);
        if (order.Left == Size.Zero) Close(order);
    }

    private void Trade(SimulatedOrder order, Size shares, Usd amount, Usd fee, Price price, Instant now)
    {
        var trade = _trades.Count;
        var fill = new Fill(new TradeId($"sim-{trade + 1}-{now.Micros:x}"), order.Id, TradeStatus.Matched, shares, amount, fee, price, now);
        order.Matched += shares;
        Account.Matched(order.Leg, fill);
        _trades.Add(fill);
        _told.Add(new OrderEvent.Filled(fill));
        _agenda.Put(now + rules.MinedAfter, _failures.Happens(rules.FailuresPerMillion) ? new Due.Fails(order, trade) : new Due.Mines(order, trade));
    }

    private void Happen(Due due, Instant at)
    {
        switch (due)
        {
            case Due.Mines(var order, var trade):
                Account.Mined(order.Leg, _trades[trade]);
                _agenda.Put(at + rules.ConfirmedAfter, new Due.Confirms(order, trade));
                Settled(trade, TradeStatus.Mined);
                break;

            case Due.Fails(var order, var trade):
                Account.Failed(order.Leg, _trades[trade]);
                Settled(trade, TradeStatus.Failed);
                break;

            case Due.Confirms(_, var trade):
                Settled(trade, TradeStatus.Confirmed);
                break;

            case Due.Expires(var order) when Close(order):
                _told.Add(new OrderEvent.Canceled(order.Id, "expired"));
                break;

            case Due.Expires:
                break; // Filled or canceled before.
        }
    }

    private void Settled(int trade, TradeStatus status)
    {
        _trades[trade] = _trades[trade] with { Status = status };
        _told.Add(new OrderEvent.Filled(_trades[trade]));
    }

    /// <summary>False when nothing of it was open.</summary>
    private bool Close(SimulatedOrder order)
    {
        if (order.IsClosed) return false;

        order.IsClosed = true;
        _resting.Remove(order.Id);
        _books[order.Leg.Condition].Remove(order);
        return true;
    }

    private static OrderEvent.Rejected Refused(OrderId order, (RejectCode Code, string Why) refusal) => new(order, refusal.Why, refusal.Code);
}
