using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Quotes;

/// <summary>The maker's half of a market's desk: what it remembers of its quotes, and its next decision about them.</summary>
public sealed class QuoteDesk(Market market, EdgePolicy opened, IReadOnlyList<ConditionBook> books)
{
    /// <summary>The gateway cancels again by itself; one that lost its memory is asked again after this.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<OrderId, Instant> _leaving = []; // Until when an order is not asked again.
    private readonly Dictionary<BasketId, (string Why, bool IsUrgent)> _ending = [];
    private readonly Dictionary<BasketId, Instant> _shortSince = [];
    private readonly Dictionary<ConditionId, Instant> _unsettledSince = [];
    private readonly Dictionary<ConditionId, Instant> _restUntil = [];
    private EdgePolicy _policy = opened; // Its buffer widens.
    private Instant _refusedUntil;
    private bool _isBlocking; // In this turn: what waits for one quote is not to find another one in its way.

    /// <summary>A rest is to end after which there may be something to quote, although no book moves.</summary>
    public bool WaitsForTime => _refusedUntil != default || _restUntil.Count > 0;

    /// <summary>What the gateway did with the orders that were to go. One that it kept is asked for again soon; any other is on its way, or gone.</summary>
    public void Hear(DeskDecision.Pull pull, DeskInput.Pulled pulled, Instant now)
    {
        foreach (var order in pull.Orders) _leaving[order] = now + (pulled.Kept.Contains(order) ? _policy.RetryAfter : AskAgainAfter);
    }

    /// <summary>True when it was about a quote: nothing was sent, and quoting rests for a while.</summary>
    public bool HearsRefused(Proposal proposal, Instant now)
    {
        if (proposal is not ({ Purpose: Purpose.Quote } or { Basket.Style: BasketStyle.Maker })) return false;

        _refusedUntil = now + _policy.QuietAfterBasket;
        if (proposal.Purpose is Purpose.Quote) _ending[proposal.Id] = ("its other side was refused", false); // One side alone does not rest on.
        return true;
    }

    /// <summary>Own orders leave the books that edges are looked for in; a pair that met somebody rests until that shows.</summary>
    public void Take(ImmutableArray<OpenBasket> before, DeskInput.News news, Instant now)
    {
        var orders = news.Baskets.SelectMany(open => open.Orders).ToArray();
        foreach (var book in books) book.Tell([.. orders.Where(order => order.Rests && order.Order.Condition == book.Condition.Id).Select(OwnOrder.Of)]);

        foreach (var taker in before.Where(open => open.Basket.Style is BasketStyle.Taker && news.Baskets.All(now => now.Basket.Id != open.Basket.Id)))
            _ending.Remove(taker.Basket.Id);
        foreach (var over in before.Where(open => open is { Basket.Style: BasketStyle.Maker, IsLocked: false }))
        {
            if (news.Baskets.Any(open => open.Basket.Id == over.Basket.Id && !open.IsLocked)) continue;
            if (_ending.ContainsKey(over.Basket.Id) || over.Orders.Any(order => order.Matched > Size.Zero || order.Refusal is not null)) _restUntil[over.Basket.Legs[0].Condition] = now + _policy.QuietAfterBasket;
            _ending.Remove(over.Basket.Id);
            _shortSince.Remove(over.Basket.Id);
        }

        foreach (var gone in _leaving.Keys.Where(id => !orders.Any(order => order.Id == id && !order.IsClosed)).ToArray()) _leaving.Remove(gone);
    }

    /// <summary>Would it meet an order of our own? Then that one goes first, and this one has to wait for it.</summary>
    public bool Blocks(Proposal proposal, IEnumerable<OpenBasket> baskets)
    {
        var isUrgent = proposal.Purpose is not (Purpose.Open or Purpose.Quote);
        var blocks = false;
        foreach (var open in baskets)
        {
            if (!open.Orders.Any(own => own.Rests && proposal.Orders.Any(order => OwnOrder.Meets(order, own.Order)))) continue;

            blocks = _isBlocking = true;
            _ending[open.Basket.Id] = ("in the way of our own order", isUrgent || _ending.GetValueOrDefault(open.Basket.Id).IsUrgent);
        }

        return blocks;
    }

