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
    /// <param name="outOfSample">What part of the recorded time, at its end, is kept out of the choice, in millionths; 0 for none.</param>
    public static SweepRow Of(ImmutableArray<NamedText> changes, BacktestResult result, int outOfSample)
    {
        var (from, to) = (result.Header.From, result.Header.To);
        var split = outOfSample == 0 ? new Instant(long.MaxValue) : new Instant(to.Micros - (long)((Int128)(to.Micros - from.Micros) * outOfSample / 1_000_000));
        return new SweepRow(
            changes,
            SweepPart.Of(result.Baskets.Where(basket => basket.SeenAt < split)),
            SweepPart.Of(result.Baskets.Where(basket => basket.SeenAt >= split)),
            result.MaxDrawdown,
            result.DecisionsDigest);
    }
}

/// <param name="Baskets">That traded: they have ended, and something of each was filled.</param>
/// <param name="Predicted">Dollars that all that were sent were expected to earn at the least.</param>
/// <param name="Earned">Dollars those made for certain; the ones still open count as nothing.</param>
public sealed record SweepPart(int Baskets, Usd Predicted, Usd Earned)
{
    public static SweepPart Of(IEnumerable<BasketRow> baskets)
    {
        var part = new SweepPart(0, Usd.Zero, Usd.Zero);
        foreach (var basket in baskets)
            part = new SweepPart(part.Baskets + (basket.IsTraded ? 1 : 0), part.Predicted + basket.Predicted, part.Earned + (basket.Realized ?? Usd.Zero));
        return part;
    }
}
