using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>
/// How many baskets to buy, and the exact integers to sign so that every leg is expected to fill the same shares.
/// A FAK BUY targets dollars in whole cents, so equal shares are searched, not assumed (design 6).
/// </summary>
public static class BasketSizer
{
    /// <summary>Hundredths of a share tried below the largest quantity the depth allows.</summary>
    private const int Tries = 400;

    private static readonly Usd MarketableMin = Usd.Dollars(1);

    /// <summary>The most profitable basket that clears the threshold, or null.</summary>
    public static Basket? Best(Candidate candidate, MarketId market, EdgePolicy policy, BasketId id, Instant now)
    {
        var most = Largest(candidate, policy).FloorToHundredth;
        var least = candidate.Legs.Max(leg => leg.Book.Condition.MinOrderSize);
        Basket? best = null;
        var bestProfit = Usd.Zero;
        for (var tries = 0; tries < Tries && most >= least; tries++, most -= new Size(10_000))
        {
            if (Fit(candidate, most, market, policy, id, now) is not { } basket) continue;

            var profit = Usd.Payout(basket.PayoutDollars, basket.Quantity) - basket.Outlay;
            if (best is null || profit > bestProfit) (best, bestProfit) = (basket, profit);
        }

        return best;
    }

    /// <summary>Walks all legs down together while the marginal basket clears the threshold and the caps.</summary>
    private static Size Largest(Candidate candidate, EdgePolicy policy)
    {
        var legs = candidate.Legs;
        var level = new int[legs.Length];
        var left = new Size[legs.Length];
        long best = 0;
        for (var i = 0; i < legs.Length; i++)
        {
            var top = legs[i].Asks.FromTop(0);
            left[i] = top.Size;
            best += top.Price.Ticks * 100L;
        }

        var quantity = Size.Zero;
        var outlay = Usd.Zero;
        Int128 slipped = 0; // Micro-dollars x micro-shares above the best prices.
        while (true)
        {
            long cost = 0;
            long price = 0;
            for (var i = 0; i < legs.Length; i++)
            {
                var at = legs[i].Asks.FromTop(level[i]).Price;
                cost += legs[i].Cost(at);
                price += at.Ticks * 100L;
            }

            if (candidate.PayoutDollars * 1_000_000L - cost - policy.FailureBuffer.Micros <= policy.MinEdge.Micros) return quantity;

            var step = left[0];
            foreach (var size in left) step = Size.Min(step, size);
            var affordable = new Size((long)((Int128)(policy.MaxBasketOutlay - outlay).Micros * 1_000_000 / cost));
            var bought = Size.Min(step, affordable);
            var slips = slipped + (Int128)(price - best) * bought.Micros;
            if (slips * 10_000 > (Int128)best * (quantity + bought).Micros * policy.MaxSlippageBps) return quantity;

            slipped = slips;
            quantity += bought;
            outlay += new Usd((long)((Int128)cost * bought.Micros / 1_000_000));
            if (bought < step) return quantity;

            for (var i = 0; i < legs.Length; i++)
            {
                left[i] -= step;
                if (left[i] > Size.Zero) continue;
                if (++level[i] == legs[i].Asks.Count) return quantity;
                left[i] = legs[i].Asks.FromTop(level[i]).Size;
            }
        }
    }

