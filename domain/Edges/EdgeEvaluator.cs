using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>Which books are believed while an edge is looked for.</summary>
public enum Believed
{
    /// <summary>Every one that is whole: to see what there would be.</summary>
    Synced,

    /// <summary>Those that a basket may be traded on.</summary>
    Trusted,

    /// <summary>The same, for somebody outside of the desk's turns: nothing is noted in them.</summary>
    LooksTrusted,
}

/// <summary>
/// Which complete sets of one market cost less than they pay, or sell for more, at the best prices. One for each desk: what it looks at
/// is set up once, and an update that leads nowhere allocates nothing.
/// </summary>
public sealed class EdgeEvaluator
{
    private readonly EdgePolicy _policy;
    private readonly ImmutableArray<ConditionBook> _books;
    private readonly bool[] _isUsable;
    private readonly bool _isNegRisk;
    private readonly bool _isExhaustive; // And small enough for one request.
    private readonly Dictionary<TokenId, (int Book, Outcome Outcome)> _tokens = [];
    private readonly Size[,] _stock;
    private ImmutableArray<Stock> _stocks = [];

    /// <param name="books">Of the market's conditions, in their order.</param>
    public EdgeEvaluator(Market market, ImmutableArray<ConditionBook> books, EdgePolicy policy)
    {
        (_policy, _books, _isNegRisk) = (policy, books, market.NegRisk);
        _isUsable = [.. books.Select(book => policy.MayTake(book.Condition))];
        _isExhaustive = market.NegRisk && policy.Exhaustive(market) is not null
            && books.Length == market.Conditions.Length && books.Length <= policy.MaxLegs && _isUsable.All(isUsable => isUsable);
        _stock = new Size[books.Length, 2];
        for (var i = 0; i < books.Length; i++)
        {
            _tokens[books[i].Condition.Yes] = (i, Outcome.Yes);
            _tokens[books[i].Condition.No] = (i, Outcome.No);
        }
    }

    /// <summary>A book is in the middle of an update: nothing is looked for, and no phantom counted.</summary>
    public bool IsUnsettled
    {
        get
        {
            foreach (var book in _books)
            {
                if (book.Proof is ProofState.Unsettled) return true;
            }

            return false;
        }
    }

    /// <summary>A synced book is not to be trusted: what is found in it is a phantom.</summary>
    public bool HasDoubts
    {
        get
        {
            foreach (var book in _books)
            {
                if (book.Life is BookLife.Synced && !book.MayBeTrusted) return true;
            }

            return false;
        }
    }

    /// <summary>Every set worth sizing, almost always none.</summary>
    /// <param name="believed">The books that are looked at.</param>
    /// <param name="stocks">What may be sold.</param>
    /// <param name="buffer">Taken off every edge, per basket; the policy's own at the least.</param>
    public IReadOnlyList<Candidate> Find(Believed believed, ImmutableArray<Stock> stocks, Usd buffer)
    {
        // Fees, slippage and capital only take away, so what does not clear without them is done with. In ticks of the YES books.
        var least = _policy.BufferOf(buffer).Micros + _policy.MinEdge.Micros;
        var needed = least / 100;
        var (bids, asks, crossed, isWhole) = (0, 0, int.MinValue, true);
        for (var i = 0; i < _books.Length; i++)
        {
            if (!MayTrade(i, believed))
            {
                isWhole = false;
                continue;
            }

            var (bid, ask) = _books[i].Open.Tops;
            bids += bid;
            asks += ask;
            crossed = Math.Max(crossed, bid - ask);
        }

        var mayPair = crossed > needed; // A missing bid is 0 and a missing ask 1: neither adds anything.
        var mayDrift = _isNegRisk && bids - Price.TicksPerDollar > needed;
        var mayExhaust = _isExhaustive && isWhole && Price.TicksPerDollar - asks > needed;
        if (!mayPair && !mayDrift && !mayExhaust) return [];

        return Look(believed, stocks, least, mayPair, mayDrift, mayExhaust);
    }

