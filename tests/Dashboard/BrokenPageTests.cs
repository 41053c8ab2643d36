using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolyArb.Tests.Dashboard;

/// <summary>Beside a site of its own: what no page can draw stays with the reader for a while.</summary>
public sealed class BrokenPageTests(DashboardSite dashboard) : IClassFixture<DashboardSite>
{
    [Fact]
    public async Task A_page_that_fails_says_so_and_what_stands_around_it_lives_on()
    {
        dashboard.Trader.HasBrokenOrders = true;
        var page = await dashboard.Site.Page("/orders");
        await Expect(page.Locator("main h1")).ToHaveTextAsync("This page has failed");
        await Expect(page.Locator("header [data-state]")).ToHaveTextAsync("RUNNING");
        Assert.Empty(await Site.Accessibility(page));

        await page.GetByRole(AriaRole.Link, new() { Name = "Fills" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("$0.01230");
    }
}
