using PolyArb.Domain;
using PolyArb.Report;
using Xunit;

namespace PolyArb.Tests.Report;

public class ShowTests
{
    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(49, "$0.00")]
    [InlineData(50, "$0.0001")]
    [InlineData(-75_000, "−$0.075")]
    [InlineData(750_000, "$0.75")]
    [InlineData(9_999_999, "$10.00")]
    [InlineData(12_345_678_901, "$12,345.68")]
    [InlineData(-10_004_999, "−$10.00")]
    public void Money_is_rounded_to_what_matters(long micros, string shown) => Assert.Equal(shown, Show.Money(new Usd(micros)));

    [Theory]
    [InlineData(0, "0.0 %")]
    [InlineData(333_333, "33.3 %")]
    [InlineData(-12_500, "−1.3 %")]
    [InlineData(1_250_000, "125.0 %")]
    public void A_share_has_one_decimal(long millionths, string shown) => Assert.Equal(shown, Show.Percent(new Share(millionths)));

    [Theory]
    [InlineData(850, "850 µs")]
    [InlineData(81_500, "81.5 ms")]
    [InlineData(1_999_900, "1,999.9 ms")]
    [InlineData(5_000_000, "5 s")]
    [InlineData(12_340_000, "12.3 s")]
    public void Microseconds_have_a_fitting_unit(long micros, string shown) => Assert.Equal(shown, Show.Micros(micros));

    [Theory]
    [InlineData(90, "90 s")]
    [InlineData(150, "2.5 min")]
    [InlineData(86_400, "24 h")]
    [InlineData(345_600, "4 days")]
    public void A_span_has_a_fitting_unit(long seconds, string shown) => Assert.Equal(shown, Show.Span(TimeSpan.FromSeconds(seconds)));
}
