using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Edges;

/// <summary>
/// The desk of one market: keeps its books, proves them, finds baskets and walks an open one down its ladder.
/// It is driven by turns alone, live and in replay, and every turn is folded into its digest.
/// </summary>
public sealed class MarketDesk
{
    private readonly DeskGuards _guards;
    private readonly EdgePolicy _policy;
    private readonly ImmutableArray<ConditionBook> _books;
    private readonly Dictionary<ConditionId, ConditionBook> _byCondition;
    private readonly QuoteDesk _quotes;
    private readonly BasketFinder _finder;
    private readonly Flattener _flattener;
    private readonly BasketClocks _clocks = new();
    private ImmutableArray<OpenBasket> _baskets = []; // Oldest first.
    private ImmutableArray<Stock> _stocks = [];
    private Flattening? _flattening; // Trading stops: nothing else is decided.
    private long _version;
    private DeskDecision? _asked; // Out and unanswered: no second decision meanwhile.
    private Instant _receivedAt;
    private Instant _restUntil; // Nothing is proposed before.
    private Instant _quietUntil; // No new basket is looked for before.
    private Instant? _lookAgainAt; // When one of these is over: the books may stand still, and an edge in them.

    /// <param name="digest">The chain its inputs and decisions go into; null for one that can be told after every turn.</param>
    public MarketDesk(DeskInput.Opened opened, DecisionDigest? digest = null)
    {
        (Market, _policy, Digest) = (opened.Market, opened.Policy, digest ?? new DecisionDigest());
        _guards = new DeskGuards(_policy.Guards, _policy.FailureBuffer, opened.Memory);
        IsDraining = opened.Memory?.IsDraining == true;
        _books = [.. opened.Market.Conditions.Select(condition => new ConditionBook(condition, BookFormat.Of(condition), _policy.ProofCheck))];
        foreach (var book in _books.Where(book => opened.Memory?.Ended.Contains(book.Condition.Id) == true)) book.End();
        _byCondition = _books.ToDictionary(book => book.Condition.Id, ConditionIdComparer.Instance);
        _quotes = new QuoteDesk(Market, _policy, _books);
        _finder = new BasketFinder(Market, _books, _policy);
        _flattener = new Flattener(Market.Id, _books, _policy);
        Digest.Fold(DomainJson.Write<DeskInput>(opened));
    }

    public Market Market { get; }

    public DecisionDigest Digest { get; }

    public IReadOnlyList<ConditionBook> Books => _books;

    public bool HasOpen => _baskets.Length > 0;

    /// <summary>A decision is out, a basket is being bought, completed or undone, or trading stops: a bad moment for new parameters.</summary>
    public bool IsBusy => IsAsking || _flattening is not null || _baskets.Any(basket => !basket.IsLocked);

    /// <summary>A decision is out whose outcome the desk does not know yet.</summary>
    public bool IsAsking => _asked is not null;

    /// <summary>The gateway's version of the news this desk has.</summary>
    public long Version => _version;

    /// <summary>Trading stops, as far as this desk has heard.</summary>
    public Flattening? Flattening => _flattening;

    /// <summary>Shares of this market are held that no open basket needs.</summary>
    public bool HasStock => !_stocks.IsEmpty;

    /// <summary>The market is switched off: what is open is finished, nothing new is opened.</summary>
    public bool IsDraining { get; private set; }

    public long Turns { get; private set; }

    public long Events { get; private set; }

    public long Detected { get; private set; }

    /// <summary>Edges on books that could not be trusted. Never traded.</summary>
    public PhantomLog Phantoms => _finder.Phantoms;

    public DeskGuards Guards => _guards;

    /// <summary>For the desk that takes this one's place.</summary>
    public DeskMemory Memory =>
        _guards.Memory with { IsDraining = IsDraining, Ended = [.. _books.Where(book => book.Life is BookLife.Ended).Select(book => book.Condition.Id)] };

