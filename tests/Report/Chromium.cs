using Microsoft.Playwright;
using Xunit;

namespace PolyArb.Tests.Report;

/// <summary>Debian's Chromium, without a window. Skips the test where it is not installed; the driver's own browsers are never used.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float DeadlineMs = 120_000; // A busy machine is not a broken page.

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> Launch()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "chromium is not installed: run ./test.sh, or on Debian apt-get install chromium");

        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Headless = true, Timeout = DeadlineMs }));
    }

    /// <summary>A page, and everything on it that should not be: console errors, exceptions, requests beyond the file itself.</summary>
    public async Task<(IPage Page, List<string> Complaints)> Open(string file, ColorScheme scheme = ColorScheme.Light, int width = 1_280)
    {
        List<string> complaints = [];
        var page = await _browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        page.SetDefaultTimeout(DeadlineMs);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"exception: {error}");
        page.Request += (_, request) => Note(request.Url.Split('#')[0] != new Uri(file).AbsoluteUri && request.Url != "data:,", $"request: {request.Url}");
        await page.GotoAsync(new Uri(file).AbsoluteUri, new() { WaitUntil = WaitUntilState.NetworkIdle });
        return (page, complaints);

        void Note(bool isWrong, string what)
        {
            if (!isWrong) return;
            lock (complaints) complaints.Add(what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
