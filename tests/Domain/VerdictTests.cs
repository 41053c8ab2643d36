using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Replay;
using Xunit;

namespace PolyArb.Tests.Domain;

public class VerdictTests
{
    private static readonly VerdictRules Rules = new();

    [Fact]
    public void A_day_that_shows_everything_is_deployed()
    {
        var verdict = Verdict.Of(SimulatedDays.Good, Rules);

        Assert.Equal(("DEPLOY", 12), (verdict.Word, verdict.Checks.Length));
        Assert.Empty(verdict.Against);
    }

    /// <summary>The good day with one thing just short of its mark: that is the one reason, with its figures.</summary>
    public static TheoryData<string, BacktestResult> FallsShort
    {
        get
        {
            var good = SimulatedDays.Good;
            return new()
            {
                { "Recorded time: 23.9 h; needed: at least 24 h", good with { Header = good.Header with { To = good.Header.To + TimeSpan.FromSeconds(-1) } } },
                { "Recorded time: 5.6 min; needed: at least 24 h", good with { Header = good.Header with { To = good.Header.From + TimeSpan.FromSeconds(337) } } },
                { "Time with proven books: 89 %; needed: at least 90 %", good with { Coverage = SimulatedDays.Covered(89) } },
                { "Time with proven books: nothing was watched; needed: at least 90 %", good with { Coverage = good.Coverage with { Watched = TimeSpan.Zero } } },
                {
                    "Time with whole books, proven only before trades: 89 % (900 proofs held, 3 failed, 5000 changes were not compared); needed: at least 90 %",
                    good with { Coverage = SimulatedDays.Covered(89) with { Unchecked = 5_000 } }
                },
                { "Baskets that traded: 29; needed: at least 30", good with { Baskets = good.Baskets[..29] } },
                { "Profit: $0; needed: more than nothing", good with { Money = good.Money with { HeldWorth = Usd.Dollars(2_000) } } },
                { "Made without the best basket: $0; needed: more than nothing", good with { Baskets = [.. Made(1, cents: 4_000), .. Made(39, cents: 0)] } },
                { "Realized of the edge predicted: 48.7 %; needed: at least 50 %", good with { Baskets = [.. Made(40, cents: 39)] } },
                { "Baskets that ended complete: 77.5 %; needed: at least 80 %", good with { Baskets = [.. good.Baskets[9..], .. Ended(9, BasketEnd.Held)] } },
                { "Taker baskets that something was filled of: 49.3 %; needed: at least 50 %", good with { Baskets = [.. Made(40, cents: 300), .. Ended(41, BasketEnd.Unfilled)] } },
                { "Orders refused by the venue: 25.1 %; needed: at most 25 %", good with { Orders = good.Orders with { Placed = 10_000, Rejected = 2_501 } } },
                { "Largest drawdown: $150.01, 1.6 % of the capital; needed: at most 1.5 %", good with { MaxDrawdown = new Usd(150_010_000) } },
                {
                    "Earned by acting up to 500 ms late, at worst: 24.9 %, $2.999999 of $12 (250 ms, at most 20 shares); needed: at least 25 % of what acting at once would have",
                    good with { Capture = good.Capture.Add(new CaptureCell(250, Size.Shares(20), 5, new Usd(2_999_999))) }
                },
                {
                    "Earned by acting up to 500 ms late, at worst: not measured; needed: at least 25 % of what acting at once would have",
                    good with { Capture = [] }
                },
                {
                    "Earned by acting up to 500 ms late, at worst: nothing to compare with, $14 of $0 (500 ms, at most 100 shares); needed: at least 25 % of what acting at once would have",
                    good with { Capture = [new CaptureCell(500, Size.Shares(100), 31, Usd.Dollars(14))] }
                },
                {
                    "What is held at the end: something has no proven bid and counts at what it cost; needed: a proven price for everything",
                    good with { Money = good.Money with { IsWhole = false } }
                },
            };
        }
    }

    [Theory]
    [MemberData(nameof(FallsShort), DisableDiscoveryEnumeration = true)]
    public void What_falls_short_is_the_one_reason(string expected, BacktestResult result)
    {
        var verdict = Verdict.Of(result, Rules);

        Assert.Equal("NO-DEPLOY", verdict.Word);
        Assert.Equal(expected, Assert.Single(verdict.Against).Sentence);
    }

