using PolyArb.Domain.Edges;
using PolyArb.Domain.Replay;
using PolyArb.Report.Charts;

namespace PolyArb.Report.Sections;

internal static class EdgeSection
{
    private const int DotsMax = 2_000;

    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="edge" aria-labelledby="edge-title">
        <h2 id="edge-title">Edge predicted and realized</h2>
        {Body(result)}
        </section>
        """);

    private static Html Body(BacktestResult result)
    {
        var kept = EdgeKept.Of(result.Baskets);
        if (kept.Baskets == 0)
        {
            return result.Baskets.IsEmpty
                ? Html.Of($"<p>No basket was sent, so there is nothing to compare.</p>")
                : Html.Of($"<p>No basket has ended ({Show.Count(result.Baskets.Length)} still open), so there is nothing to compare.</p>");
        }

        var said = $"{Show.Count(kept.Baskets, "basket", "baskets")} that ended: predicted {Show.Money(kept.Predicted)}, realized {Show.Money(kept.Realized)}"
            + (kept.Ratio is { } ratio ? $", {Show.Percent(ratio)} of it" : "");
        var ended = result.Baskets.Where(basket => basket.Realized is not null).ToArray();
        var every = (ended.Length + DotsMax - 1) / DotsMax;
        var shown = ended.Where((_, number) => number % every == 0).ToArray();
        var chart = ScatterChart.Of(
            "edge-chart", "A basket a dot: predicted to the right, realized upward; on the line both are equal", said,
            ("completed", Dots(shown, completed: true)), ("ended-else", Dots(shown, completed: false)));
        return Html.Of(
            $"""
            <p>{said}.{(every > 1 ? $" Drawn is one basket of {every}." : "")}</p>
            {chart.ToHtml()}
            <p class="legend"><span class="completed-key"></span> completed <span class="ended-else-key"></span> unwound, held or never filled</p>
            {Table.Of("Baskets by how they ended", ["End", "Baskets", "Predicted", "Realized"], Ends(result))}
            """);
    }

    private static (Domain.Usd Across, Domain.Usd Up)[] Dots(BasketRow[] baskets, bool completed) =>
    [
        .. baskets.Where(basket => basket.End is BasketEnd.Completed == completed)
            .Select(basket => (basket.Predicted, basket.Realized ?? Domain.Usd.Zero)),
    ];

    private static IEnumerable<Html> Ends(BacktestResult result) => result.Baskets
        .GroupBy(basket => basket.End)
        .OrderBy(group => group.Key is null).ThenBy(group => group.Key)
        .Select(group => Table.Row(
            group.Key?.ToString() ?? "Still open", Show.Count(group.Count()),
            Show.Money(new Domain.Usd(group.Sum(basket => basket.Predicted.Micros))),
            group.Key is null ? "–" : Show.Money(EdgeKept.Of(group).Realized)));
}
