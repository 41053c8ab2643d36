using PolyArb.Domain;
using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class MarketsSection
{
    private const int RowsMax = 200;

    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="markets" aria-labelledby="markets-title">
        <h2 id="markets-title">Markets</h2>
        {Body(result)}
        </section>
        """);

    private static Html Body(BacktestResult result)
    {
        if (result.Markets.IsEmpty) return Html.Of($"<p>The recording holds no market.</p>");

        var baskets = result.Baskets.ToLookup(basket => basket.Market);
        var rows = result.Markets.Select(market => (Market: market, Sent: baskets[market.Market].ToArray(), Edge: EdgeKept.Of(baskets[market.Market])))
            .OrderByDescending(row => row.Edge.Realized).ThenByDescending(row => row.Sent.Length).ThenByDescending(row => row.Market.Events)
            .ToArray();
        var table = Table.Of(
            "Every market, what earned most first",
            ["Market", "Book updates", result.Coverage.IsProven ? "Proven time" : "Whole time", "Edges", "Baskets sent", "Traded", "Predicted", "Realized", "Kept"],
            rows.Take(RowsMax).Select(row => Row(row.Market, row.Sent, row.Edge)));
        return rows.Length <= RowsMax
            ? table
            : Html.Of($"{table}<p>{Show.Count(rows.Length - RowsMax)} more markets are not listed; those listed earned most.</p>");
    }

    private static Html Row(MarketRow market, BasketRow[] sent, EdgeKept edge) => Table.Row(
        Html.Of($"""<bdi>{market.Title}</bdi><small class="id">{Brief(market.Market)}</small>"""),
        Show.Count(market.Events), Show.Percent(market.Coverage.Share), Show.Count(market.Detected), Show.Count(sent.Length),
        Show.Count(sent.Count(basket => basket.IsTraded)), Show.Money(edge.Predicted), Show.Money(edge.Realized), Show.Percent(edge.Ratio));

    private static string Brief(MarketId market) => market.Text.Length > 14 ? $"{market.Text[..10]}…" : market.Text;
}
