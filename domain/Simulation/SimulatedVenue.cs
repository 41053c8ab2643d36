using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>
/// A venue in virtual time: recorded or live books in, our orders in, what the venue would have answered out. It has no clock: every
/// call says when it is, and what was due until then happens first. It keeps no books of its own but looks at those that somebody keeps
/// anyway, so watching one in which nothing is ours costs next to nothing.
/// </summary>
public sealed class SimulatedVenue
{
    private readonly VenueRules _rules;
    private readonly Func<ConditionId, ConditionBook?> _bookOf;
    private readonly RecordedFills? _recorded;
    private readonly Draws _out;
    private readonly Draws _back;
    private readonly Draws _rejects;
    private readonly Draws _failures;
    private readonly Draws _queue;
    private readonly SimulatedTrades _trades;
    private readonly Dictionary<MarketId, Market> _markets = [];
    private readonly Dictionary<ConditionId, SimulatedBook> _books = new(ConditionIdComparer.Instance);
    private readonly Dictionary<OrderId, SimulatedOrder> _orders = [];
    private readonly Dictionary<OrderId, SimulatedOrder> _resting = [];
    private readonly Agenda<Due> _agenda = new();
    private readonly List<OrderEvent> _told = [];
    private readonly List<(SimulatedOrder Order, Size Shares)> _filled = []; // By the update that is being watched.

    /// <param name="seed">Decides every draw.</param>
    /// <param name="cash">Dollars of the account.</param>
    /// <param name="books">
    /// The book of a condition as it was last heard; null when nobody keeps it. It must have every update before it is watched here, and none
    /// that is not: then an order meets the book of the moment in which it arrives, and never a later one.
    /// </param>
    /// <param name="recorded">What orders on the same terms met in the recording; null: the model decides about every order.</param>
    public SimulatedVenue(VenueRules rules, ulong seed, Usd cash, Func<ConditionId, ConditionBook?> books, RecordedFills? recorded = null)
    {
        (_rules, _bookOf, _recorded) = (rules, books, recorded);
        (_out, _back) = (new Draws(seed, DrawOf.OutLatency), new Draws(seed, DrawOf.BackLatency));
        (_rejects, _failures, _queue) = (new Draws(seed, DrawOf.Reject), new Draws(seed, DrawOf.Settlement), new Draws(seed, DrawOf.Queue));
        Account = new SimulatedAccount(cash);
        _trades = new SimulatedTrades(rules, Account, _agenda, _told);
    }

    public SimulatedAccount Account { get; }

