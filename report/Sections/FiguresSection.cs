using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class FiguresSection
{
    public static Html Of(BacktestResult result, VerdictRules rules)
    {
        var (metrics, money) = (BacktestMetrics.Of(result, rules), result.Money);
        (string Name, string Figure)[] figures =
        [
            ("Final equity", Show.Money(metrics.FinalEquity)),
            ("Profit", Show.Money(money.Profit)),
            ("Realized", Show.Money(metrics.RealizedPnl)),
            ("Not yet realized", Show.Money(metrics.UnrealizedPnl)),
            ("Cash", Show.Money(metrics.Cash)),
            ("Fees paid", Show.Money(metrics.Fees)),
            ("Largest drawdown", Show.Money(metrics.MaxDrawdown)),
            ("Baskets that traded", Show.Count(metrics.TradeCount)),
            ("Of those won", metrics.TradeCount > 0 ? Show.Percent(metrics.WinRate) : "none traded"),
            ("Orders placed", Show.Count(result.Orders.Placed)),
            ("Of those matched", Placed(metrics.FillRatio)),
            ("Of those canceled", Placed(metrics.CancelRatio)),
            ("Of those refused", Placed(metrics.RejectRatio)),
            ("Filled only in part, of those matched", result.Orders.Matched > 0 ? Show.Percent(metrics.PartialFillFrequency) : "none matched"),
        ];
        return Html.Of(
            $"""
            <section id="figures" aria-labelledby="figures-title">
            <h2 id="figures-title">Figures</h2>
            <dl class="figures">
            {Html.Each(figures, figure => Html.Of($"<div><dt>{figure.Name}</dt><dd>{figure.Figure}</dd></div>"))}
            </dl>
            </section>
            """);

        string Placed(Domain.Share share) => result.Orders.Placed > 0 ? Show.Percent(share) : "none placed";
    }
}
