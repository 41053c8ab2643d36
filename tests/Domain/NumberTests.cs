using CsCheck;
using PolyArb.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class NumberTests
{
    private const long Fits = 999_999_999_999_999_999;

    [Fact]
    public void Text_and_number_round_trip_at_every_scale() =>
        Gen.Select(Gen.Long[0, Fits], Gen.Int[0, 8]).Sample((scaled, decimals) =>
            FixedPoint.TryParse(FixedPoint.Format(scaled, decimals), decimals, out var back) && back == scaled);

    [Fact]
    public void Money_round_trips_below_zero_too() =>
        Gen.Long[-Fits, Fits].Sample(micros => Usd.Parse(new Usd(micros).ToString()) == new Usd(micros));

    [Fact]
    public void Every_price_round_trips()
    {
        for (var ticks = 0; ticks <= Price.TicksPerDollar; ticks++) Assert.Equal(new Price(ticks), Price.Parse(new Price(ticks).ToString()));
    }

    [Theory]
    [InlineData(0, 4, "0")]
    [InlineData(9_000, 4, "0.9")]
    [InlineData(10_000, 4, "1")]
    [InlineData(1, 6, "0.000001")]
    [InlineData(12_000_000, 6, "12")]
    [InlineData(-1_500_000, 6, "-1.5")]
    [InlineData(1_666_666_666, 6, "1666.666666")]
    [InlineData(long.MinValue, 6, "-9223372036854.775808")]
    [InlineData(long.MaxValue, 0, "9223372036854775807")]
    public void Is_written_as_the_venue_writes_it(long scaled, int decimals, string text) => Assert.Equal(text, FixedPoint.Format(scaled, decimals));

    [Theory]
    [InlineData(5_500, "0.550")]
    [InlineData(5_555, "0.5555")]
    [InlineData(10_000, "1.000")]
    [InlineData(0, "0.000")]
    public void A_last_trade_price_shows_at_least_three_decimals(long ticks, string text) => Assert.Equal(text, FixedPoint.Padded(ticks, 4, shown: 3));

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData("0.0000001")]
    [InlineData("1000000000000")]
    [InlineData("\u0661")]
    [InlineData("NaN")]
    public void Text_that_does_not_fit_is_refused(string text)
    {
        Assert.False(FixedPoint.TryParse(text, 6, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Size.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0001")]
    [InlineData("2")]
    [InlineData("0.12345")]
    [InlineData("-0.5")]
    public void A_price_lies_between_0_and_1_with_4_decimals(string text)
    {
        Assert.Throws<FormatException>(() => Price.Parse(text));
        Assert.False(Price.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void Zeros_behind_the_last_digit_are_no_precision()
    {
        Assert.Equal(new Price(5_000), Price.Parse("0.50000000"));
        Assert.Equal(Size.Shares(7), Size.Parse("7.000000000"));
    }

    [Fact]
    public void Cost_rounds_up_and_proceeds_down_by_less_than_a_micro() =>
        Gen.Select(Gen.Int[1, 9_999], Gen.Long[0, 1_000_000_000_000_000]).Sample((ticks, micros) =>
        {
            var (price, size) = (new Price(ticks), new Size(micros));
            var exact = (Int128)ticks * micros;
            var (cost, proceeds) = ((Int128)Usd.Cost(price, size).Micros * 10_000, (Int128)Usd.Proceeds(price, size).Micros * 10_000);
            return cost >= exact && cost - exact < 10_000 && proceeds <= exact && exact - proceeds < 10_000;
        });

    [Fact]
    public void A_third_of_a_cent_costs_a_micro_more_than_it_brings()
    {
        Assert.Equal(1, Usd.Cost(new Price(3_333), new Size(1)).Micros);
        Assert.Equal(0, Usd.Proceeds(new Price(3_333), new Size(1)).Micros);
    }

    [Fact]
    public void Floors_go_down_to_the_cent_and_the_hundredth()
    {
        Assert.Equal(Usd.Cents(1_99), new Usd(1_999_999).FloorToCent);
        Assert.Equal(Size.Parse("1.99"), new Size(1_999_999).FloorToHundredth);
    }

    [Fact]
    public void Sums_that_overflow_throw_instead_of_wrapping()
    {
        Assert.Throws<OverflowException>(() => new Usd(long.MaxValue) + new Usd(1));
        Assert.Throws<OverflowException>(() => new Size(long.MinValue) - new Size(1));
        Assert.Throws<OverflowException>(() => Size.Shares(long.MaxValue / 1_000));
        Assert.Throws<OverflowException>(() => Usd.Payout(14, new Size(long.MaxValue / 10)));
    }

    [Fact]
    public void A_price_and_its_complement_are_a_dollar()
    {
        Assert.Equal(Price.Cents(30), Price.Cents(70).Complement);
        Assert.False(Price.Cents(0).IsInside);
        Assert.False(Price.Cents(100).IsInside);
        Assert.True(new Price(1).IsInside);
        Assert.True(Price.Parse("0.0075").IsOn(Price.Parse("0.0025")));
        Assert.False(Price.Parse("0.001").IsOn(Price.Parse("0.0025")));
    }

    [Fact]
    public void A_moment_keeps_its_microseconds() => Gen.Long[0, 4_000_000_000_000_000].Sample(micros =>
        Instant.From(new Instant(micros).ToDateTimeOffset()) == new Instant(micros)
        && new Instant(micros) + TimeSpan.FromMilliseconds(250) - new Instant(micros) == TimeSpan.FromMilliseconds(250));
}
