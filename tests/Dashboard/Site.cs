using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>A dashboard in Debian's Chromium: what is wrong with a page is kept, whatever it is.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const float DeadlineMs = 60_000; // A busy machine is not a broken page.

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Site(IPlaywright playwright, IBrowser browser, string url) => (_playwright, _browser, Url) = (playwright, browser, url);

    /// <summary>Without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Console errors and warnings, exceptions, failed requests, and requests to anybody else.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<Site> Open(string url)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "chromium is not installed: run ./test.sh, or on Debian apt-get install chromium");

        Assertions.SetDefaultExpectTimeout(DeadlineMs);
        var playwright = await Playwright.CreateAsync();
        return new Site(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Headless = true, Timeout = DeadlineMs }), url);
    }

    /// <summary>A page whose content has come.</summary>
    public async Task<IPage> Page(string path, ColorScheme scheme = ColorScheme.Light, int width = 1_280, int height = 800)
    {
        var page = await _browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, ReducedMotion = ReducedMotion.Reduce });
        page.SetDefaultTimeout(DeadlineMs);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{path}: console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"{path}: exception: {error}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{path}: {response.Status} {response.Url}");
        page.Request += (_, request) => Note(!request.Url.StartsWith(Url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"{path}: asks {request.Url}");
        await page.GotoAsync(Url + path);
        await page.Locator("main h1").WaitForAsync();
        return page;

        void Note(bool isWrong, string what)
        {
            if (isWrong) Complaints.Enqueue(what);
        }
    }

    /// <summary>What axe-core finds that is serious or critical, a line each.</summary>
    public static async Task<string[]> Accessibility(IPage page)
    {
        var axe = Repository.PathOf("tests/accessibility/node_modules/axe-core/axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "axe-core is not installed: run ./test.sh, or npm ci --prefix tests/accessibility");

        await page.EvaluateAsync(await File.ReadAllTextAsync(axe)); // Not as a script of the page: its policy forbids that, as it should.
        var found = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run()).violations.filter(one => one.impact === 'serious' || one.impact === 'critical')"
            + ".map(one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join('; ')}`)");
        return [.. found.EnumerateArray().Select(one => one.GetString()!)];
    }

    /// <summary>Kept beside the tests, for whoever wants to see.</summary>
    public static Task Picture(IPage page, string name) => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"),
        FullPage = false,
        Timeout = DeadlineMs,
    });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
