using System.Collections.Immutable;
using PolyArb.Domain.Replay;

namespace PolyArb.Domain.Sweeps;

/// <summary>What one combination of a sweep came to.</summary>
/// <param name="Changes">Its parameters, in the order of the axes.</param>
/// <param name="InSample">By the baskets decided before the split.</param>
/// <param name="OutOfSample">By the others: nobody chose the parameters by them. Without baskets when there is no split.</param>
/// <param name="MaxDrawdown">Of the whole.</param>
public sealed record SweepRow(ImmutableArray<NamedText> Changes, SweepPart InSample, SweepPart OutOfSample, Usd MaxDrawdown, string DecisionsDigest)
{
    /// <param name="split">The moment from which baskets count as out of sample; null for none.</param>
    public static SweepRow Of(ImmutableArray<NamedText> changes, BacktestResult result, Instant? split) => new(
        changes,
        SweepPart.Of(result.Baskets.Where(basket => split is null || basket.SeenAt < split)),
        SweepPart.Of(result.Baskets.Where(basket => basket.SeenAt >= split)),
        result.MaxDrawdown,
        result.DecisionsDigest);
}

/// <param name="Baskets">Sent.</param>
/// <param name="Predicted">Dollars they were expected to earn at the least.</param>
/// <param name="Earned">Dollars they made for certain; those still open count as nothing.</param>
public sealed record SweepPart(int Baskets, Usd Predicted, Usd Earned)
{
    public static SweepPart Of(IEnumerable<BasketRow> baskets)
    {
        var part = new SweepPart(0, Usd.Zero, Usd.Zero);
        foreach (var basket in baskets)
            part = new SweepPart(part.Baskets + 1, part.Predicted + basket.Predicted, part.Earned + (basket.Realized ?? Usd.Zero));
        return part;
    }
}
