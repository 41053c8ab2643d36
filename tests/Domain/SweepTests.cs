using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class SweepTests
{
    [Theory]
    [InlineData("min_edge_threshold=0.002..0.02/10", "min_edge_threshold", "0.002 0.004 0.006 0.008 0.01 0.012 0.014 0.016 0.018 0.02")]
    [InlineData("a = 1 .. 2 /3", "a", "1 1.5 2")]
    [InlineData("a=0..1/4", "a", "0 0.333333333 0.666666666 1")] // Both ends are exact.
    [InlineData("slippage_model=depth, fixed_bps,depth", "slippage_model", "depth fixed_bps")]
    [InlineData("a=5", "a", "5")]
    public void An_axis_takes_the_values_it_says(string text, string key, string values)
    {
        Assert.True(SweepAxis.TryParse(text, out var axis, out var complaint), complaint);
        Assert.Equal((key, values), (axis.Key, string.Join(' ', axis.Values)));
    }

    [Theory]
    [InlineData("min_edge_threshold", "must be KEY=FROM..TO/STEPS")]
    [InlineData("=1..2/3", "must be KEY=FROM..TO/STEPS")]
    [InlineData("a=", "must be KEY=FROM..TO/STEPS")]
    [InlineData("a=1..2", "TO above FROM and 2 to 1000 steps")]
    [InlineData("a=2..1/3", "TO above FROM")]
    [InlineData("a=1..2/1", "2 to 1000 steps")]
    [InlineData("a=1..2/1001", "2 to 1000 steps")]
    [InlineData("a=x..2/3", "with numbers")]
    [InlineData("a=1,,2", "a value is missing")]
    public void An_axis_that_says_no_values_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(SweepAxis.TryParse(text, out _, out var complaint));
        Assert.StartsWith(text, complaint, StringComparison.Ordinal);
        Assert.Contains(reason, complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_has_every_combination_once_the_last_axis_turning_fastest() => Assert.Equal(
        ["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"],
        SweepAxis.Grid([new SweepAxis("a", ["1", "2"]), new SweepAxis("b", ["x", "y"])])
            .Select(cell => string.Join(' ', cell.Select(change => $"{change.Name}={change.Text}"))));

    [Fact]
    public void Baskets_before_the_split_choose_and_those_after_it_judge()
    {
        var result = Result(
            Basket(Given.Noon, predicted: 5, realized: 4),
            Basket(Given.Noon + TimeSpan.FromHours(1), predicted: 3, realized: -1),
            Basket(Given.Noon + TimeSpan.FromHours(2), predicted: 2, realized: null));

        var row = SweepRow.Of([], result, outOfSample: 666_667); // Two of the three hours.

        Assert.Equal(new SweepPart(1, Usd.Dollars(5), Usd.Dollars(4)), row.InSample);
        Assert.Equal(new SweepPart(1, Usd.Dollars(5), Usd.Dollars(-1)), row.OutOfSample); // The open one has earned nothing yet.
        Assert.Equal(new SweepPart(2, Usd.Dollars(10), Usd.Dollars(3)), SweepRow.Of([], result, outOfSample: 0).InSample);
    }

    [Fact]
    public void A_basket_of_which_nothing_filled_is_no_trade_that_the_best_could_rest_on()
    {
        var unfilled = Basket(Given.Noon, predicted: 5, realized: 0) with { End = BasketEnd.Unfilled };
        var result = Result([Basket(Given.Noon, predicted: 5, realized: 4), .. Enumerable.Repeat(unfilled, 39)]);

        var row = SweepRow.Of([new NamedText("a", "2")], result, outOfSample: 0);
        Assert.Equal((1, Usd.Dollars(200), Usd.Dollars(4)), (row.InSample.Baskets, row.InSample.Predicted, row.InSample.Earned));
        Assert.Contains(Ranked(row).Warnings, warning => warning.StartsWith("the best rests on 1 baskets that traded", StringComparison.Ordinal));
    }

    [Fact]
    public void The_best_earns_most_in_sample_and_among_equals_risks_least()
    {
        var ranking = Ranked(Row("1", earned: 5), Row("2", earned: 9, drawdown: 4), Row("3", earned: 9, drawdown: 2));

        Assert.Equal(["3", "2", "1"], ranking.Rows.Select(row => row.Changes[0].Text));
    }

    //           best value   in: baskets  earned   out: baskets  earned   the doubt
    [Theory]
    [InlineData("2", 100, 50, 40, 20, null)]
    [InlineData("1", 100, 50, 40, 20, "the best a is the first of the grid (1): look below it too")]
    [InlineData("3", 100, 50, 40, 20, "the best a is the last of the grid (3): look above it too")]
    [InlineData("2", 29, 50, 40, 20, "the best rests on 29 baskets that traded, fewer than 30: one lucky trade may have chosen it")]
    [InlineData("2", 100, 50, 0, 0, "no basket of the best traded out of sample: nothing confirms it")]
    [InlineData("2", 100, 50, 40, -3, "the best earned 50 in sample and -3 out of it: it does not hold")]
    [InlineData("2", 100, 0, 40, 20, "no combination earned anything")]
    public void What_speaks_against_the_best_is_said(string best, int baskets, int earned, int baskets2, int earned2, string? doubt)
    {
        var rows = new[] { "1", "2", "3" }.Select(value => value == best
            ? Row(value, baskets, earned, baskets2, earned2)
            : Row(value, baskets: 100, earned: -10));

        Assert.Equal(doubt is null ? [] : [doubt], Ranked([.. rows]).Warnings);
    }

    [Fact]
    public void An_edge_of_the_grid_says_nothing_where_the_parameter_does_not_matter() =>
        Assert.Empty(Ranked(Row("1"), Row("2"), Row("3")).Warnings);

    [Fact]
    public void Without_a_split_the_best_is_judged_by_what_chose_it() =>
        Assert.Contains("--out-of-sample", Assert.Single(SweepRanking.Of([Axis], [Row("2"), Row("1", earned: 1)], hasSplit: false).Warnings), StringComparison.Ordinal);

    [Fact]
    public void The_table_is_csv_with_quoted_commas()
    {
        var axis = new SweepAxis("a", ["x,y"]);
        var row = Row("x,y", baskets: 40, earned: 7, outBaskets: 3, outEarned: 2, drawdown: 1);

        Assert.Equal(
            "rank,a,baskets_in,predicted_in,earned_in,baskets_out,predicted_out,earned_out,max_drawdown,decisions_digest\r\n1,\"x,y\",40,7,7,3,2,2,1,ab\r\n",
            SweepCsv.Write([axis], SweepRanking.Of([axis], [row], hasSplit: true)));
    }

    private static BacktestResult Result(params BasketRow[] baskets) => new()
    {
        Header = new BacktestHeader("day.jsonl", 1, Given.Noon, Given.Noon + TimeSpan.FromHours(3), [], []),
        Events = 0,
        DecisionsDigest = "ab",
        Money = new BacktestMoney(Usd.Zero, Usd.Zero, Usd.Zero, Usd.Zero, Usd.Zero, Usd.Zero),
        Orders = new OrderCounts(0, 0, 0, 0, 0),
        Baskets = [.. baskets],
        MaxDrawdown = Usd.Zero,
        Coverage = new Coverage(TimeSpan.Zero, TimeSpan.Zero, default, []),
    };

    private static BasketRow Basket(Instant seenAt, int predicted, int? realized) => new(
        new BasketId("b"), Given.Event, BasketKind.No, BasketStyle.Taker, seenAt, Size.Shares(1), Usd.Dollars(predicted),
        realized is { } dollars ? Usd.Dollars(dollars) : null, realized is null ? null : BasketEnd.Completed);

    private static SweepAxis Axis => new("a", ["1", "2", "3"]);

    private static SweepRanking Ranked(params SweepRow[] rows) => SweepRanking.Of([Axis], rows, hasSplit: true);

    private static SweepRow Row(string value, int baskets = 100, int earned = 50, int outBaskets = 40, int outEarned = 20, int drawdown = 0) => new(
        [new NamedText("a", value)],
        new SweepPart(baskets, Usd.Dollars(earned), Usd.Dollars(earned)),
        new SweepPart(outBaskets, Usd.Dollars(outEarned), Usd.Dollars(outEarned)),
        Usd.Dollars(drawdown),
        "ab");
}