    /// <summary>The next step of an open pair, else a new one; null when all is as it should be.</summary>
    /// <param name="buffer">What is taken off every edge now.</param>
    /// <param name="isDraining">No new risk is wanted in the market.</param>
    public DeskDecision? Next(
        Usd buffer, ImmutableArray<OpenBasket> baskets, ImmutableArray<Stock> stocks, bool isDraining, Instant now, Instant receivedAt)
    {
        if (_policy.Maker is null && baskets.IsEmpty) return null; // The common case, and it costs nothing.

        if (buffer != _policy.FailureBuffer) _policy = _policy with { FailureBuffer = buffer };
        var isBlocking = _isBlocking;
        _isBlocking = false;
        foreach (var open in baskets)
        {
            if (!QuoteKeeper.Holds(open) && Cleared(open, now) is { } cleared) return cleared;
            if (QuoteKeeper.Holds(open) && Kept(open, stocks, isDraining, now, receivedAt) is { } decision && !(isBlocking && decision is DeskDecision.Propose)) return decision;
        }

        if (now >= _refusedUntil) _refusedUntil = default;
        if (_restUntil.Count > 0)
        {
            foreach (var over in _restUntil.Where(rest => now >= rest.Value).ToArray()) _restUntil.Remove(over.Key);
        }

        return isDraining || isBlocking || _policy.Maker is null || _refusedUntil != default ? null : New(baskets, stocks, now, receivedAt);
    }

    /// <summary>What is left of a taker's leg rests in the way of an order of our own.</summary>
    private DeskDecision.Pull? Cleared(OpenBasket open, Instant now)
    {
        if (!_ending.TryGetValue(open.Basket.Id, out var end)) return null;

        ImmutableArray<OrderId> orders = [.. open.Orders.Where(order => order.Rests && !(_leaving.TryGetValue(order.Id, out var until) && now < until)).Select(order => order.Id)];
        return orders.IsEmpty ? null : new DeskDecision.Pull(orders, end.Why, end.IsUrgent);
    }

    private DeskDecision? Kept(OpenBasket open, ImmutableArray<Stock> stocks, bool isDraining, Instant now, Instant receivedAt)
    {
        var book = books.FirstOrDefault(book => book.Condition.Id == open.Basket.Legs[0].Condition);
        var filled = QuoteKeeper.Filled(open);
        var gap = new Size(Math.Abs((filled[0] - filled[1]).Micros));
        if (book is null || gap < book.Condition.MinOrderSize) _shortSince.Remove(open.Basket.Id);
        else _shortSince.TryAdd(open.Basket.Id, now);

        var wish = book is null ? new QuoteWish.None(QuoteRefusal.NotCovered) : Wish(book, Held(book.Condition, stocks) + (filled[0] - filled[1]), now);
        var ending = _ending.TryGetValue(open.Basket.Id, out var end) ? end : default;
        var memory = new QuoteMemory(
            ending.Why, ending.IsUrgent, _shortSince.TryGetValue(open.Basket.Id, out var since) ? since : null,
            _leaving.Where(order => now < order.Value).Select(order => order.Key).ToHashSet());
        return QuoteKeeper.Next(open, book, wish, memory, _policy, _policy.Maker?.MinLifetime ?? TimeSpan.Zero, isDraining, now) switch
        {
            QuoteStep.Pull(var orders, var why, var isUrgent) => new DeskDecision.Pull(orders, why, isUrgent),
            QuoteStep.Send(var order) when _refusedUntil == default => Propose(open.Basket.Id, Purpose.Quote, [order], null, now, receivedAt),
            _ => null,
        };
    }

