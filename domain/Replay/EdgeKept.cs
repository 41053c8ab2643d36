using PolyArb.Domain.Guards;

namespace PolyArb.Domain.Replay;

/// <summary>What baskets were to earn when they were decided, and what those made. Baskets still open are in neither sum.</summary>
/// <param name="Baskets">Counted in both.</param>
/// <param name="Predicted">Dollars.</param>
/// <param name="Realized">Dollars made for certain.</param>
public sealed record EdgeKept(long Baskets, Usd Predicted, Usd Realized)
{
    /// <summary>Realized as a multiple of predicted; null when nothing was predicted.</summary>
    public Share? Ratio => Share.Of(Realized.Micros, Predicted.Micros);

    /// <summary>Over every basket that has ended, one that nothing was filled of too.</summary>
    public static EdgeKept Of(IEnumerable<BasketRow> baskets) =>
        Sum(baskets.Select(basket => basket.Realized is { } realized ? new JudgedBasket(basket.Predicted, realized) : null));

    /// <summary>The same as a running bot judges a market by it: see <see cref="JudgedBasket"/>.</summary>
    public static EdgeKept AsJudged(IEnumerable<BasketRow> baskets) => Sum(baskets.Select(basket => basket.Judged));

    private static EdgeKept Sum(IEnumerable<JudgedBasket?> baskets) => baskets.OfType<JudgedBasket>().Aggregate(
        new EdgeKept(0, Usd.Zero, Usd.Zero), (sum, basket) => new EdgeKept(sum.Baskets + 1, sum.Predicted + basket.Expected, sum.Realized + basket.Earned));
}
