using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class PhantomsSection
{
    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="phantoms" aria-labelledby="phantoms-title">
        <h2 id="phantoms-title">Phantoms and refusals</h2>
        {Phantoms(result)}
        {Refusals(result)}
        </section>
        """);

    private static Html Phantoms(BacktestResult result) => result.Phantoms.IsEmpty
        ? Html.Of($"<p>No edge was seen on a book that could not be trusted.</p>")
        : Html.Of(
            $"""
            <p>Edges on books that could not be trusted. None of them was traded; a bot that does not prove its books sees them as profit.</p>
            {Table.Of("Phantoms by cause", ["Cause", "Times", "Lasted in all"], result.Phantoms.OrderByDescending(cause => cause.Count).Select(
                cause => Table.Row(cause.Cause, Show.Count(cause.Count), cause.Lasted > TimeSpan.Zero ? Show.Span(cause.Lasted) : "–")))}
            """);

    private static Html Refusals(BacktestResult result) => result.Refusals.IsEmpty
        ? Html.Of($"<p>Risk refused no basket.</p>")
        : Table.Of("Baskets that risk refused, by reason", ["Reason", "Times"], result.Refusals.OrderByDescending(cause => cause.Count).Select(
            cause => Table.Row(cause.Cause, Show.Count(cause.Count))));
}
