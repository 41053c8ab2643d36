using PolyArb.Domain.Replay;
using PolyArb.Report.Sections;

namespace PolyArb.Report;

/// <summary>
/// A backtest as one HTML file: no script, nothing fetched from anywhere, every drawing inline. It forbids itself the network, so a
/// market's name could not reach it either.
/// </summary>
public static class BacktestPage
{
    public static string Of(BacktestResult result, VerdictRules rules) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>{Verdict.Of(result, rules).Word}: backtest of {result.Header.Source}</title>
        <style>
        {Style.Sheet}
        </style>
        </head>
        <body>
        <header>
        <h1>Backtest of {result.Header.Source}</h1>
        <p>{Show.Moment(result.Header.From)} to {Show.Moment(result.Header.To)}, {Show.Span(result.Header.To - result.Header.From)}</p>
        <nav aria-label="Parts of this report">
        <ul>
        <li><a href="#verdict">Verdict</a></li>
        <li><a href="#figures">Figures</a></li>
        <li><a href="#equity">Equity</a></li>
        <li><a href="#markets">Markets</a></li>
        <li><a href="#edge">Edge</a></li>
        <li><a href="#capture">Reaction</a></li>
        <li><a href="#latency">Latency</a></li>
        <li><a href="#phantoms">Phantoms</a></li>
        <li><a href="#belief">How much to believe</a></li>
        </ul>
        </nav>
        </header>
        <main>
        {VerdictSection.Of(result, rules)}
        {FiguresSection.Of(result, rules)}
        {EquitySection.Of(result)}
        {MarketsSection.Of(result)}
        {EdgeSection.Of(result)}
        {CaptureSection.Of(result)}
        {LatencySection.Of(result)}
        {PhantomsSection.Of(result)}
        {BeliefSection.Of(result)}
        </main>
        <footer>
        <p>Decisions digest <code>{result.DecisionsDigest}</code>: the same recording and the same parameters give the same digest on any machine.</p>
        </footer>
        </body>
        </html>

        """).ToString();
}