    /// <summary>Every trade of ours, oldest first, as it stands.</summary>
    public IReadOnlyList<Fill> Trades => _trades.All;

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
            else _books.Add(condition.Id, new SimulatedBook(condition, _rules.Queue, _queue));
        }
    }

    /// <summary>One update of market data, which its book has in it already.</summary>
    public void Watch(in BookUpdate update, Instant now)
    {
        if (NextDue <= now) Advance(now);
        if (!_books.TryGetValue(update.Condition, out var ours) || ours.IsQuiet || _bookOf(update.Condition) is not { } book) return;

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
        var isUnlucky = _rejects.Happens(_rules.RejectsPerMillion);
        if (_orders.ContainsKey(id)) return Refused(id, (RejectCode.Duplicated, $"order {id} is invalid. Duplicated."));
        if (!_books.TryGetValue(leg.Condition, out var ours) || ours.Terms.OutcomeOf(leg.Token) is not { } outcome || _bookOf(leg.Condition) is not { } book)
            return Refused(id, (RejectCode.NoOrderBook, "No orderbook exists for the requested token id"));

        var order = new SimulatedOrder(id, intent, outcome, now);
        if (_recorded?.Find(intent) is { } known) return ArriveAsRecorded(order, known, _recorded, now);
        if (ArrivalRules.Refuses(order, ours.Terms, book, _rules, now) is { } unsound) return Refused(id, unsound);
        if (isUnlucky) return Refused(id, (RejectCode.Unknown, "refused by the simulated venue's reject rate"));
        var match = ArrivalMatch.Of(order, book.Book, ours.Consumed);
        if (ArrivalRules.Refuses(order, match, ours.Terms.Fee, Account, Resting) is { } refusal) return Refused(id, refusal);

        _orders.Add(id, order);
        ours.Take(order, match);
        if (!match.Fills.IsEmpty) Trade(order, new Level(match.Last, match.Shares), match.Amount, match.Fee(ours.Terms.Fee), now);
        order.IsClosed = order.IsImmediate || order.Left == Size.Zero;
        if (!order.IsClosed)
        {
            ours.Rest(order, book);
            Rest(order);
        }

        return Answer(order);
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
    public TimeSpan OutLatency() => _rules.Out.Draw(_out);

    /// <summary>How long the next answer or event travels back.</summary>
    public TimeSpan BackLatency() => _rules.Back.Draw(_back);

    /// <summary>
    /// Takes nothing from the book: the tape was left by the recorded order itself. One that the account cannot pay leaves the recorded
    /// order to its next attempt.
    /// </summary>
    private OrderEvent ArriveAsRecorded(SimulatedOrder order, RecordedOrder known, RecordedFills recorded, Instant now)
    {
        var isKilled = order.IsImmediate && known.Fills.IsEmpty;
        if (!isKilled && Account.Shortfall(order, new Usd(known.Fills.Sum(fill => fill.Fee.Micros)), Resting) is { } missing)
            return Refused(order.Id, (RejectCode.NotEnoughBalance, missing));

        recorded.Take(known);
        if (isKilled) return Refused(order.Id, (order.Leg.Type is OrderType.Fok ? RejectCode.FokNotFilled : RejectCode.FakNotFilled, "killed, as recorded"));

        _orders.Add(order.Id, order);
        foreach (var fill in known.Fills)
        {
            var at = Instant.FromMillis(order.Intent.TimestampMs) + (fill.At - known.PlacedAt);
            if (order.IsImmediate || at <= now) TradeAsRecorded(order, fill, now);
            else _agenda.Enter(at, new Due.Fills(order, fill));
        }

        order.IsClosed = order.IsImmediate || order.Left == Size.Zero;
        if (!order.IsClosed) Rest(order);
        return Answer(order);
    }

    private static OrderEvent Answer(SimulatedOrder order) =>
        order.Matched == Size.Zero ? new OrderEvent.Placed(order.Id) : new OrderEvent.Matched(order.Id, order.Matched, order.IsClosed);

    private void Rest(SimulatedOrder order)
    {
        _resting.Add(order.Id, order);
        if (order.Leg.Type is OrderType.Gtd)
            _agenda.Enter(Instant.FromMillis(order.Intent.ExpirationSeconds * 1_000) + -_rules.GtdEarly, new Due.Expires(order));
    }

    /// <summary>A maker: at its own price and without a fee.</summary>
    private void Rested(SimulatedOrder order, Size shares, Instant now)
    {
        var limit = order.Leg.Limit;
        Trade(order, new Level(limit, shares), order.Buys ? Usd.Cost(limit, shares) : Usd.Proceeds(limit, shares), Usd.Zero, now);
        if (order.Left == Size.Zero) Close(order);
    }

    private void Trade(SimulatedOrder order, Level fill, Usd amount, Usd fee, Instant now) =>
        _trades.Match(order, fill, amount, fee, now, _failures.Happens(_rules.FailuresPerMillion));

    private void TradeAsRecorded(SimulatedOrder order, Fill fill, Instant now) =>
        _trades.Match(order, new Level(fill.Price, fill.Shares), fill.Amount, fill.Fee, now, fails: fill.Status is TradeStatus.Failed);

    private void Happen(Due due, Instant at)
    {
        switch (due)
        {
            case Due.Mines(var order, var trade):
                _trades.Mine(order, trade, at);
                break;

            case Due.Fails(var order, var trade):
                _trades.Fail(order, trade);
                break;

            case Due.Confirms(var trade):
                _trades.Confirm(trade);
                break;

            case Due.Fills({ IsClosed: false } order, var recordedFill):
                TradeAsRecorded(order, recordedFill, at);
                if (order.Left == Size.Zero) Close(order);
                break;

            case Due.Fills:
                break; // Canceled before it was filled this time.

            case Due.Expires(var order) when Close(order):
                _told.Add(new OrderEvent.Canceled(order.Id, "expired"));
                break;

            case Due.Expires:
                break; // Filled or canceled before.
        }
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
