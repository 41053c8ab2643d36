using PolyArb.Tests.Report;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>From a generated day to the page a person opens.</summary>
[Collection(nameof(EndToEnd))]
public sealed class BacktestReportTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_simulated_replay_writes_a_page_that_says_what_its_metrics_say()
    {
        await using var browser = await Chromium.Launch();
        var (day, report) = (Path.Combine(_directory, "day.jsonl"), Path.Combine(_directory, "report.html"));
        await using (var generate = Programs.Exchange("generate", "--seed", "1", "--events", "20000", "--markets", "5", "--out", day))
            Assert.Equal(0, (await generate.End(Cancellation)).ExitCode);

        await using var silo = Programs.Silo(["--mode", "backtest", "--events", day, "--report", report], _directory);
        var ended = await silo.End(Cancellation);
        Assert.True(ended.ExitCode == 0, ended.Error);

        var (page, complaints) = await browser.Open(report);
        Assert.True(await page.GetByText(ended.Json.GetProperty("verdict").GetString()!, new() { Exact = true }).IsVisibleAsync());
        Assert.True(ended.Json.GetProperty("trade_count").GetInt64() > 0, ended.Output);
        Assert.Equal(
            ended.Json.GetProperty("equity_curve").GetArrayLength(),
            int.Parse(await page.Locator("#equity-chart path.line").GetAttributeAsync("data-points") ?? "0", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(ended.Json.GetProperty("decisions_digest").GetString()!, await page.Locator("footer").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(complaints);
    }
}
