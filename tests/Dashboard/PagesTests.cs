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
        await Expect(page.GetByLabel("Reason")).ToBeFocusedAsync(); // The dialog takes the focus once, and not from whoever types already.

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
    public async Task Light_and_dark_can_be_chosen_by_hand_and_are_remembered()
    {
        var page = await dashboard.Site.Page("/");
        await page.GetByLabel("Dark colours").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main.dark")).ToBeVisibleAsync();
        Assert.Empty(await Site.Accessibility(page));

        await page.ReloadAsync();
        await Expect(page.Locator("main.dark")).ToBeVisibleAsync();
        await page.GetByLabel("Light colours").ClickAsync();
        await Expect(page.Locator("main.light")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Dark colours")).ToBeVisibleAsync(); // What can be chosen is the other one.
    }

    [Fact]
    public async Task A_long_list_is_read_a_page_at_a_time_and_searched()
    {
        dashboard.Trader.FillCount = 120;
        try
        {
            var page = await dashboard.Site.Page("/fills");
            var (rows, found) = (page.Locator("main tbody tr"), page.Locator("[data-found]"));
            await Expect(found).ToHaveAttributeAsync("data-found", "120");
            await Expect(rows).ToHaveCountAsync(50);
            await Expect(rows.First.Locator("[title='0x120']")).ToBeVisibleAsync(); // The newest.
            Assert.Empty(await Site.Accessibility(page));

            var last = page.Locator("main nav, main .mud-pagination").First.GetByRole(AriaRole.Button, new() { NameRegex = new("3") });
            await last.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(rows).ToHaveCountAsync(20);
            await Expect(rows.Last.Locator("[title='0x1']")).ToBeVisibleAsync();

            await page.GetByLabel("Find in fills").FillAsync("T-11");
            await Expect(found).ToHaveAttributeAsync("data-found", "11"); // 11 and 110 to 119.
            await Expect(rows).ToHaveCountAsync(11);
            Assert.Empty(await Site.Accessibility(page));
        }
        finally
        {
            dashboard.Trader.FillCount = 1;
        }
    }

    [Fact]
    public async Task What_a_silent_trader_said_last_is_shown_as_old()
    {
        var (overview, markets) = (await dashboard.Site.Page("/"), await dashboard.Site.Page("/markets"));
        await Expect(overview.Locator("[data-age=fresh]")).ToBeVisibleAsync();
        await Expect(markets.Locator("[data-edge-of] .badge")).Not.ToContainTextAsync("old");
        dashboard.Trader.Fails = new TimeoutException("the gateway hangs");
        try
        {
            await Expect(overview.Locator("[data-age=old]")).ToContainTextAsync("the gateway hangs");
            await Expect(markets.Locator("[data-edge-of] .badge")).ToContainTextAsync("old: ");
            await Expect(markets.Locator("main [role=alert]")).ToContainTextAsync("does not answer");
            Assert.Empty(await Site.Accessibility(markets));
        }
        finally
        {
            dashboard.Trader.Fails = null;
        }

        await Expect(overview.Locator("[data-age=fresh]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_curve_is_not_drawn_again_for_every_figure_that_moves()
    {
        var page = await dashboard.Site.Page("/");
        await Expect(page.Locator("svg.chart")).ToBeVisibleAsync();
        await page.EvaluateAsync(
            "() => { window.drawn = 0; new MutationObserver(all => window.drawn += all.length).observe(document.querySelector('svg.chart .line'), { attributes: true, attributeFilter: ['d'] }); }");
        var messages = page.Locator("[data-figure='Book messages']");
        for (var moved = 0; moved < 4; moved++) await Expect(messages).Not.ToHaveTextAsync((await messages.TextContentAsync())!);

        Assert.InRange(await page.EvaluateAsync<int>("() => window.drawn"), 0, 1); // The journal may have been read anew meanwhile, once in half a minute.
    }

    [Fact]
    public async Task An_address_that_names_no_market_says_so()
    {
        var page = await dashboard.Site.Page("/market/anything");
        await Expect(page.Locator("main")).ToContainTextAsync("No market has this id.");

        Assert.DoesNotContain(dashboard.Trader.Asked, call => call.Market is { Text: "anything" });
    }

    /// <summary>The circuit ends: without a word the page would go on showing RUNNING.</summary>
    [Fact]
    public async Task A_page_that_has_ended_says_that_what_it_shows_is_old()
    {
        var page = await dashboard.Site.Page("/");
        await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        await page.Locator("[data-verb=Kill]").ClickAsync();
        await page.GetByLabel("Control token").FillAsync(DashboardSite.Bug);
        await page.Locator("[data-confirm=Kill]").ClickAsync();

        await Expect(page.Locator("#blazor-error-ui")).ToContainTextAsync("what it shows is old");
        await Expect(page.Locator("#blazor-error-ui")).ToBeVisibleAsync();
        Assert.All(dashboard.Site.Complaints, complaint => Assert.Contains("console:", complaint, StringComparison.Ordinal));
        dashboard.Site.Complaints.Clear(); // Blazor's own word about it.
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
