using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Dashboard;

/// <summary>Numbers as people read them, and a basket's way as they follow it.</summary>
public class ShowTests
{
    [Theory]
    [InlineData("0", 2, "$0.00")]
    [InlineData("1234567.894999", 2, "$1,234,567.89")]
    [InlineData("1234567.895", 2, "$1,234,567.90")]
    [InlineData("-0.004", 2, "$0.00")]
    [InlineData("-0.005", 2, "-$0.01")]
    [InlineData("-12.3", 2, "-$12.30")]
    [InlineData("0.99995", 4, "$1.0000")]
    [InlineData("0.123456", 4, "$0.1235")]
    [InlineData("9.5", 0, "$10")]
    [InlineData("0.000001", 6, "$0.000001")]
    public void Money_is_rounded_only_for_the_eye(string dollars, int decimals, string shown) => Assert.Equal(shown, Show.Money(Usd.Parse(dollars), decimals));

    [Fact]
    public void What_is_not_known_is_no_zero() => Assert.Equal(("–", "–", "+$1.00"), (Show.Money((Usd?)null), Show.Signed(null), Show.Signed(Usd.Dollars(1))));

    [Theory]
    [InlineData("100", "100")]
    [InlineData("1234.5", "1,234.50")]
    [InlineData("0.019999", "0.01")]
    public void Shares_are_never_shown_as_more_than_there_are(string shares, string shown) => Assert.Equal(shown, Show.Shares(Size.Parse(shares)));

    [Theory]
    [InlineData(0, "–")]
    [InlineData(999, "999 µs")]
    [InlineData(1_500, "1.5 ms")]
    [InlineData(2_340_000, "2.34 s")]
    public void Times_are_short(long micros, string shown) => Assert.Equal(shown, Show.Micros(micros));

    [Fact]
    public void A_baskets_way_is_told_step_by_step()
    {
        var other = ScriptedTrader.Line(99, ScriptedTrader.Story.First()) with { Basket = new BasketId("b-2") };

        var story = BasketStory.Of(new BasketId("b-1"), [.. ScriptedTrader.Story.Select((fact, n) => ScriptedTrader.Line(n, fact)), other]);

        Assert.Equal(
            [
                "open: 100 baskets at an edge of $0.1000 each, 2 orders",
                "order: leg 1: 100 at 45¢, MATCHED",
                "order: leg 2: canceled: nothing left at the limit",
                "complete: buys 100 NO of leg 2 at 45¢ at most, try 1",
                "locked: 100 complete, which pay $100.00 for certain",
                "closed: completed: 100 complete, earned +$9.50",
            ],
            story.Select(line => $"{line.Step}: {line.Text}"));
    }

    [Fact]
    public async Task A_limits_use_is_what_the_status_says_of_it()
    {
        var trader = new ScriptedTrader(TimeProvider.System);

        var uses = Risks.Uses(await trader.Status(), await trader.Positions(), await trader.Orders(), Given.Limits, Given.Breakers).ToDictionary(use => use.Name);

        Assert.Equal(("$420.00", "$500.00", 84L, "warn"), Of("Total exposure"));
        Assert.Equal(("$45.00", "$200.00", 22L, ""), Of("Largest market, at cost"));
        Assert.Equal(("$85.50", "$100.00", 85L, "warn"), Of("Loss this hour"));
        Assert.Equal(("$0.00", "$300.00", 0L, ""), Of("Loss today")); // It earned.
        Assert.Equal(("1", "4", 25L, ""), Of("Unresolved orders"));
        Assert.Equal(("1", "100", 1L, ""), Of("Open orders of one condition"));

        (string, string, long?, string) Of(string name) => (uses[name].Used, uses[name].Limit, uses[name].Percent, uses[name].Kind);
    }

    /// <summary>Something held has no proven bid, and nothing else was read yet.</summary>
    [Fact]
    public async Task A_limit_whose_use_is_not_known_shows_no_zero_and_no_bar()
    {
        var status = await new ScriptedTrader(TimeProvider.System).Status() with { HourlyPnl = null, DailyPnl = null, Drawdown = null };

        var uses = Risks.Uses(status, null, null, Given.Limits, Given.Breakers);

        Assert.Equal(
            ["Largest market, at cost", "Loss this hour", "Loss today", "Drawdown", "Open orders of one condition"],
            uses.Where(use => use is { Used: "–", Percent: null, Kind: "" }).Select(use => use.Name));
    }
}
