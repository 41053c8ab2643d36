namespace PolyArb.Client;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Steps = "▁▂▃▄▅▆▇█";

    /// <summary>The last value of as many equal parts as fit; a flat curve lies at the bottom.</summary>
    public static string Of(IReadOnlyList<long> values, int width)
    {
        if (values.Count == 0) return "";

        var count = Math.Min(width, values.Count);
        var shown = Enumerable.Range(1, count).Select(part => values[(int)((long)part * values.Count / count) - 1]).ToArray();
        var (low, high) = (shown.Min(), shown.Max());
        return new string([.. shown.Select(value => Steps[high == low ? 0 : (int)((Int128)(value - low) * (Steps.Length - 1) / (high - low))])]);
    }
}