    [Fact]
    public void What_reaches_its_mark_exactly_is_enough()
    {
        var good = SimulatedDays.Good;
        var result = good with
        {
            Coverage = SimulatedDays.Covered(90),
            Baskets = [.. Made(24, cents: 160), .. Ended(6, BasketEnd.Unwound), .. Ended(30, BasketEnd.Unfilled)],
            Orders = good.Orders with { Rejected = 25 },
            MaxDrawdown = Usd.Dollars(150),
            Capture = good.Capture.Add(new CaptureCell(250, Size.Shares(20), 5, Usd.Dollars(3))),
        };

        Assert.Empty(Verdict.Of(result, Rules).Against);
    }

    [Fact]
    public void A_day_without_trades_is_not_deployed_and_says_so_of_each_thing_it_lacks()
    {
        var verdict = Verdict.Of(SimulatedDays.Quiet, Rules);

        Assert.Equal("NO-DEPLOY", verdict.Word);
        Assert.Equal(
            [
                "Recorded time", "Baskets that traded", "Profit", "Made without the best basket", "Realized of the edge predicted",
                "Baskets that ended complete", "Taker baskets that something was filled of", "Orders refused by the venue",
                "Earned by acting up to 500 ms late, at worst",
            ],
            verdict.Against.Select(check => check.Name));
    }

    [Fact]
    public void Books_are_called_proven_only_where_every_change_was_compared()
    {
        var lazy = SimulatedDays.Good with { Coverage = SimulatedDays.Covered(96) with { Unchecked = 1 } };

        Assert.Contains(Verdict.Of(SimulatedDays.Good, Rules).Checks, check => check.Name is "Time with proven books");
        Assert.Contains(Verdict.Of(lazy, Rules).Checks, check => check.Name is "Time with whole books, proven only before trades");
        Assert.True(Verdict.Of(lazy, Rules).IsDeploy);
    }

    /// <summary>Of ten thousand edges of a cent one stays: it earns at any delay, and says nothing.</summary>
    [Fact]
    public void One_edge_that_stays_does_not_make_up_for_those_that_go()
    {
        var gone = SimulatedDays.Good with
        {
            Capture = [new CaptureCell(0, Size.Shares(10), 10_000, Usd.Dollars(100)), new CaptureCell(500, Size.Shares(10), 1, Usd.Cents(1))],
        };

        Assert.StartsWith("Earned by acting up to 500 ms late, at worst: 0 %, $0.01 of $100", Assert.Single(Verdict.Of(gone, Rules).Against).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_edge_is_kept_as_a_running_bot_judges_it()
    {
        var makers = Made(40, cents: 2).Select(basket => basket with { Style = BasketStyle.Maker, Judged = new JudgedBasket(Usd.Cents(2), Usd.Cents(2)) });
        Assert.True(Verdict.Of(SimulatedDays.Good with { Baskets = [.. makers, .. Ended(30, BasketEnd.Unfilled)] }, Rules)
            .Checks.Single(check => check.Name is "Realized of the edge predicted").IsMet);
    }

    [Fact]
    public void A_maker_is_not_judged_by_the_orders_it_replaces()
    {
        var makers = SimulatedDays.Good with
        {
            Baskets = [.. SimulatedDays.Good.Baskets.Select(basket => basket with { Style = BasketStyle.Maker })],
            Orders = new OrderCounts(Placed: 10_000, Matched: 80, Partial: 0, Canceled: 9_900, Rejected: 5),
        };

        Assert.True(Verdict.Of(makers, Rules).IsDeploy);
    }

    private static IEnumerable<BasketRow> Made(int count, long cents) =>
        Enumerable.Range(0, count).Select(number => SimulatedDays.Basket(number, realizedCents: cents));

    private static IEnumerable<BasketRow> Ended(int count, BasketEnd end) =>
        Enumerable.Range(0, count).Select(number => SimulatedDays.Basket(number, realizedCents: 0, end: end));
}
