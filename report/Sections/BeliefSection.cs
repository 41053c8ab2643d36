using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class BeliefSection
{
    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="belief" aria-labelledby="belief-title">
        <h2 id="belief-title">What was replayed, and how much of it to believe</h2>
        {Covered(result.Coverage)}
        {Gaps(result.Coverage)}
        {Named("How the venue was played", ["Model", "Assumption"], result.Header.Models, "No model is named.")}
        {Named("Parameters that differ from the configuration", ["Parameter", "Value"], result.Header.Changes, "No parameter differs from the configuration.")}
        <p>{Replayed(result)}</p>
        <p>What no replay knows: how others would have answered our orders, and what the venue did not send.</p>
        </section>
        """);

    private static Html Covered(Coverage coverage)
    {
        var proofs = coverage.Proofs;
        var made = $"{Show.Count(proofs.Ok)} proofs of books held, {Show.Count(proofs.Failed)} failed, {Show.Count(proofs.Unknown)} could not be made.";
        var checks = coverage.IsProven
            ? made
            : $"{made} Books were proven only before trades: {Show.Count(coverage.Unchecked)} changes were not compared, and a book that stopped to fit counts until somebody looked.";
        var state = coverage.IsProven ? "proven" : "whole, as far as anybody looked,";
        return coverage.Share is { } share
            ? Html.Of($"<p>Books were {state} in <strong>{Show.Percent(share)}</strong> of the recorded time ({Show.Span(coverage.Whole)} of {Show.Span(coverage.Watched)}, added up over conditions). {checks}</p>")
            : Html.Of($"<p>No book was watched. {checks}</p>");
    }

    private static Html Gaps(Coverage coverage) => coverage.Gaps.IsEmpty
        ? Html.Of($"<p>The recording has no gap.</p>")
        : Table.Of("Gaps in the recording, in which nothing was decided", ["Cause", "Gaps", "Lasted in all"], coverage.Gaps.Select(
            gap => Table.Row(gap.Cause, Show.Count(gap.Count), gap.Lasted > TimeSpan.Zero ? Show.Span(gap.Lasted) : "–")));

    private static Html Named(string caption, string[] heads, IReadOnlyCollection<NamedText> texts, string none) => texts.Count == 0
        ? Html.Of($"<p>{none}</p>")
        : Table.Of(caption, heads, texts.Select(text => Table.Row(text.Name, text.Text)));

    private static string Replayed(BacktestResult result)
    {
        var inputs = $"{Show.Count(result.Events, "input", "inputs")} replayed with seed {result.Header.Seed}";
        return result.Elapsed > TimeSpan.Zero
            ? $"{inputs} in {Show.Span(result.Elapsed)}, {Show.Count((long)(result.Events / result.Elapsed.TotalSeconds))} a second."
            : $"{inputs}.";
    }
}