    public ProofCounts Proofs => _books.Aggregate(default(ProofCounts), (sum, book) => sum + book.Proofs);

    public long LateSnapshots => _books.Sum(book => book.LateSnapshots);

    /// <summary>A book failed its proof and nothing since has healed it: snapshots are needed.</summary>
    public bool WantsSnapshot => _books.Any(book => book.Life is BookLife.Synced && book.Proof is ProofState.Failed);

    /// <summary>A clock may come to matter before the next input does: whoever keeps the time looks again soon.</summary>
    public bool MayWaitForTime
    {
        get
        {
            if (HasOpen || _flattening is not null || _quotes.WaitsForTime || _lookAgainAt is not null) return true;

            foreach (var book in _books)
            {
                if (book.Proof is ProofState.Unsettled || IsUncheckedAndHeld(book)) return true;
            }

            return false;
        }
    }

    /// <summary>A clock matters now: an update that may fail to settle, or something to look after.</summary>
    public bool WaitsForTime(Instant now) =>
        HasOpen || _flattening is not null || _quotes.WaitsForTime || now >= _lookAgainAt
        || _books.Any(book => book.IsOverdue(now, _policy.SettleTimeout) || IsUncheckedAndHeld(book));

    /// <summary>
    /// The market as it would have to be opened anew, or null when nothing that it is traded by has changed. The catalogue lags behind a live
    /// tick change: its tick counts only when it is another one than the catalogue said before.
    /// </summary>
    public Market? Renewed(Market before, Market listed)
    {
        var renewed = listed with { Conditions = [.. listed.Conditions.Select(condition => condition with { Tick = TickOf(before, condition) })] };
        return renewed.IsSameAs(Current) ? null : renewed;
    }

    /// <summary>What could be bought in its books now, whatever else the desk is about; sized by another policy. Decides and notes nothing.</summary>
    public Basket? Peek(EdgePolicy sizing, Instant now) => _finder.Peek(sizing, _guards.Buffer, now);

    /// <summary>The same by the desk's own policy.</summary>
    public Basket? Peek(Instant now) => Peek(_policy, now);

    /// <summary>The set that is nearest to being worth buying. Decides and notes nothing.</summary>
    public EdgeLook? Look(Instant now) => EdgeLook.Nearest(Market, _books, _policy, _guards.Buffer, now);

    /// <summary>There may be something to <see cref="Peek(EdgePolicy, Instant)"/> at.</summary>
    public bool IsWorthALook => _finder.IsWorthALook(_guards.Buffer);

    /// <summary>The market as its books know it now.</summary>
    public Market Current => Market with { Conditions = [.. _books.Select(book => book.Condition with { Tick = book.Tick })] };

    /// <summary>One batch of market data.</summary>
    public DeskDecision? Turn(ReadOnlySpan<FeedInput> batch, Instant now)
    {
        foreach (var input in batch) Hear(input.FrameDigest, input.ReceivedAt, input.Updates.AsSpan(), input.Gap, now);

        // Behind a stall the books are old although more is waiting: catch up first.
        var isLate = now - batch[^1].ReceivedAt > _policy.MaxDataAge;
        return Decide(now, isLate);
    }

    /// <summary>The end of a batch that was heard piece by piece, as soon as it was received.</summary>
    public DeskDecision? EndTurn(Instant now) => Decide(now);

    /// <summary>A piece of a batch: the books move, and nothing is decided before its end.</summary>
    /// <param name="updates">Of this market; nothing of them is kept.</param>
    /// <param name="gap">Null, or why anything may have been missed before them.</param>
    public void Hear(ulong frameDigest, Instant receivedAt, ReadOnlySpan<BookUpdate> updates, string? gap, Instant now)
    {
        _receivedAt = receivedAt;
        Digest.Fold(frameDigest);
        Digest.Fold(receivedAt.Micros);
        if (gap is { } cause)
        {
            Digest.Fold(cause);
            _finder.Expose(cause, _stocks, _guards.Buffer, now);
            foreach (var book in _books) book.Lose(cause);
        }

        foreach (ref readonly var update in updates)
        {
            Events++;
            if (update.Kind is BookUpdateKind.TickChange) _finder.Expose("tick change", _stocks, _guards.Buffer, now);
            if (_byCondition.TryGetValue(update.Condition, out var book)) book.Apply(update, receivedAt);
        }
    }

