namespace PolyArb.Domain.Edges;

public enum SlippageKind
{
    /// <summary>What the depth of the books says.</summary>
    Depth,

    /// <summary>A flat share of the best prices' sum.</summary>
    FixedBps,
}

/// <summary>What a basket is taken to cost beyond the best prices. One of the terms of an edge.</summary>
public interface ISlippageModel
{
    /// <param name="best">Sum of the best prices, dollars per basket.</param>
    /// <param name="depth">By how much the average over the quantity is worse, summed over the legs; never negative.</param>
    Usd PerBasket(Usd best, Usd depth);
}

public static class SlippageModel
{
    public static ISlippageModel Of(EdgePolicy policy) => policy.Slippage is SlippageKind.Depth ? new DepthSlippage() : new FixedSlippage(policy.FixedSlippageBps);
}

/// <summary>The walk down the books, as they are.</summary>
public sealed class DepthSlippage : ISlippageModel
{
    public Usd PerBasket(Usd best, Usd depth) => depth;
}

/// <summary>A flat allowance, for whoever trusts depth less than it shows; never less than it shows.</summary>
public sealed class FixedSlippage(int bps) : ISlippageModel
{
    public Usd PerBasket(Usd best, Usd depth) => new(Math.Max(depth.Micros, (best.Micros * bps + 9_999) / 10_000));
}
