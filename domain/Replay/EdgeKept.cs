namespace PolyArb.Domain.Replay;

/// <summary>What baskets were to earn when they were decided, and what those made. Baskets still open are in neither sum.</summary>
/// <param name="Baskets">Counted in both: every basket that has ended, one that nothing was filled of too.</param>
/// <param name="Predicted">Dollars.</param>
/// <param name="Realized">Dollars made for certain.</param>
public sealed record EdgeKept(long Baskets, Usd Predicted, Usd Realized)
{
    /// <summary>Realized as a multiple of predicted; null when nothing was predicted.</summary>
    public Share? Ratio => Share.Of(Realized.Micros, Predicted.Micros);

    public static EdgeKept Of(IEnumerable<BasketRow> baskets)
    {
        var sum = new EdgeKept(0, Usd.Zero, Usd.Zero);
        foreach (var basket in baskets)
        {
            if (basket.Realized is not { } realized) continue; // Open.

            sum = new EdgeKept(sum.Baskets + 1, sum.Predicted + basket.Predicted, sum.Realized + realized);
        }

        return sum;
    }
}

/// <param name="At">Milliseconds of Unix time.</param>
public sealed record EquityAt(long At, Usd Equity);
