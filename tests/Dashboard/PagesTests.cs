using Microsoft.Playwright;
using PolyArb.Dashboard;
using PolyArb.Domain.Risk;
using PolyArb.Tests.Domain;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolyArb.Tests.Dashboard;

/// <summary>Every page as a browser has it, before a trader that says the same every time.</summary>
public sealed class PagesTests(DashboardSite dashboard) : IClassFixture<DashboardSite>
{
    private static readonly string Market = $"/market/{Given.Event}";

    private static readonly string Basket = $"/basket/{Given.Event}/b-1";

    /// <summary>Each with something that is there only once it was read.</summary>
    public static TheoryData<string, string> All => new()
    {
        { "/", "$10,012.35" }, { "/markets", "Will it rain?" }, { Market, "Question 1?" }, { "/baskets", "b-open" }, { Basket, "buys 100 NO of leg 2" },
        { "/orders", "Confirmed" }, { "/fills", "$0.01230" }, { "/positions", "mergePositions" }, { "/risk", "$420.00" }, { "/latency", "Received to decided" },
        { "/errors", "not in the venue's format" }, { "/backtests", "runs/day.html" },
    };

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task A_page_shows_what_there_is_complains_of_nothing_and_is_for_everybody(string path, string shown)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            var page = await dashboard.Site.Page(path, scheme);
            await Expect(page.Locator("main")).ToContainTextAsync(shown);
            await Expect(page.Locator(scheme is ColorScheme.Dark ? "main.dark" : "main.light")).ToBeVisibleAsync();
            Assert.Empty(await Site.Accessibility(page));

            await Site.Picture(page, $"{Name(path)}-1280x800-{scheme}");
            await page.SetViewportSizeAsync(390, 844);
            await page.WaitForFunctionAsync("() => document.querySelector('main').getBoundingClientRect().left < 20"); // The navigation has made room.
            await Site.Picture(page, $"{Name(path)}-390x844-{scheme}");
            Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")); // Tables scroll, the page does not.
            await page.CloseAsync();
        }

        Assert.Empty(dashboard.Site.Complaints);
    }

    [Fact]
    public async Task Figures_move_by_themselves()
    {
        var page = await dashboard.Site.Page("/");
        var messages = page.Locator("[data-figure='Book messages']");
        await Expect(messages).Not.ToHaveTextAsync("0");
        var before = await messages.TextContentAsync();

        await Expect(messages).Not.ToHaveTextAsync(before!);
    }

    [Fact]
    public async Task A_ladder_has_both_tokens_the_best_prices_in_the_middle_and_its_proof()
    {
        var page = await dashboard.Site.Page(Market);
        var book = page.Locator($"[data-condition='{Given.Condition(0).Id}']");

        await Expect(book.Locator("[data-proof=Proven]")).ToHaveTextAsync("proven");
        await Expect(book.Locator("[data-ladder^=YES] tr")).ToContainTextAsync((string[])["57¢", "spread 2¢", "55¢", "54¢"]);
        await Expect(book.Locator("[data-ladder^=NO] tr")).ToContainTextAsync((string[])["46¢", "45¢", "spread 2¢", "43¢"]);
        await Expect(page.Locator("[data-edge]")).ToContainTextAsync("-$0.0100"); // 45 and 56 cents for a dollar.
    }

    [Fact]
    public async Task Nothing_is_done_without_the_token_and_everything_with_it_by_keyboard_alone()
    {
        dashboard.Trader.Acts.Clear();
        var page = await dashboard.Site.Page("/");
        await page.Locator("[data-verb=Kill]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Sells nothing");
        await Expect(dialog.Locator("[data-confirm=Kill]")).ToBeDisabledAsync();

        await page.GetByLabel("Control token").FillAsync("a guess");
        await Expect(dialog.Locator("[data-confirm=Kill]")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("[data-outcome=Refused]")).ToContainTextAsync("not this silo's control token");
        Assert.Empty(dashboard.Trader.Acts);

        await page.GetByLabel("Reason").FillAsync("drill");
        await page.GetByLabel("Control token").FillAsync(DashboardSite.Token);
        await Expect(dialog.Locator("[data-confirm=Kill]")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("[data-outcome=Answered]")).ToContainTextAsync("2 orders canceled, nothing is open");
        Assert.Equal((ControlVerb.Kill, "dashboard", "drill"), Assert.Single(dashboard.Trader.Acts));
        await Expect(page.Locator("header [data-state]")).ToHaveTextAsync("SAFE");
        Assert.Empty(await Site.Accessibility(page));
        Assert.DoesNotContain(DashboardSite.Token, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("token", page.Url, StringComparison.Ordinal);
        dashboard.Trader.State = TradingState.Running;

        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Close" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Resume_waits_for_a_reason()
    {
        var page = await dashboard.Site.Page("/");
        await page.Locator("[data-verb=Resume]").ClickAsync();
        await page.GetByLabel("Control token").FillAsync(DashboardSite.Token);
        await Expect(page.Locator("[data-confirm=Resume]")).ToBeDisabledAsync();

        await page.GetByLabel("Reason").FillAsync("all is well");
        await Expect(page.Locator("[data-confirm=Resume]")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task On_a_telephone_the_navigation_waits_behind_its_button()
    {
        var page = await dashboard.Site.Page("/", width: 390, height: 844);
        await page.WaitForFunctionAsync("() => document.querySelector('main').getBoundingClientRect().left < 20");
        await page.GetByLabel("Navigation").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();

        await Expect(page.Locator("main h1")).ToHaveTextAsync("Orders");
        await Expect(page.Locator("main")).ToContainTextAsync("Confirmed");
    }

    [Fact]
    public async Task Light_and_dark_can_be_chosen_by_hand()
    {
        var page = await dashboard.Site.Page("/");
        await page.GetByLabel("Dark colours").ClickAsync();
        await Expect(page.Locator("main.dark")).ToBeVisibleAsync();
        Assert.Empty(await Site.Accessibility(page));
    }

    [Fact]
    public async Task Reports_are_read_where_they_lie_and_nothing_else_is()
    {
        using var http = new HttpClient { BaseAddress = new Uri(dashboard.Site.Url) };

        Assert.Contains("DEPLOY", await http.GetStringAsync("/reports/runs/day.html", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var other in (string[])["/reports/runs/../../etc/passwd", "/reports/%2e%2e/%2e%2e/etc/passwd", "/reports//etc/passwd", "/reports/runs/"])
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(other, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static string Name(string path) => path.Trim('/') is { Length: > 0 } name ? name.Split('/')[0] : "overview";
}
