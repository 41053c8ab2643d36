using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Edges;

/// <summary>
/// What a desk sells while trading stops (design 8): shares that complete no basket, in proven books, no deeper than a share of the best
/// bid it began with. A sale of what an open basket holds is an order of that basket, so that its ladder knows of it afterwards.
/// </summary>
internal sealed class Flattener(MarketId market, IReadOnlyList<ConditionBook> books, EdgePolicy policy)
{
    private readonly Dictionary<TokenId, Price> _first = []; // Best bids; else each sale would move the mark for the next one.

    /// <summary>The sale that brings most; null when none is possible now, or one is under way.</summary>
    public Proposal? Next(ImmutableArray<Stock> excess, ImmutableArray<OpenBasket> baskets, Instant now, Instant receivedAt)
    {
        if (baskets.Any(open => open.Orders.Any(order => !order.IsClosed))) return null;

        Proposal? best = null;
        foreach (var shares in excess)
        {
            if (LegOf(shares.Token) is not { } leg || !leg.Book.Prove() || leg.Book.Condition.Fee is null) continue;
            if (Sale(leg, shares, baskets, now, receivedAt) is not { } sale) continue;
            if (best is null || sale.Orders[0].ExpectedAmount > best.Orders[0].ExpectedAmount) best = sale;
        }

        return best;
    }

    /// <summary>Trading goes on: the next stop begins anew.</summary>
    public void Forget() => _first.Clear();

    private Proposal? Sale(CandidateLeg leg, Stock excess, ImmutableArray<OpenBasket> baskets, Instant now, Instant receivedAt)
    {
        var (holder, index, held) = Holder(baskets, excess.Token);
        if (holder is { IsSellable: false }) return null; // Shares can be sold once they are on the chain.

        var attempt = holder is null ? 0 : 1 + holder.Orders.Where(order => order.Leg == index).Max(order => order.Attempt);
        var shares = Size.Min(holder is null ? excess.Shares : Size.Min(held, excess.Shares), Depth(leg, excess.Token));
        if (OneLeg.Order(leg, index, Side.Sell, shares, attempt) is not { } order) return null;

        var basket = holder is null ? Basket(order, leg, now) : null;
        return new Proposal
        {
            Id = holder?.Basket.Id ?? basket!.Id,
            Market = market,
            Purpose = Purpose.Flatten,
            Orders = [order],
            Basket = basket,
            SeenAt = now,
            ReceivedAt = receivedAt,
        };
    }

    /// <summary>The open basket that counts on these shares, and on how many; null where they are stock.</summary>
    private static (OpenBasket? Basket, int Leg, Size Held) Holder(ImmutableArray<OpenBasket> baskets, TokenId token)
    {
        foreach (var open in baskets.Where(open => !open.IsLocked && open.Basket.Kind is not BasketKind.Excess))
        {
            if (open.Basket.Legs.FirstOrDefault(leg => leg.Token == token) is not { } leg) continue;

            var net = new BasketTally(open).Net[leg.Leg];
            var held = open.Basket.Side is Side.Buy ? net : leg.Shares - net;
            if (held > Size.Zero) return (open, leg.Leg, held);
        }

        return default;
    }

    /// <summary>Shares bid for within the slippage allowed.</summary>
    private Size Depth(CandidateLeg leg, TokenId token)
    {
        var bids = leg.Bids;
        if (bids.Count > 0) _first.TryAdd(token, bids.FromTop(0).Price);
        var depth = Size.Zero;
        for (var n = 0; n < bids.Count; n++)
        {
            var (price, size) = bids.FromTop(n);
            if (price.Ticks * 10_000L < _first[token].Ticks * (10_000L - policy.FlattenSlippageBps)) break;

            depth += size;
        }

        return depth;
    }

    private CandidateLeg? LegOf(TokenId token)
    {
        foreach (var book in books)
        {
            if (book.Condition.OutcomeOf(token) is { } outcome) return new CandidateLeg(book, outcome);
        }

        return null;
    }

    private Basket Basket(LegOrder order, CandidateLeg leg, Instant now) => new()
    {
        Id = new BasketId($"x-{order.Token.Text[..Math.Min(10, order.Token.Text.Length)]}-{now.Micros:x}"),
        Market = market,
        Kind = BasketKind.Excess,
        Side = Side.Sell,
        Legs = [order],
        Quantity = order.Shares,
        PayoutDollars = 0,
        Edge = new EdgeTerms(
            Usd.Zero, Usd.Proceeds(leg.Bids.FromTop(0).Price, Size.Shares(1)), new Usd(leg.Fee.PerShare(leg.Bids.FromTop(0).Price)), Usd.Zero, Usd.Zero, Side: Side.Sell),
        SeenAt = now,
    };
}