    /// <summary>Anything else, with the text it is recorded as.</summary>
    public DeskDecision? Turn(DeskInput input, string text, Instant now)
    {
        Digest.Fold(text);
        _receivedAt = now;
        switch (input)
        {
            case DeskInput.Refused refused when _asked is DeskDecision.Propose(var proposal) && proposal.Id == refused.Basket:
                _asked = null;
                if (!_quotes.HearsRefused(proposal, now)) _lookAgainAt = _restUntil = now + _policy.RetryAfter;
                if (refused.Reason is Refusal.VenueRests or Refusal.OverRateLimit or Refusal.Unheard) _clocks.Restart(now);
                break;

            case DeskInput.Sent or DeskInput.Unknown:
                break; // Still out: the gateway's news says what became of it.

            case DeskInput.Pulled pulled when _asked is DeskDecision.Pull pull:
                _quotes.Hear(pull, pulled, now);
                _asked = null;
                break;

            case DeskInput.News news:
                Take(news, now);
                break;

            case DeskInput.Drain drain:
                if (_asked is DeskDecision.SwitchOff) _asked = null;
                if (IsDraining && !drain.On) _guards.Forgive();
                IsDraining = drain.On;
                break;

            case DeskInput.Tick:
                foreach (var book in _books)
                {
                    if (IsUncheckedAndHeld(book)) book.Check(); // Losses are counted by its bids: a wrong book must be found out, whether it is traded on or not.
                    book.Expire(now, _policy.SettleTimeout);
                }

                break;
        }

        return Decide(now);
    }

    private bool IsUncheckedAndHeld(ConditionBook book) => book.Proof is ProofState.Unchecked
        && (_stocks.Any(stock => book.Condition.OutcomeOf(stock.Token) is not null) || _baskets.Any(open => open.Basket.Legs.Any(leg => leg.Condition == book.Condition.Id)));

    private Price TickOf(Market before, Condition listed) =>
        _byCondition.TryGetValue(listed.Id, out var book) && before.Conditions.Any(known => known.Id == listed.Id && known.Tick == listed.Tick)
            ? book.Tick
            : listed.Tick;

    private void Take(DeskInput.News news, Instant now)
    {
        if (news.Version < _version) return; // An older answer overtaken by a newer one.
        if (news.Flattening is null) _flattener.Forget();

        if (_baskets.Any(before => IsTaking(before) && !news.Baskets.Any(basket => basket.Basket.Id == before.Basket.Id && IsTaking(basket))))
            _lookAgainAt = _quietUntil = now + _policy.QuietAfterBasket;
        _clocks.Hear(_baskets, news.Baskets, now);
        _guards.Hear(news.Baskets, _byCondition, now);
        _quotes.Take(_baskets, news, now);
        (_version, _baskets, _stocks, _flattening, _asked) = (news.Version, news.Baskets, news.Stocks, news.Flattening, null);
    }

    /// <summary>A taker basket that is being bought, completed or undone.</summary>
    private static bool IsTaking(OpenBasket basket) => basket is { IsLocked: false, Basket.Style: BasketStyle.Taker };

