using System.Globalization;
using PolyArb.Domain;

namespace PolyArb.Report.Charts;

/// <summary>A figure and where it is on an axis.</summary>
/// <param name="At">0 to <see cref="Scale.Length"/>.</param>
internal readonly record struct Mark(long At, string Text);

/// <summary>Maps integers between two ends onto an axis, in integers.</summary>
internal readonly record struct Scale
{
    /// <summary>Of the axis, in the chart's own units.</summary>
    public const int Length = 10_000;

    private const long Day = 86_400_000_000; // Microseconds.

    private static readonly long[] Seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

    private readonly long _min;
    private readonly long _max;
    private readonly long _step;

    /// <summary>Ends that are equal are moved apart, so that there is always an axis.</summary>
    public Scale(long min, long max, long step = 1) => (_min, _max, _step) = (min, Math.Max(max, min + step), step);

    /// <summary>Around values, with both ends on a figure that is marked and about so many steps between.</summary>
    public static Scale Around(long min, long max, int steps)
    {
        var step = Step(max - min, steps);
        return new Scale(Floor(min, step), -Floor(-max, step), step);
    }

    public long At(long value) => (long)(((Int128)value - _min) * Length / ((Int128)_max - _min));

    /// <summary>Amounts, a step apart.</summary>
    public IEnumerable<Mark> Amounts()
    {
        for (var value = _min; value <= _max; value += _step) yield return new Mark(At(value), Show.Money(new Usd(value)));
    }

    /// <summary>Times of day; the ends of what is too short or too long for them.</summary>
    public IEnumerable<Mark> Times(int marks)
    {
        var span = _max - _min;
        var step = Seconds.FirstOrDefault(second => span / (second * 1_000_000) <= marks, Step(span / Day, marks) * Seconds[^1]) * 1_000_000;
        if (span < 2_000_000) return [new Mark(0, Time(_min, "HH:mm:ss.fff")), new Mark(Length, Time(_max, "HH:mm:ss.fff"))];

        var scale = this;
        var form = step switch { < 60_000_000 => "HH:mm:ss", < Day => "HH:mm", _ => "d MMM" };
        var first = -Floor(-_min, step);
        return Enumerable.Range(0, (int)((_max - first) / step) + 1).Select(i => first + i * step)
            .Select(at => new Mark(scale.At(at), Time(at, form)));
    }

    private static string Time(long micros, string form) => new Instant(micros).ToDateTimeOffset().ToString(form, CultureInfo.InvariantCulture);

    /// <summary>1, 2 or 5 times a power of ten, so that at most so many fit.</summary>
    private static long Step(long span, int marks)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var factor in (ReadOnlySpan<long>)[1, 2, 5])
            {
                if (span / (factor * power) <= marks) return factor * power;
            }
        }
    }

    private static long Floor(long value, long step) => value - (value % step + step) % step;
}
