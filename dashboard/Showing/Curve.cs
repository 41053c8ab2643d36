using System.Collections.Immutable;
using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>Dollars over time, drawn once: as often as it is shown, nothing is computed again.</summary>
/// <param name="Points">The oldest first, thinned to <see cref="PointsMost"/>; what is lowest or highest anywhere is still there.</param>
/// <param name="Line">The path of an SVG of <see cref="Width"/> by <see cref="Height"/>; empty below two points.</param>
public sealed record Curve(ImmutableArray<(Instant At, Usd Value)> Points, Usd Lowest, Usd Highest, string Line)
{
    public const int Width = 1_000;
    public const int Height = 220;
    public const int PointsMost = 500;

    public static Curve Of(ImmutableArray<(Instant At, Usd Value)> points)
    {
        if (points.IsEmpty) return new Curve([], Usd.Zero, Usd.Zero, "");

        var kept = Thinned(points);
        var (lowest, highest) = (kept.Min(point => point.Value.Micros), kept.Max(point => point.Value.Micros));
        var (from, length, height) = (kept[0].At.Micros, Math.Max(1, kept[^1].At.Micros - kept[0].At.Micros), Math.Max(1, highest - lowest));
        var line = kept.Length < 2 ? "" : "M" + string.Join(" L", kept.Select(point => $"{Across(point.At)},{Down(point.Value)}"));
        return new Curve(kept, new Usd(lowest), new Usd(highest), line);

        long Across(Instant at) => (at.Micros - from) * Width / length;

        // With a tenth of the height free above and below.
        long Down(Usd value) => Height - Height / 10 - (long)((Int128)(value.Micros - lowest) * (Height * 8 / 10) / height);
    }

    /// <summary>Of each piece its lowest and its highest, and both ends.</summary>
    private static ImmutableArray<(Instant At, Usd Value)> Thinned(ImmutableArray<(Instant At, Usd Value)> points)
    {
        const int pieces = PointsMost / 2 - 1;
        if (points.Length <= PointsMost) return points;

        var kept = new SortedSet<int> { 0, points.Length - 1 };
        for (var piece = 0; piece < pieces; piece++)
        {
            var span = Enumerable.Range(piece * points.Length / pieces, (piece + 1) * points.Length / pieces - piece * points.Length / pieces);
            kept.Add(span.MinBy(i => points[i].Value.Micros));
            kept.Add(span.MaxBy(i => points[i].Value.Micros));
        }

        return [.. kept.Select(i => points[i])];
    }
}