    /// <summary>The open baskets' next rungs first; else a new basket, almost always none.</summary>
    private DeskDecision? Decide(Instant now, bool isLate = false)
    {
        Turns++;
        Digest.Fold(now.Micros);
        _guards.PickedOff.Look(_byCondition, now);
        if (isLate || IsAsking) return null;
        if (now >= _lookAgainAt) _lookAgainAt = null;

        _asked = _flattening is null ? Free(NextRung(now)) ?? GiveUp() ?? Free(FindBasket(now)) ?? NextQuote(now) : NextRung(now) ?? NextSale(now);
        if (_asked is DeskDecision.Propose { Proposal.Basket.Style: BasketStyle.Taker }) Detected++;
        if (_asked is not null) Digest.Fold(DomainJson.Write(_asked));
        return _asked;
    }

    /// <summary>What would meet an order of our own waits until that one is gone.</summary>
    private DeskDecision? Free(DeskDecision? decision) =>
        decision is DeskDecision.Propose(var proposal) && _quotes.Blocks(proposal, _baskets) ? null : decision;

    /// <summary>Quotes are the first to go when fills are picked off.</summary>
    private DeskDecision? NextQuote(Instant now) =>
        _quotes.Next(_guards.Buffer, _baskets, _stocks, IsDraining || _guards.PickedOff.IsSpike(now), now, _receivedAt);

    private DeskDecision? NextRung(Instant now)
    {
        if (_baskets.IsEmpty || now < _restUntil) return null;

        foreach (var open in _baskets.Where(open => !QuoteKeeper.Holds(open)))
        {
            var legs = open.Basket.Legs.All(IsPriced)
                ? open.Basket.Legs.Select(leg => new CandidateLeg(_byCondition[leg.Condition], leg.Outcome)).ToArray()
                : null;
            var decision = LegBalance.Decide(open, legs, _policy, _clocks[open.Basket.Id], now) switch
            {
                BalanceStep.Send when _flattening is not null => null,
                BalanceStep.Send(var purpose, var order) => (DeskDecision)new DeskDecision.Propose(new Proposal
                {
                    Id = open.Basket.Id,
                    Market = Market.Id,
                    Purpose = purpose,
                    Orders = [order],
                    SeenAt = now,
                    ReceivedAt = _receivedAt,
                }),
                BalanceStep.Lock(var quantity, var payout) => new DeskDecision.Lock(open.Basket.Id, quantity, payout),
                BalanceStep.Close(var result) => new DeskDecision.Close(open.Basket.Id, result),
                _ => null,
            };
            if (decision is not null) return decision;
        }

        return null;
    }

    /// <summary>One sale at a time, and not too many of them.</summary>
    private DeskDecision.Propose? NextSale(Instant now)
    {
        if (now < _restUntil || _flattener.Next(_flattening!.Excess, _baskets, now, _receivedAt) is not { } sale) return null;

        _restUntil = now + _policy.FlattenPause;
        return new DeskDecision.Propose(sale);
    }

    /// <summary>False when the catalogue no longer carries a leg of an open basket: it can be closed, and nothing bought or sold for it.</summary>
    private bool IsPriced(LegOrder leg) => _byCondition.TryGetValue(leg.Condition, out var book) && book.Condition.Fee is not null;

    /// <summary>Edges that keep melting are not looked for any more.</summary>
    private DeskDecision.SwitchOff? GiveUp()
    {
        if (IsDraining || !_guards.Decay.IsDecayed) return null;

        IsDraining = true;
        return new DeskDecision.SwitchOff(
            $"its last {_guards.Decay.Baskets} baskets earned {_guards.Decay.Earned} of {_guards.Decay.Expected} dollars expected");
    }

    private DeskDecision.Propose? FindBasket(Instant now)
    {
        if (IsDraining || _guards.PickedOff.IsSpike(now) || now < _restUntil || now < _quietUntil || _baskets.Any(IsTaking)) return null;
        if (_finder.Find(_stocks, _guards.Buffer, now) is not { } found) return null;

        return new DeskDecision.Propose(new Proposal
        {
            Id = found.Id,
            Market = Market.Id,
            Purpose = Purpose.Open,
            Orders = found.Legs,
            Basket = found,
            SeenAt = now,
            ReceivedAt = _receivedAt,
        });
    }
}
