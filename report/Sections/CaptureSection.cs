using PolyArb.Domain;
using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

/// <summary>What would have been earned by acting later (columns) and with less (rows), as a heat table.</summary>
internal static class CaptureSection
{
    private const int Shades = 4;

    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="capture" aria-labelledby="capture-title">
        <h2 id="capture-title">Reaction delay and size</h2>
        {Body(result)}
        </section>
        """);

    private static Html Body(BacktestResult result)
    {
        if (result.Capture.IsEmpty) return Html.Of($"<p>It was not measured what a slower reaction would have earned.</p>");
        if (result.Capture.All(cell => cell.Baskets == 0)) return Html.Of($"<p>There was no edge to be late for.</p>");

        int[] delays = [.. result.Capture.Select(cell => cell.DelayMs).Distinct().Order()];
        Size[] sizes = [.. result.Capture.Select(cell => cell.SizeMax).Distinct().OrderBy(size => size.Micros)];
        var cells = result.Capture.ToLookup(cell => (cell.DelayMs, cell.SizeMax));
        var most = result.Capture.Max(cell => cell.Earned);
        return Html.Of(
            $"""
            <p>What the edges seen would have earned if the bot had acted so much later, with baskets of at most so many shares.</p>
            {Table.Of(
                "Dollars earned and baskets still there, by delay and largest basket",
                ["Shares at most", .. delays.Select(Delay)],
                sizes.Select(size => Html.Of(
                    $"""
                    <tr><th scope="row">{size.ToString()}</th>{Html.Each(delays, delay => Cell(cells[(delay, size)].FirstOrDefault(), most))}</tr>

                    """)))}
            """);
    }

    private static Html Cell(CaptureCell? cell, Usd most) => cell switch
    {
        null => Html.Of($"<td>–</td>"),
        { Baskets: 0 } => Html.Of($"""<td class="heat">none left</td>"""),
        _ => Html.Of($"""<td class="heat {Shade(cell.Earned, most)}">{Show.Money(cell.Earned)}<small>{Show.Count(cell.Baskets, "basket", "baskets")}</small></td>"""),
    };

    private static string Shade(Usd earned, Usd most) => earned < Usd.Zero ? "loss"
        : earned == Usd.Zero ? "nothing"
        : $"gain-{1 + (int)Int128.Min(Shades - 1, (Int128)earned.Micros * Shades / Math.Max(1, most.Micros))}";

    private static string Delay(int millis) => millis == 0 ? "at once" : Show.Micros(millis * 1_000L) + " late";
}