    /// <summary>The integers for one quantity, or null where they break a rule.</summary>
    private static Basket? Fit(Candidate candidate, Size quantity, MarketId market, EdgePolicy policy, BasketId id, Instant now)
    {
        var legs = ImmutableArray.CreateBuilder<LegOrder>(candidate.Legs.Length);
        var (least, greatest) = (new Size(long.MaxValue), Size.Zero);
        var (outlay, fees, best) = (Usd.Zero, Usd.Zero, 0L);
        for (var i = 0; i < candidate.Legs.Length; i++)
        {
            if (TakeOrder(candidate.Legs[i], i, quantity, attempt: 0) is not var (order, filled)) return null;

            legs.Add(order);
            (least, greatest) = (Size.Min(least, filled), Size.Max(greatest, filled));
            outlay += new Usd(order.MakerAmount);
            fees += order.WorstFee;
            best += candidate.Legs[i].Asks.FromTop(0).Price.Ticks * 100L;
        }

        if (greatest - least > policy.MaxLegMismatch) return null;

        var average = PerBasket(outlay, least);
        var edge = new EdgeTerms(
            Usd.Dollars(candidate.PayoutDollars), new Usd(best), PerBasket(fees, least), new Usd(Math.Max(0, average.Micros - best)), policy.FailureBuffer);
        if (edge.Executable <= policy.MinEdge) return null;

        return new Basket
        {
            Id = id,
            Market = market,
            Kind = candidate.Kind,
            Legs = legs.MoveToImmutable(),
            Quantity = least,
            PayoutDollars = candidate.PayoutDollars,
            Edge = edge,
            SeenAt = now,
        };
    }

    /// <summary>
    /// A FAK BUY of about this many shares at the book's prices, and what it is expected to fill: the dollars are cut to a cent,
    /// so it lies within a cent's worth below. Null below the venue's minimum or beyond the book's depth.
    /// </summary>
    public static (LegOrder Order, Size Filled)? TakeOrder(CandidateLeg leg, int index, Size quantity, int attempt)
    {
        var asks = leg.Asks;
        var (cost, missing, limit) = (Usd.Zero, quantity, default(Price));
        for (var n = 0; n < asks.Count && missing > Size.Zero; n++)
        {
            var (price, size) = asks.FromTop(n);
            var taken = Size.Min(size, missing);
            cost += Usd.Cost(price, taken);
            (missing, limit) = (missing - taken, price.UpTo(leg.Book.Tick));
        }

        var dollars = cost.FloorToCent;
        if (missing > Size.Zero || dollars < MarketableMin) return null;

        // What those dollars buy, level by level, as the venue fills a collateral target.
        var (filled, left) = (Size.Zero, dollars);
        var fills = new List<Level>();
        for (var n = 0; n < asks.Count && left > Usd.Zero; n++)
        {
            var (price, size) = asks.FromTop(n);
            if (price > limit) break;

            var taken = Size.Min(size, new Size((long)((Int128)left.Micros * Price.TicksPerDollar / price.Ticks)));
            fills.Add(new Level(price, taken));
            filled += taken;
            left -= Usd.Cost(price, taken);
            if (taken < size) break;
        }

        var shares = (long)((Int128)dollars.Micros * Price.TicksPerDollar / limit.Ticks) / 100 * 100; // 4 decimals, down.
        var order = new LegOrder
        {
            Leg = index,
            Attempt = attempt,
            Condition = leg.Book.Condition.Id,
            Token = leg.Book.Condition.Token(leg.Outcome),
            Outcome = leg.Outcome,
            NegRisk = leg.Book.Condition.NegRisk,
            Protocol = leg.Book.Condition.Protocol,
            Side = Side.Buy,
            Type = OrderType.Fak,
            Limit = limit,
            MakerAmount = dollars.Micros,
            TakerAmount = shares,
            WorstFee = WorstFee(leg.Fee, limit, dollars, fills),
        };
        return (order, filled);
    }

    /// <summary>The most a fee can be: at the expected fills, or where the whole amount fills at the limit.</summary>
    private static Usd WorstFee(FeeCurve fee, Price limit, Usd dollars, List<Level> fills)
    {
        var atLimit = fee.Worst(limit, new Size((long)((Int128)dollars.Micros * Price.TicksPerDollar / limit.Ticks)));
        var expected = fee.Worst(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fills));
        return atLimit > expected ? atLimit : expected;
    }

    private static Usd PerBasket(Usd total, Size quantity) =>
        new((long)(((Int128)total.Micros * 1_000_000 + quantity.Micros - 1) / quantity.Micros));
}
