using CsCheck;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using Xunit;

namespace PolyArb.Tests.Domain;

public class EquityCurveTests
{
    [Fact]
    public void Of_each_second_the_lowest_the_highest_and_the_last_are_kept_in_their_order()
    {
        var curve = new EquityCurve();
        foreach (var (millis, dollars) in ((long, long)[])[(0, 10), (100, 12), (200, 11), (300, 7), (400, 9), (500, 9), (1_000, 8), (1_500, 8)])
            curve.Add(Instant.FromMillis(millis), Usd.Dollars(dollars));

        Assert.Equal([(100, 12), (300, 7), (500, 9), (1_000, 8), (1_500, 8)], curve.Points.Select(point => (point.At.Millis, point.Equity.Micros / 1_000_000)));
    }

    [Fact]
    public void The_drawdown_is_from_the_highest_before_not_to_the_lowest_ever()
    {
        var curve = new EquityCurve();
        foreach (var (second, dollars) in ((long, long)[])[(0, 5), (1, 10), (2, 7), (3, 20), (4, 16), (5, 30)])
            curve.Add(Instant.FromMillis(second * 1_000), Usd.Dollars(dollars));

        Assert.Equal(Usd.Dollars(4), curve.MaxDrawdown);
    }

    [Fact]
    public void A_loss_from_the_first_value_on_is_a_drawdown_even_below_zero()
    {
        var curve = new EquityCurve();
        curve.Add(new Instant(0), -Usd.Dollars(5));
        curve.Add(new Instant(1), -Usd.Dollars(8));

        Assert.Equal(Usd.Dollars(3), curve.MaxDrawdown);
    }

    [Fact]
    public void Whatever_comes_the_points_are_few_in_order_and_hold_both_extremes_and_the_last()
    {
        var values = Gen.Select(Gen.Long[0, 5_000_000], Gen.Long[-1_000, 1_000]).List[1, 400];
        values.Sample(steps =>
        {
            var curve = new EquityCurve(stretchesMax: 8);
            var (at, peak, drawdown, all) = (0L, long.MinValue, 0L, new List<long>());
            foreach (var (wait, equity) in steps)
            {
                curve.Add(new Instant(at += wait), new Usd(equity));
                all.Add(equity);
                peak = Math.Max(peak, equity);
                drawdown = Math.Max(drawdown, peak - equity);
            }

            var points = curve.Points;
            Assert.InRange(points.Length, 1, 24);
            Assert.Equal(points.OrderBy(point => point.At), points);
            Assert.Equal((all.Min(), all.Max(), all[^1]), (points.Min(point => point.Equity.Micros), points.Max(point => point.Equity.Micros), points[^1].Equity.Micros));
            Assert.Equal(drawdown, curve.MaxDrawdown.Micros);
        });
    }
}