    /// <summary>What <see cref="CanTrade"/> would say if every hash fits that was not compared yet.</summary>
    private bool MayTrade(int i, Believed believed) =>
        _isUsable[i] && (believed is Believed.Synced ? _books[i].Life is BookLife.Synced : _books[i].MayBeTrusted);

    private bool CanTrade(int i, Believed believed) => _isUsable[i] && believed switch
    {
        Believed.Synced => _books[i].Life is BookLife.Synced,
        Believed.Trusted => _books[i].Prove(),
        Believed.LooksTrusted => _books[i].LooksTrusted,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private List<Candidate> Look(Believed believed, ImmutableArray<Stock> stocks, long least, bool mayPair, bool mayDrift, bool mayExhaust)
    {
        Count(stocks);
        var usable = new List<int>(_books.Length);
        for (var i = 0; i < _books.Length; i++)
        {
            if (CanTrade(i, believed)) usable.Add(i);
        }

        mayExhaust &= usable.Count == _books.Length; // One of them may just have failed its proof.
        List<Candidate> found = [];
        if (mayPair)
        {
            foreach (var i in usable)
            {
                Consider(BasketKind.Pair, Side.Buy, [Leg(i, Outcome.Yes), Leg(i, Outcome.No)]);
                Consider(BasketKind.Pair, Side.Sell, [Leg(i, Outcome.Yes), Leg(i, Outcome.No)]);
            }
        }

        if (mayDrift)
        {
            Consider(BasketKind.No, Side.Buy, Worth(usable, Outcome.No, Side.Buy));
            Consider(BasketKind.AllYes, Side.Sell, Worth(usable, Outcome.Yes, Side.Sell));
        }

        if (mayExhaust)
        {
            Consider(BasketKind.AllYes, Side.Buy, [.. usable.Select(i => Leg(i, Outcome.Yes))]);
            Consider(BasketKind.No, Side.Sell, [.. usable.Select(i => Leg(i, Outcome.No))]);
        }

        return found;

        void Consider(BasketKind kind, Side side, ImmutableArray<CandidateLeg> legs)
        {
            if (legs.Length < 2 || legs.Any(leg => !HasEnough(leg, side))) return;

            var candidate = new Candidate(kind, side, legs);
            var count = candidate.IsAnySubset ? Math.Min(legs.Length, _policy.MaxLegs) : legs.Length;
            var net = 0L;
            for (var i = 0; i < count; i++) net += legs[i].BestNet(side);
            var edge = candidate.PayoutDollars(count) * 1_000_000L - net;
            if ((side is Side.Buy ? edge : -edge) > least) found.Add(candidate);
        }
    }

    /// <summary>
    /// The legs that add something, best first. Of NOs to buy: those that cost less than the dollar that each of them adds to what is paid for
    /// certain. Of YES to sell: those that bring something, for together they never cost more than one dollar.
    /// </summary>
    private ImmutableArray<CandidateLeg> Worth(List<int> usable, Outcome outcome, Side side)
    {
        var worth = new List<(long Adds, CandidateLeg Leg)>(usable.Count);
        foreach (var i in usable)
        {
            var leg = Leg(i, outcome);
            var net = leg.BestNet(side);
            var adds = side is Side.Buy ? 1_000_000 - net : net;
            if (adds > 0 && HasEnough(leg, side)) worth.Add((adds, leg));
        }

        return [.. worth.OrderByDescending(leg => leg.Adds).Select(leg => leg.Leg)];
    }

    /// <summary>Something is offered, and of what is to be sold there is an order's worth.</summary>
    private static bool HasEnough(CandidateLeg leg, Side side) =>
        leg.Levels(side).Count > 0 && (side is Side.Buy || (leg.Stock > Size.Zero && leg.Stock >= leg.Book.Condition.MinOrderSize));

    private CandidateLeg Leg(int book, Outcome outcome) => new(_books[book], outcome, _stock[book, (int)outcome]);

    private void Count(ImmutableArray<Stock> stocks)
    {
        if (_stocks == stocks) return;

        _stocks = stocks;
        Array.Clear(_stock);
        foreach (var stock in stocks)
        {
            if (_tokens.TryGetValue(stock.Token, out var at)) _stock[at.Book, (int)at.Outcome] += stock.Shares;
        }
    }
}
