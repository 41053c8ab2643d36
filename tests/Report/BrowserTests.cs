using Microsoft.Playwright;
using PolyArb.Domain.Replay;
using PolyArb.Report;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Report;

/// <summary>The page as a browser has it.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-report-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_verdict_is_there_the_curve_has_points_and_nothing_complains_or_leaves_the_page()
    {
        await using var browser = await Chromium.Launch();
        var (page, complaints) = await browser.Open(Written(SimulatedDays.Good));

        Assert.True(await page.GetByText("DEPLOY", new() { Exact = true }).IsVisibleAsync());
        var curve = page.Locator("#equity-chart path.line");
        Assert.Equal("4", await curve.GetAttributeAsync("data-points"));
        Assert.True(await curve.EvaluateAsync<double>("path => path.getTotalLength()") > 10_000); // It crosses its drawing.
        Assert.Equal("40", await page.Locator("#edge-chart path.completed").GetAttributeAsync("data-points"));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task On_a_telephone_nothing_is_wider_than_the_screen_but_the_tables_that_scroll()
    {
        await using var browser = await Chromium.Launch();
        var (page, _) = await browser.Open(Written(SimulatedDays.Good), width: 360);

        Assert.Equal(360, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.InRange(await page.Locator("#equity-chart svg").EvaluateAsync<double>("svg => svg.getBoundingClientRect().width"), 200, 360);
    }

    /// <summary>4.5 to 1 is what WCAG 2.2 asks of text (1.4.3).</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_what_is_behind_it(ColorScheme scheme)
    {
        await using var browser = await Chromium.Launch();
        var (page, _) = await browser.Open(Written(SimulatedDays.Good), scheme);

        Assert.True(await page.EvaluateAsync<int>("() => document.querySelectorAll('body *').length") > 200);
        Assert.Equal("", await page.EvaluateAsync<string>(Script("contrast.js")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_cannot_see_it_is_told_what_everything_is(bool isGood)
    {
        await using var browser = await Chromium.Launch();
        var (page, complaints) = await browser.Open(Written(isGood ? SimulatedDays.Good : SimulatedDays.Quiet));

        Assert.Equal("", await page.EvaluateAsync<string>(Script("structure.js")));
        Assert.Empty(complaints);
    }

    private string Written(BacktestResult result)
    {
        var file = Path.Combine(_directory, "report.html");
        File.WriteAllText(file, ReportFile.TextFor(file, result, new VerdictRules()));
        return file;
    }

    private static string Script(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Report", name));
}
