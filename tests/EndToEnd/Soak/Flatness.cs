using System.Collections.Immutable;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>
/// Whether a series stays flat. After a warm-up the rest is cut into windows, and each counts with its least value: what was only borrowed, until a
/// collection or a hang-up gave it back, is gone there, what is leaked never is. Through these floors goes the line whose slope is the median of the
/// slopes between any two of them, which a quarter of odd windows does not bend. It may rise so much over the judged time, and no more.
/// </summary>
/// <param name="From">The line's height at the first judged moment, in the series' own unit.</param>
/// <param name="Rise">Over the judged time.</param>
internal sealed record Flatness(string What, string Unit, double JudgedSeconds, double From, double Rise, double Allowed)
{
    private const int Windows = 12;
    private const double WarmUpShare = 1.0 / 3;
    private const double WarmUpSecondsMax = 600;

    public bool Holds => Rise <= Allowed;

    /// <param name="series">In the order of time, seconds since the start.</param>
    /// <exception cref="ArgumentException">Too few samples after the warm-up for a window each.</exception>
    public static Flatness Of(string what, string unit, IReadOnlyList<(double Seconds, double Value)> series, double allowed)
    {
        var end = series[^1].Seconds;
        var begin = WarmUpOf(end);
        var floors = series.Where(sample => sample.Seconds >= begin)
            .GroupBy(sample => Math.Min(Windows - 1, (int)((sample.Seconds - begin) / (end - begin) * Windows)))
            .OrderBy(window => window.Key)
            .Select(window => window.MinBy(sample => sample.Value))
            .ToArray();
        if (floors.Length < Windows) throw new ArgumentException($"{what}: {series.Count} samples fill {floors.Length} of {Windows} windows", nameof(series));

        var slope = Median(Pairs(floors).Select(pair => (pair.Late.Value - pair.Early.Value) / (pair.Late.Seconds - pair.Early.Seconds)));
        var from = Median(floors.Select(floor => floor.Value - (slope * (floor.Seconds - begin))));
        return new Flatness(what, unit, end - begin, from, slope * (end - begin), allowed);
    }

    /// <summary>Seconds from the start that are not judged: a third, at most ten minutes. Code is compiled, pools and caches fill.</summary>
    public static double WarmUpOf(double seconds) => Math.Min(seconds * WarmUpShare, WarmUpSecondsMax);

    private static IEnumerable<((double Seconds, double Value) Early, (double Seconds, double Value) Late)> Pairs((double Seconds, double Value)[] floors) =>
        floors.SelectMany((early, at) => floors[(at + 1)..].Select(late => (early, late)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToImmutableArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
