using CsCheck;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class FeeCurveTests
{
    /// <summary>The vectors of protocol sheet 8; the last is the tie, which we charge half up.</summary>
    [Theory]
    [InlineData("100", "0.5", 70_000, "1.75")]
    [InlineData("100", "0.3", 70_000, "1.47")]
    [InlineData("100", "0.5", 50_000, "1.25")]
    [InlineData("100", "0.1", 40_000, "0.36")]
    [InlineData("21.04", "0.82", 50_000, "0.15528")]
    [InlineData("5", "0.99", 70_000, "0.00347")]
    [InlineData("0.0001", "0.5", 50_000, "0")]
    public void Charges_what_the_venue_charges(string shares, string price, int rate, string fee) =>
        Assert.Equal(Usd.Parse(fee), new FeeCurve(rate, 1).Charge(Price.Parse(price), Size.Parse(shares)));

    [Theory]
    [InlineData("100", "0.5", "1.5625")]
    [InlineData("100", "0.2", "0.64")]
    public void An_exponent_of_two_squares_the_variance(string shares, string price, string fee) =>
        Assert.Equal(Usd.Parse(fee), new FeeCurve(250_000, 2).Charge(Price.Parse(price), Size.Parse(shares)));

    [Fact]
    public void The_worst_is_never_below_the_charge_and_at_most_one_unit_above() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 2], Gen.Select(Gen.Int[1, 9_999], Gen.Long[1, 1_000_000_000_000]).Array[1, 5])
            .Sample((rate, exponent, legs) =>
            {
                var curve = new FeeCurve(rate, exponent);
                var levels = legs.Select(leg => new Level(new Price(leg.Item1), new Size(leg.Item2))).ToArray();
                var (worst, charge) = (curve.Worst(levels), curve.Charge(levels));
                return worst >= charge && (worst - charge).Micros <= 10;
            });

    [Fact]
    public void A_charge_is_rounded_once_over_all_legs_of_an_execution()
    {
        var curve = new FeeCurve(70_000, 1);
        var leg = new Level(Price.Cents(99), Size.Shares(5)); // 0.003465 each.
        Assert.Equal(Usd.Parse("0.00693"), curve.Charge([leg, leg]));
    }

    [Fact]
    public void A_billion_shares_do_not_overflow()
    {
        Assert.Equal(Usd.Dollars(250_000_000), new FeeCurve(1_000_000, 1).Charge(Price.Cents(50), Size.Shares(1_000_000_000)));
        Assert.Equal(Usd.Dollars(62_500_000), new FeeCurve(1_000_000, 2).Worst(Price.Cents(50), Size.Shares(1_000_000_000)));
    }

    [Fact]
    public void Yes_and_no_pay_the_same() => Gen.Select(Gen.Int[1, 9_999], Gen.Long[1, 1_000_000_000]).Sample((ticks, size) =>
        new FeeCurve(50_000, 1).Charge(new Price(ticks), new Size(size)) == new FeeCurve(50_000, 1).Charge(new Price(ticks).Complement, new Size(size)));

    [Fact]
    public void A_free_market_charges_nothing() => Assert.Equal(Usd.Zero, FeeCurve.Free.Worst(Price.Cents(50), Size.Shares(100)));
}
