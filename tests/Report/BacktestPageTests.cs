using System.Text.Json;
using System.Text.RegularExpressions;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Replay;
using PolyArb.Report;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Report;

public partial class BacktestPageTests
{
    private static readonly VerdictRules Rules = new();

    [Fact]
    public void It_says_the_verdict_with_every_reason()
    {
        var page = BacktestPage.Of(SimulatedDays.Quiet, Rules);

        Assert.Contains("<strong>NO-DEPLOY</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<title>NO-DEPLOY: backtest of events.db</title>", page, StringComparison.Ordinal);
        foreach (var check in Verdict.Of(SimulatedDays.Quiet, Rules).Against) Assert.Contains($"<li>{check.Sentence}.</li>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>DEPLOY</strong>", BacktestPage.Of(SimulatedDays.Good, Rules), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No equity was recorded: there was nothing to value.")]
    [InlineData("No basket was sent, so there is nothing to compare.")]
    [InlineData("It was not measured what a slower reaction would have earned.")]
    [InlineData("No order was sent, so no latency was met.")]
    [InlineData("No edge was seen on a book that could not be trusted.")]
    [InlineData("Risk refused no basket.")]
    [InlineData("No parameter differs from the configuration.")]
    public void What_has_no_data_says_so_in_a_sentence(string sentence)
    {
        Assert.Contains(sentence, BacktestPage.Of(SimulatedDays.Quiet, Rules), StringComparison.Ordinal);
        Assert.DoesNotContain(sentence, BacktestPage.Of(SimulatedDays.Good, Rules), StringComparison.Ordinal);
    }

    [Fact]
    public void It_calls_books_proven_only_where_every_change_was_compared()
    {
        var lazy = SimulatedDays.Good with { Coverage = SimulatedDays.Good.Coverage with { Unchecked = 5_000 } };
        var (proven, whole) = (BacktestPage.Of(SimulatedDays.Good, Rules), BacktestPage.Of(lazy, Rules));

        Assert.Contains("Books were proven in <strong>", proven, StringComparison.Ordinal);
        Assert.DoesNotContain("only before trades", proven, StringComparison.Ordinal);
        Assert.DoesNotContain("Books were proven in <strong>", whole, StringComparison.Ordinal);
        Assert.Contains("Books were proven only before trades: 5,000 changes were not compared", whole, StringComparison.Ordinal);
        Assert.Contains("Time with whole books, proven only before trades", whole, StringComparison.Ordinal);
        Assert.Contains("Whole time", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void No_axes_are_drawn_around_nothing()
    {
        Assert.DoesNotContain("<svg", BacktestPage.Of(SimulatedDays.Quiet, Rules), StringComparison.Ordinal);
        Assert.Equal(3, BacktestPage.Of(SimulatedDays.Good, Rules).Split("<svg").Length - 1); // Equity, drawdown, edges.
    }

    [Fact]
    public void Equity_that_never_moved_is_a_sentence_and_a_fall_below_the_peak_is_drawn()
    {
        var still = SimulatedDays.Good with { Equity = [.. SimulatedDays.Good.Equity.Select(point => point with { Equity = Usd.Dollars(5) })] };

        Assert.Contains("Equity stayed at $5.00 from beginning to end.", BacktestPage.Of(still, Rules), StringComparison.Ordinal);
        // $10,000, $10,040, $9,990, $10,030 over 24 hours, on an axis from $9,990 to $10,040 in steps of ten.
        Assert.Contains("""data-points="4" d="M0 8000H2500V0H5000V10000H10000V2000H10000"/>""", BacktestPage.Of(SimulatedDays.Good, Rules), StringComparison.Ordinal);
        // 0, 0, -$50, -$10 on an axis from -$50 to 0, and the room between.
        Assert.Contains("""class="area" d="M0 0H2500V0H5000V10000H10000V2000H10000V0H0Z"/>""", BacktestPage.Of(SimulatedDays.Good, Rules), StringComparison.Ordinal);
    }

    [Fact]
    public void Baskets_that_did_not_end_complete_are_dots_of_another_kind_and_open_ones_none()
    {
        var page = BacktestPage.Of(
            SimulatedDays.Good with
            {
                Baskets =
                [
                    SimulatedDays.Basket(1, predictedCents: 100, realizedCents: 50), SimulatedDays.Basket(2, predictedCents: 50, realizedCents: -50, end: BasketEnd.Held),
                    SimulatedDays.Basket(3, realizedCents: null, end: null),
                ],
            }, Rules);

        Assert.Contains("""<path class="completed" data-points="1" d="M10000 3334h0"/>""", page, StringComparison.Ordinal);
        Assert.Contains("""<path class="ended-else" data-points="1" d="M5000 10000h0"/>""", page, StringComparison.Ordinal);
        Assert.Contains("2 baskets that ended: predicted $1.50, realized $0.00, 0.0 % of it.", page, StringComparison.Ordinal);
        Assert.Contains("""<th scope="row">Still open</th><td>1</td><td>$0.80</td><td>–</td>""", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_heat_table_has_a_row_for_each_size_and_a_column_for_each_delay()
    {
        var page = BacktestPage.Of(SimulatedDays.Good, Rules);

        Assert.Contains("""<th scope="col">at once</th><th scope="col">500 ms late</th><th scope="col">5 s late</th>""", page, StringComparison.Ordinal);
        Assert.Contains(
            """<tr><th scope="row">20</th><td class="heat gain-2">$12.00<small>60 baskets</small></td><td class="heat gain-1">$4.00<small>31 baskets</small></td><td class="heat nothing">$0.00<small>2 baskets</small></td></tr>""",
            page, StringComparison.Ordinal);
        Assert.Contains("""<td class="heat gain-4">$45.00""", page, StringComparison.Ordinal);
        Assert.Contains("""<td class="heat loss">−$1.00""", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_market_is_listed_with_what_its_baskets_came_to() => Assert.Contains(
        """<bdi>Who wins the cup?</bdi><small class="id">0xcup</small></th><td>1,000,000</td><td>96.0 %</td><td>60</td><td>40</td><td>40</td><td>$32.00</td><td>$30.00</td><td>93.8 %</td>""",
        BacktestPage.Of(SimulatedDays.Good, Rules), StringComparison.Ordinal);

    [Fact]
    public void Of_many_markets_those_that_earned_most_are_listed_and_the_rest_counted()
    {
        var markets = Enumerable.Range(0, 300).Select(number => new MarketRow(new MarketId($"0x{number}"), $"Market {number}", number, 0, SimulatedDays.Covered(50)));

        var page = BacktestPage.Of(SimulatedDays.Good with { Markets = [.. markets, .. SimulatedDays.Good.Markets] }, Rules);

        Assert.Contains("Who wins the cup?", page, StringComparison.Ordinal);
        Assert.Contains("101 more markets are not listed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_baskets_a_part_is_drawn_and_said()
    {
        var page = BacktestPage.Of(SimulatedDays.Good with { Baskets = [.. Enumerable.Range(0, 5_000).Select(number => SimulatedDays.Basket(number))] }, Rules);

        Assert.Contains("Drawn is one basket of 3.", page, StringComparison.Ordinal);
        Assert.Contains("""class="completed" data-points="1667""", page, StringComparison.Ordinal);
    }

    /// <summary>Names come from the venue, and from whoever wrote the recording.</summary>
    [Fact]
    public void Whatever_things_are_called_no_tag_comes_of_it()
    {
        const string Evil = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
        var good = SimulatedDays.Good;
        var page = BacktestPage.Of(
            good with
            {
                Header = good.Header with { Source = Evil, Models = [new(Evil, Evil)], Changes = [new(Evil, Evil)] },
                Markets = [good.Markets[0] with { Title = Evil, Market = new MarketId(Evil) }],
                Phantoms = [new(Evil, 1)],
                Refusals = [new(Evil, 1)],
                Latencies = [good.Latencies[0] with { Series = Evil }],
                Coverage = good.Coverage with { Gaps = [new(Evil, 1)] },
                DecisionsDigest = Evil,
            }, Rules);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(12, page.Split("&lt;script&gt;alert(1)&lt;/script&gt;").Length - 1);
    }

    [Fact]
    public void Nothing_is_fetched_from_anywhere()
    {
        var page = BacktestPage.Of(SimulatedDays.Good, Rules);

        Assert.DoesNotMatch(Fetched(), page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r.html", true)]
    [InlineData("R.HTM", true)]
    [InlineData("r.json", false)]
    [InlineData("html", false)]
    public void The_name_of_the_file_says_what_is_written(string name, bool isPage)
    {
        var text = ReportFile.TextFor(name, SimulatedDays.Good, Rules);

        Assert.Equal(isPage, text.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal));
        if (!isPage) Assert.Equal("10030", JsonDocument.Parse(text).RootElement.GetProperty("final_equity").GetString());
    }

    [GeneratedRegex("https?:|url\\(|@import|<script|<iframe|src=")]
    private static partial Regex Fetched();
}
