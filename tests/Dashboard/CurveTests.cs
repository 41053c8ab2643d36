using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>Equity as it is drawn.</summary>
public class CurveTests
{
    [Fact]
    public void The_lowest_lies_a_tenth_above_the_bottom_and_the_highest_a_tenth_below_the_top()
    {
        var curve = Curve.Of([(Given.After(0), Usd.Dollars(10)), (Given.After(30), Usd.Dollars(20)), (Given.After(60), Usd.Dollars(15))]);

        Assert.Equal("M0,198 L500,22 L1000,110", curve.Line);
        Assert.Equal((Usd.Dollars(10), Usd.Dollars(20)), (curve.Lowest, curve.Highest));
    }

    [Fact]
    public void Nothing_and_a_single_sample_are_no_line() =>
        Assert.Equal(("", ""), (Curve.Of([]).Line, Curve.Of([(Given.Noon, Usd.Dollars(1))]).Line));

    /// <summary>A day and a half of samples with one spike up, one down, each a single sample.</summary>
    [Fact]
    public void Of_many_samples_few_are_drawn_and_neither_the_extremes_nor_the_ends_are_lost()
    {
        var samples = Enumerable.Range(0, 2_001).Select(n => (Given.After(60 * n), Usd.Cents(100_000 + (n * 37 % 11)))).ToArray();
        samples[777].Item2 = Usd.Dollars(2_000);
        samples[1_234].Item2 = Usd.Dollars(1);

        var curve = Curve.Of([.. samples]);

        Assert.InRange(curve.Points.Length, 100, Curve.PointsMost);
        Assert.Equal((Usd.Dollars(1), Usd.Dollars(2_000)), (curve.Lowest, curve.Highest));
        Assert.Equal((samples[0], samples[^1]), (curve.Points[0], curve.Points[^1]));
        Assert.Equal(curve.Points.OrderBy(point => point.At).ToArray(), curve.Points.ToArray());
    }
}