    private DeskDecision.Propose? New(ImmutableArray<OpenBasket> baskets, ImmutableArray<Stock> stocks, Instant now, Instant receivedAt)
    {
        for (var i = 0; i < books.Count; i++)
        {
            var (book, condition) = (books[i], books[i].Condition);
            if (_restUntil.ContainsKey(condition.Id) || baskets.Any(open => !open.IsLocked && open.Basket.Slot == new BasketSlot(market.Id, condition.Id))) continue;
            if (Wish(book, Held(condition, stocks), now) is not QuoteWish.Rest rest) continue;

            var basket = Pair(condition, rest, new BasketId($"q-{Brief(market.Id.Text)}-{i}-{now.Micros:x}"), now);
            return Propose(basket.Id, Purpose.Open, basket.Legs, basket, now, receivedAt);
        }

        return null;
    }

    /// <summary>A book that stays in the middle of a match is as bad as one that failed its proof.</summary>
    private QuoteWish Wish(ConditionBook book, Size held, Instant now)
    {
        if (_policy.Maker is not { } maker) return new QuoteWish.None(QuoteRefusal.NotCovered);

        var wish = Quoter.Wish(book, market.Id, _policy, maker, held);
        if (wish is not QuoteWish.None { Why: QuoteRefusal.Unsettled })
        {
            _unsettledSince.Remove(book.Condition.Id);
            return wish;
        }

        _unsettledSince.TryAdd(book.Condition.Id, now);
        return now - _unsettledSince[book.Condition.Id] > _policy.SettleTimeout ? new QuoteWish.None(QuoteRefusal.NotProven) : wish;
    }

    private Basket Pair(Condition condition, QuoteWish.Rest rest, BasketId id, Instant now) => new()
    {
        Id = id,
        Market = market.Id,
        Kind = BasketKind.Pair,
        Style = BasketStyle.Maker,
        Legs =
        [
            QuoteKeeper.Order(condition, Outcome.Yes, 0, 0, rest.Yes, rest.Size),
            QuoteKeeper.Order(condition, Outcome.No, 1, 0, rest.No, rest.Size),
        ],
        Quantity = rest.Size,
        PayoutDollars = 1,
        Edge = new EdgeTerms(
            Usd.Dollars(1), Usd.Cost(rest.Yes, Size.Shares(1)) + Usd.Cost(rest.No, Size.Shares(1)), Usd.Zero, Usd.Zero, _policy.FailureBuffer),
        SeenAt = now,
    };

    private DeskDecision.Propose Propose(
        BasketId id, Purpose purpose, ImmutableArray<LegOrder> orders, Basket? basket, Instant now, Instant receivedAt) => new(new Proposal
        {
            Id = id,
            Market = market.Id,
            Purpose = purpose,
            Orders = orders,
            Basket = basket,
            SeenAt = now,
            ReceivedAt = receivedAt,
        });

    /// <summary>
    /// Free shares of YES beyond those of NO, without what other conditions of the event answer: of NOs all but the largest excess is safe,
    /// and so is what is held of every YES of an event that is exhaustive.
    /// </summary>
    private Size Held(Condition condition, ImmutableArray<Stock> stocks)
    {
        var net = Net(condition, stocks);
        if (!market.NegRisk || stocks.Length < 2) return new Size(net);

        var all = market.Conditions.Select(other => Net(other, stocks)).Order().ToArray();
        if (net < 0) return new Size(net == all[0] ? Math.Min(0, net - Math.Min(0, all[1])) : 0);
        return new Size(_policy.AllYes.Contains(market.Id) ? net - Math.Max(0, all[0]) : net);
    }

    private static long Net(Condition condition, ImmutableArray<Stock> stocks) => stocks.Sum(stock => condition.OutcomeOf(stock.Token) switch
    {
        Outcome.Yes => stock.Shares.Micros,
        Outcome.No => -stock.Shares.Micros,
        _ => 0,
    });

    private static string Brief(string id)
    {
        var text = id.StartsWith("0x", StringComparison.Ordinal) ? id[2..] : id;
        return text[..Math.Min(10, text.Length)];
    }
}
