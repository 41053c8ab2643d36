using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PolyArb.Domain.Replay;

namespace PolyArb.Domain.Sweeps;

/// <summary>One parameter of a sweep and the values it takes, smallest first as they were asked for.</summary>
public sealed record SweepAxis(string Key, ImmutableArray<string> Values)
{
    private const int Decimals = 9;
    private const int StepsMax = 1_000;

    /// <summary>Reads "key=from..to/steps", evenly spaced with both ends, or "key=a,b,c".</summary>
    /// <param name="complaint">What is wrong with it, and what is legal.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SweepAxis? axis, out string complaint)
    {
        (axis, complaint) = (null, "");
        if (text.Split('=', 2) is not [var key, var values] || key.Trim().Length == 0 || values.Trim().Length == 0)
        {
            complaint = $"{text}: must be KEY=FROM..TO/STEPS or KEY=A,B,C, such as min_edge_threshold=0.002..0.02/10";
            return false;
        }

        var range = values.IndexOf("..", StringComparison.Ordinal);
        if (range < 0)
        {
            axis = new SweepAxis(key.Trim(), [.. values.Split(',').Select(value => value.Trim()).Distinct()]);
            if (axis.Values.All(value => value.Length > 0)) return true;

            complaint = $"{text}: a value is missing between the commas";
            return false;
        }

        var slash = values.IndexOf('/', range);
        if (slash < 0
            || !FixedPoint.TryParse(values[..range].Trim(), Decimals, out var from)
            || !FixedPoint.TryParse(values[(range + 2)..slash].Trim(), Decimals, out var to)
            || !int.TryParse(values[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
            || steps is < 2 or > StepsMax || to <= from)
        {
            complaint = $"{text}: must be FROM..TO/STEPS with numbers, TO above FROM and 2 to {StepsMax} steps, such as 0.002..0.02/10";
            return false;
        }

        axis = new SweepAxis(key.Trim(), [.. Enumerable.Range(0, steps).Select(step => FixedPoint.Format(Between(from, to, step, steps - 1), Decimals))]);
        return true;
    }

    /// <summary>Every combination of the axes' values, the last axis turning fastest; one empty combination without an axis.</summary>
    public static ImmutableArray<ImmutableArray<NamedText>> Grid(IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<ImmutableArray<NamedText>> cells = [[]];
        foreach (var (key, values) in axes)
            cells = cells.SelectMany(cell => values.Select(value => cell.Add(new NamedText(key, value))));
        return [.. cells];
    }

    private static long Between(long from, long to, int step, int last) => from + (long)((Int128)(to - from) * step / last);
}
