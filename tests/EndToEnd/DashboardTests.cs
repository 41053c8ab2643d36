using Microsoft.Playwright;
using PolyArb.Tests.Dashboard;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolyArb.Tests.EndToEnd;

/// <summary>The dashboard of a real demo, in a real browser: one demo for all of it.</summary>
[Collection(nameof(EndToEnd))]
public sealed class DashboardTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_follows_a_demo_shows_its_books_with_their_proof_and_kills_it_with_the_token()
    {
        await using var demo = Programs.Silo(["--demo", "--seed", "7", "--data", Path.Combine(_directory, "data")], _directory);
        var url = (await demo.Line("dashboard http://127.0.0.1:", Cancellation))["dashboard ".Length..];
        var token = (await demo.Line("token ", Cancellation)).Split(' ')[1];
        await using var site = await Site.Open(url);

        var page = await site.Page("/");
        await Expect(page.Locator("header [data-state]")).ToHaveTextAsync("RUNNING");
        await Moves(page, "Book messages");
        await Moves(page, "Proofs held");
        await Expect(page.Locator("[data-figure='Proofs failed']")).ToHaveTextAsync("0");
        await Expect(page.Locator("svg.chart")).ToBeVisibleAsync(new() { Timeout = 120_000 }); // After two samples of equity.
        await Site.Picture(page, "demo-overview-1280x800");

        await page.GetByRole(AriaRole.Link, new() { Name = "Markets" }).ClickAsync();
        await page.Locator("[data-edge-of] a").First.ClickAsync();
        await Expect(page.Locator("[data-proof=Proven]").First).ToBeVisibleAsync();
        Assert.True(await page.Locator("[data-ladder^=YES] tr[data-side=bid]").CountAsync() > 0);
        Assert.True(await page.Locator("[data-ladder^=NO] tr[data-side=ask]").CountAsync() > 0);
        Assert.Empty(await Site.Accessibility(page));
        await Site.Picture(page, "demo-market-1280x800");

        await Kills(page, token);
        Assert.Empty(site.Complaints);
    }

    private static async Task Kills(IPage page, string token)
    {
        await page.Locator("[data-verb=Kill]").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await page.GetByLabel("Control token").FillAsync("0000000000000000");
        await page.Locator("[data-confirm=Kill]").ClickAsync();
        await Expect(dialog.Locator("[data-outcome=Refused]")).ToBeVisibleAsync();
        await Expect(page.Locator("header [data-state]")).ToHaveTextAsync("RUNNING");

        await page.GetByLabel("Control token").FillAsync(token);
        await page.Locator("[data-confirm=Kill]").ClickAsync();
        await Expect(dialog.Locator("[data-outcome=Answered]")).ToContainTextAsync("SAFE");
        await Expect(page.Locator("header [data-state]")).ToHaveTextAsync("SAFE");
    }

    private static async Task Moves(IPage page, string figure)
    {
        var value = page.Locator($"[data-figure='{figure}']");
        await Expect(value).Not.ToHaveTextAsync("0");
        await Expect(value).Not.ToHaveTextAsync((await value.TextContentAsync())!);
    }
}
