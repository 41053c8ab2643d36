using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class VerdictSection
{
    public static Html Of(BacktestResult result, VerdictRules rules)
    {
        var verdict = Verdict.Of(result, rules);
        return Html.Of(
            $"""
            <section id="verdict" aria-labelledby="verdict-title">
            <h2 id="verdict-title">Verdict</h2>
            <p class="verdict {(verdict.IsDeploy ? "deploy" : "no-deploy")}"><strong>{verdict.Word}</strong></p>
            {Reasons(verdict)}
            {Table.Of("What the day had to show, and what it showed", ["Asked", "Found", "Needed", "Met"], verdict.Checks.Select(Row))}
            </section>
            """);
    }

    private static Html Reasons(Verdict verdict) => verdict.IsDeploy
        ? Html.Of($"<p>All {verdict.Checks.Length} checks are met. A simulation is not the venue: begin small.</p>")
        : Html.Of(
            $"""
            <p>Not met:</p>
            <ul class="reasons">
            {Html.Each(verdict.Against, check => Html.Of($"<li>{check.Sentence}.</li>"))}
            </ul>
            """);

    private static Html Row(VerdictCheck check) => Html.Of(
        $"""
        <tr class="{(check.IsMet ? "met" : "unmet")}"><th scope="row">{check.Name}</th><td>{check.Found}</td><td>{check.Needed}</td><td>{(check.IsMet ? "yes" : "no")}</td></tr>

        """);
}
