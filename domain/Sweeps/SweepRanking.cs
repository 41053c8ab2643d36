using System.Collections.Immutable;
using PolyArb.Domain.Replay;

namespace PolyArb.Domain.Sweeps;

/// <summary>
/// The combinations of a sweep, the best first: by what they earned in sample, then by the smaller drawdown, then as the grid has them. With it
/// come the reasons not to trust the best one.
/// </summary>
public sealed record SweepRanking(ImmutableArray<SweepRow> Rows, ImmutableArray<string> Warnings)
{
    /// <summary>Fewer baskets than this say little: one of them decides.</summary>
    public const int BasketsMin = 30;

    /// <param name="rows">One for each combination.</param>
    /// <param name="hasSplit">Whether some baskets were kept out of the choice.</param>
    public static SweepRanking Of(IReadOnlyList<SweepAxis> axes, IEnumerable<SweepRow> rows, bool hasSplit)
    {
        ImmutableArray<SweepRow> ranked = [.. rows.OrderByDescending(row => row.InSample.Earned.Micros).ThenBy(row => row.MaxDrawdown.Micros)];
        return new SweepRanking(ranked, ranked.IsEmpty ? [] : [.. Doubts(axes, ranked, hasSplit)]);
    }

    private static IEnumerable<string> Doubts(IReadOnlyList<SweepAxis> axes, ImmutableArray<SweepRow> ranked, bool hasSplit)
    {
        var best = ranked[0];
        if (best.InSample.Earned <= Usd.Zero)
        {
            yield return "no combination earned anything";
            yield break;
        }

        foreach (var axis in axes.Where(axis => axis.Values.Length > 2))
        {
            var value = ValueOf(best, axis);
            if (ranked.Any(row => ValueOf(row, axis) != value && IsAsGood(row, best))) continue; // It does not matter here.
            if (value == axis.Values[0]) yield return $"the best {axis.Key} is the first of the grid ({value}): look below it too";
            else if (value == axis.Values[^1]) yield return $"the best {axis.Key} is the last of the grid ({value}): look above it too";
        }

        if (best.InSample.Baskets < BasketsMin)
            yield return $"the best rests on {best.InSample.Baskets} baskets that traded, fewer than {BasketsMin}: one lucky trade may have chosen it";

        if (!hasSplit)
            yield return "no part of the recording was kept out of the choice: the best is judged by what chose it (--out-of-sample 0.3)";
        else if (best.OutOfSample.Baskets == 0)
            yield return "no basket of the best traded out of sample: nothing confirms it";
        else if (best.OutOfSample.Earned <= Usd.Zero)
            yield return $"the best earned {best.InSample.Earned} in sample and {best.OutOfSample.Earned} out of it: it does not hold";
    }

    private static bool IsAsGood(SweepRow row, SweepRow best) => (row.InSample.Earned, row.MaxDrawdown) == (best.InSample.Earned, best.MaxDrawdown);

    private static string ValueOf(SweepRow row, SweepAxis axis) => row.Changes.First(change => change.Name == axis.Key).Text;
}
