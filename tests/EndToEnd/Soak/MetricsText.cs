using System.Globalization;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>A page of /metrics.</summary>
internal sealed class MetricsText(string page)
{
    private readonly string[] _lines = page.Replace("{} ", " ", StringComparison.Ordinal).Split('\n');

    /// <summary>Over all labels of a metric, or of one of them when it is written out with its labels; 0 where there is none.</summary>
    public double Sum(string name) => _lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
        .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
}
