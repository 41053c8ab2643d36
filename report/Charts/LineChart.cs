using System.Collections.Immutable;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Replay;

namespace PolyArb.Report.Charts;

/// <summary>An amount over time: it stays what it was until it changes.</summary>
internal static class LineChart
{
    private const int StepsUp = 5;
    private const int StepsAcross = 5;

    /// <param name="points">At least one, oldest first.</param>
    /// <param name="until">The end of the axis, where the last amount still holds.</param>
    /// <param name="zero">Fill the room between the line and zero.</param>
    public static Chart Of(string id, string caption, string summary, ImmutableArray<CurvePoint> points, Instant until, bool zero)
    {
        var amounts = points.Select(point => point.Equity.Micros);
        var up = zero
            ? Scale.Around(Math.Min(0, amounts.Min()), Math.Max(0, amounts.Max()), StepsUp)
            : Scale.Around(amounts.Min(), amounts.Max(), StepsUp);
        var across = new Scale(points[0].At.Micros, Math.Max(until.Micros, points[^1].At.Micros));

        var line = new StringBuilder($"M{across.At(points[0].At.Micros)} {Down(up, points[0].Equity)}");
        foreach (var point in points.Skip(1)) line.Append($"H{across.At(point.At.Micros)}V{Down(up, point.Equity)}");
        line.Append($"H{Scale.Length}");

        var area = zero ? Html.Of($"""<path class="area" d="{line.ToString()}V{Down(up, Usd.Zero)}H{across.At(points[0].At.Micros)}Z"/>""") : Html.None;
        return new Chart(
            id, caption, summary, [.. across.Times(StepsAcross)], [.. up.Amounts()],
            Html.Of($"""{area}<path class="line" data-points="{points.Length}" d="{line.ToString()}"/>"""));
    }

    private static long Down(Scale up, Usd amount) => Scale.Length - up.At(amount.Micros);
}
