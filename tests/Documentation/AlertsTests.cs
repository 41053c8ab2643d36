using System.Text.RegularExpressions;
using Xunit;

namespace PolyArb.Tests.Documentation;

/// <summary>Who is woken by an alert finds its name in the runbook.</summary>
public sealed partial class AlertsTests
{
    [Fact]
    public void Every_alert_has_a_heading_in_the_runbook_and_every_heading_an_alert()
    {
        var alerts = Directory.EnumerateFiles(Repository.PathOf("deploy/prometheus"), "*.yml").SelectMany(file => Alert().Matches(File.ReadAllText(file)));
        var runbook = Repository.Text("docs/runbook.md");
        var from = runbook.IndexOf("\n## Alerts\n", StringComparison.Ordinal);
        var headings = Heading().Matches(runbook[from..runbook.IndexOf("\n## ", from + 1, StringComparison.Ordinal)]);

        Assert.NotEmpty(alerts);
        Assert.Equal(Names(alerts), Names(headings));
    }

    private static IEnumerable<string> Names(IEnumerable<Match> matches) =>
        matches.Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\s*- alert: (?<name>\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^### (?<name>\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
