using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>
/// How many baskets to trade, and the exact integers to sign so that every leg is expected to fill the same shares (design 6).
/// </summary>
public static class BasketSizer
{
    /// <summary>The candidate and the size that earn most above the threshold, or null.</summary>
    /// <param name="buffer">Taken off every edge, per basket.</param>
    public static Basket? Best(IReadOnlyList<Candidate> candidates, MarketId market, EdgePolicy policy, Usd buffer, BasketId id, Instant now)
    {
        Basket? best = null;
        foreach (var candidate in candidates)
        {
            if (Best(candidate, market, policy, buffer, id, now) is { } basket && (best is null || basket.Profit > best.Profit)) best = basket;
        }

        return best;
    }

    public static Basket? Best(Candidate candidate, MarketId market, EdgePolicy policy, Usd buffer, BasketId id, Instant now)
    {
        if (Choose(candidate, policy, buffer, now) is not var (legs, depth)) return null;

        var rule = EdgeRule.Of(candidate, legs, policy, buffer, now);
        var takes = candidate.Side is Side.Buy && policy.TakerType is OrderType.Fak or OrderType.Fok
            ? Spend(legs, rule, depth, policy)
            : Trade(legs, rule, depth, policy);
        if (takes is null) return null;

        var (quantity, amount, fees) = (takes.Min(take => take.Shares), new Usd(takes.Sum(take => take.Amount.Micros)), new Usd(takes.Sum(take => take.Fee.Micros)));
        var edge = Terms(rule, amount, fees, quantity);
        if (edge.Executable <= policy.MinEdge) return null;

        return new Basket
        {
            Id = id,
            Market = market,
            Kind = candidate.Kind,
            Side = candidate.Side,
            Legs = [.. takes.Select((take, leg) => take.Order(legs[leg], leg, 0, candidate.Side, policy.TakerType))],
            Quantity = quantity,
            PayoutDollars = candidate.PayoutDollars(legs.Length),
            Edge = edge,
            SeenAt = now,
        };
    }

    /// <summary>The terms of so many baskets with all their money; what is against us is rounded up.</summary>
    internal static EdgeTerms Terms(EdgeRule rule, Usd amount, Usd fees, Size quantity)
    {
        var average = Math.BigMul(amount.Micros, 1_000_000) + (rule.Side is Side.Buy ? quantity.Micros - 1 : 0);
        return rule.At(new Usd((long)(average / quantity.Micros)), new Usd((long)((Math.BigMul(fees.Micros, 1_000_000) + quantity.Micros - 1) / quantity.Micros)));
    }

    /// <summary>
    /// The legs and how far they go together. Where any subset will do, the leg that ends the walk is left out and the rest goes on, until
    /// fewer would earn less: a basket as large as the book of its thinnest leg is often not the best.
    /// </summary>
    private static (CandidateLeg[] Legs, Depth Depth)? Choose(Candidate candidate, EdgePolicy policy, Usd buffer, Instant now)
    {
        var legs = candidate.Legs.ToList();
        (CandidateLeg[] Legs, Depth Depth)? best = null;
        var taken = Math.Min(legs.Count, policy.MaxLegs);
        while (taken >= 2 && (candidate.IsAnySubset || taken == legs.Count))
        {
            var some = legs.Take(taken).ToArray();
            var depth = DepthWalk.Down(some, EdgeRule.Of(candidate, some, policy, buffer, now), policy);
            if (depth.Quantity.Micros >= CentSolver.Least(some) && (best is null || depth.Profit > best.Value.Depth.Profit)) best = (some, depth);
            if (depth.Hinders < 0 || !candidate.IsAnySubset) break;

            legs.RemoveAt(depth.Hinders);
            taken = Math.Min(legs.Count, policy.MaxLegs);
        }

        return best;
    }

    private static LegTake[]? Spend(CandidateLeg[] legs, EdgeRule rule, Depth depth, EdgePolicy policy)
    {
        if (CentSolver.Solve(legs, rule, depth, policy) is not { } cents) return null;

        var takes = new LegTake[legs.Length];
        for (var leg = 0; leg < legs.Length; leg++) takes[leg] = LegTake.Spend(legs[leg], Usd.Cents(cents[leg]))!.Value;
        return takes;
    }

    /// <summary>Whole hundredths, the same of every leg: as many as there are, for each earns something. Null below a minimum.</summary>
    private static LegTake[]? Trade(CandidateLeg[] legs, EdgeRule rule, Depth depth, EdgePolicy policy)
    {
        var shares = depth.Quantity.FloorToHundredth;
        var takes = new LegTake[legs.Length];
        while (shares.Micros > 0 && shares.Micros >= CentSolver.Least(legs))
        {
            var worst = Usd.Zero;
            for (var leg = 0; leg < legs.Length; leg++)
            {
                takes[leg] = LegTake.Trade(legs[leg], rule.Side, shares)!.Value;
                if (rule.Side is Side.Buy && takes[leg].Gives < OneLeg.Min.Micros) return null;
                if (rule.Side is Side.Buy) worst += new Usd(takes[leg].Gives) + takes[leg].WorstFee;
            }

            if (worst <= policy.MaxBasketOutlay) return takes;

            // An order that rests is paid at its limit, not at the average: fewer, in proportion.
            shares = new Size((long)(Math.BigMul(shares.Micros, policy.MaxBasketOutlay.Micros) / worst.Micros) - 1).FloorToHundredth;
        }

        return null;
    }
}
