namespace PolyArb.Domain.Edges;

/// <summary>
/// The one formula, for a given set of legs: executable = payout - best - fees - slippage - buffer - capital when buying,
/// best - payout - the same when selling. Everything is dollars per basket.
/// </summary>
internal readonly record struct EdgeRule(Side Side, Usd Payout, Usd Best, Usd Buffer, CapitalCost Capital, ISlippageModel Slippage)
{
    public static EdgeRule Of(Candidate candidate, ReadOnlySpan<CandidateLeg> legs, EdgePolicy policy, Usd buffer, Instant now)
    {
        var best = 0L;
        foreach (var leg in legs) best += leg.Levels(candidate.Side).FromTop(0).Price.Ticks * 100L;
        return new EdgeRule(
            candidate.Side, Usd.Dollars(candidate.PayoutDollars(legs.Length)), new Usd(best), policy.BufferOf(buffer),
            CapitalCost.Of(policy.Capital, candidate.Side, legs, now), SlippageModel.Of(policy));
    }

    /// <summary>The terms where the legs cost or bring this much together.</summary>
    /// <param name="average">Sum of the legs' average prices.</param>
    /// <param name="fees">Sum of their fees.</param>
    public EdgeTerms At(Usd average, Usd fees)
    {
        var depth = Side is Side.Buy ? average - Best : Best - average;
        return new EdgeTerms(
            Payout, Best, fees, Slippage.PerBasket(Best, new Usd(Math.Max(0, depth.Micros))), Buffer, Capital.PerBasket(average + fees), Side);
    }

    /// <summary>What is earned in money, allowances aside.</summary>
    public long Earned(long price, long fees) => (Side is Side.Buy ? Payout.Micros - price : price - Payout.Micros) - fees;
}
