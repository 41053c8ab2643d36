using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using PolyArb.Report.Charts;

namespace PolyArb.Report.Sections;

internal static class EquitySection
{
    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="equity" aria-labelledby="equity-title">
        <h2 id="equity-title">Equity and drawdown</h2>
        {Body(result)}
        </section>
        """);

    private static Html Body(BacktestResult result)
    {
        if (result.Equity.IsEmpty) return Html.Of($"<p>No equity was recorded: there was nothing to value.</p>");

        var (low, high) = (result.Equity.Min(point => point.Equity), result.Equity.Max(point => point.Equity));
        if (low == high) return Html.Of($"<p>Equity stayed at {Show.Money(low)} from beginning to end.</p>");

        var (first, last) = (result.Equity[0].Equity, result.Equity[^1].Equity);
        var equity = LineChart.Of(
            "equity-chart", "Equity: cash, complete baskets at payout, the rest at the last proven bid",
            $"Equity over time, from {Show.Money(first)} to {Show.Money(last)}, lowest {Show.Money(low)}, highest {Show.Money(high)}",
            result.Equity, result.Header.To, zero: false);
        if (result.MaxDrawdown == Usd.Zero) return Html.Of($"{equity.ToHtml()}<p>Equity never fell.</p>");

        var drawdown = LineChart.Of(
            "drawdown-chart", "Drawdown: how far equity is below its highest before",
            $"Drawdown over time, largest {Show.Money(result.MaxDrawdown)}", Below(result.Equity), result.Header.To, zero: true);
        return Html.Of($"{equity.ToHtml()}{drawdown.ToHtml()}<p>Largest drawdown {Show.Money(result.MaxDrawdown)}.</p>");
    }

    private static ImmutableArray<CurvePoint> Below(ImmutableArray<CurvePoint> points)
    {
        var peak = points[0].Equity;
        return [.. points.Select(point => new CurvePoint(point.At, point.Equity - (peak = point.Equity > peak ? point.Equity : peak)))];
    }
}
