using System.Globalization;
using CsCheck;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Polymarket;

public class OrderAmountsTests
{
    private static readonly string[] Ticks = ["0.1", "0.01", "0.005", "0.0025", "0.001", "0.0001"];

    /// <summary>The worked amounts of the protocol sheet, 7.2.</summary>
    [Theory]
    [InlineData("limit", Side.Buy, "21.04", "0.82", "0.01", 17_252_800, 21_040_000)]
    [InlineData("limit", Side.Sell, "21.04", "0.82", "0.01", 21_040_000, 17_252_800)]
    [InlineData("limit", Side.Buy, "5.009", "0.5", "0.01", 2_500_000, 5_000_000)]
    [InlineData("limit", Side.Sell, "10.129", "0.52", "0.01", 10_120_000, 5_262_400)]
    [InlineData("limit", Side.Buy, "12.34", "0.37", "0.01", 4_565_800, 12_340_000)]
    [InlineData("limit", Side.Buy, "101.37", "0.057", "0.001", 5_778_090, 101_370_000)]
    [InlineData("limit", Side.Buy, "19.1", "0.0567", "0.0001", 1_082_970, 19_100_000)]
    [InlineData("limit", Side.Buy, "33.33", "0.1225", "0.0025", 4_082_925, 33_330_000)]
    [InlineData("limit", Side.Buy, "7.77", "0.335", "0.005", 2_602_950, 7_770_000)]
    [InlineData("limit", Side.Buy, "10", "0.12", "0.1", 1_000_000, 10_000_000)]
    [InlineData("limit", Side.Buy, "10", "0.15", "0.1", 2_000_000, 10_000_000)]
    [InlineData("market", Side.Buy, "100", "0.56", "0.01", 100_000_000, 178_571_400)]
    [InlineData("market", Side.Buy, "10", "0.52", "0.01", 10_000_000, 19_230_700)]
    [InlineData("market", Side.Buy, "100", "0.056", "0.001", 100_000_000, 1_785_714_280)]
    [InlineData("market", Side.Buy, "100.009", "0.5699", "0.01", 100_000_000, 178_571_400)]
    [InlineData("market", Side.Sell, "12.349", "0.37", "0.01", 12_340_000, 4_565_800)]
    [InlineData("market", Side.Sell, "10.999", "0.333", "0.001", 10_990_000, 3_659_670)]
    public void The_worked_amounts_come_out(string kind, Side side, string quantity, string price, string tick, long maker, long taker) =>
        Assert.Equal(new AmountsResult.Ok(new OrderAmounts(maker, taker)), Of(kind == "market", side, price, quantity, tick));

    /// <summary>Below a million shares a double is wide enough, so the official client and we agree.</summary>
    [Fact]
    public void Agrees_with_the_clients_doubles_below_a_million_shares() => Gen.Select(
        Gen.Int[0, Ticks.Length - 1], Gen.Int[1, 9_999], Gen.Long[10_000, 10_000_000_000], Gen.Bool, Gen.Bool)
        .Sample((which, at, micros, isMarket, isBuy) =>
        {
            var tick = Ticks[which];
            var step = Price.Parse(tick);
            var price = new Price(Math.Clamp(at / step.Ticks * step.Ticks, step.Ticks, step.Complement.Ticks));
            var (side, quantity) = (isBuy ? Side.Buy : Side.Sell, new Size(isMarket && isBuy ? micros * price.Ticks / 10_000 : micros));
            var (p, q) = (double.Parse(price.ToString(), CultureInfo.InvariantCulture), double.Parse(quantity.ToString(), CultureInfo.InvariantCulture));
            var (maker, taker) = isMarket ? ClientDoubles.Market(side, p, q, tick) : ClientDoubles.Limit(side, p, q, tick);
            var ours = isMarket ? OrderAmounts.Market(side, price, quantity, step) : OrderAmounts.Limit(side, price, quantity, step);
            return ours == new AmountsResult.Ok(new OrderAmounts(maker, taker));
        });

    [Theory]
    [InlineData("0.0099999999999999999999", "0.01", "invalid price (0.0099999999999999999999), min: 0.01 - max: 0.99")]
    [InlineData("0.990000000000000000000001", "0.01", "invalid price (0.990000000000000000000001), min: 0.01 - max: 0.99")]
    [InlineData("4.5e-7", "0.0001", "invalid price (4.5e-7), min: 0.0001 - max: 0.9999")]
    [InlineData("5e-7", "0.0001", "invalid price (5e-7), min: 0.0001 - max: 0.9999")]
    [InlineData("0.000001", "0.0001", "invalid price (0.000001), min: 0.0001 - max: 0.9999")]
    [InlineData("0", "0.0025", "invalid price (0), min: 0.0025 - max: 0.9975")]
    [InlineData("12", "0.005", "invalid price (12), min: 0.005 - max: 0.995")]
    [InlineData("0.5", "0.02", "invalid tick size (0.02)")]
    public void A_price_outside_the_ticks_range_is_refused(string price, string tick, string why)
    {
        Assert.Equal(new AmountsResult.Refused(why), Of(isMarket: false, Side.Buy, price, "10", tick));
        Assert.Equal(new AmountsResult.Refused(why), Of(isMarket: true, Side.Sell, price, "10", tick));
    }

    [Theory]
    [InlineData("0.01", "0.01")]
    [InlineData("0.99", "0.01")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.9999", "0.0001")]
    [InlineData("0.9975", "0.0025")]
    public void The_ends_of_the_range_are_prices(string price, string tick) =>
        Assert.IsType<AmountsResult.Ok>(Of(isMarket: false, Side.Buy, price, "10", tick));

    [Fact]
    public void Shares_that_no_number_holds_are_refused() => Assert.Equal(
        new AmountsResult.Refused("invalid amount (999999999999)"), Of(isMarket: true, Side.Buy, "0.0001", "999999999999", "0.0001"));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("1e-")]
    [InlineData("1e-25")]
    [InlineData("0.1e-24")]
    [InlineData("NaN")]
    [InlineData("1000000000000")]
    [InlineData("0.1234567890123456789012345")]
    public void What_is_no_number_or_does_not_fit_is_said_so(string text) => Assert.False(ExactDecimal.TryParse(text, out _));

    [Theory]
    [InlineData("0")]
    [InlineData("0.5")]
    [InlineData("999999999999")]
    [InlineData("999999999999.999999999999999999999999")]
    [InlineData("0.000001")]
    [InlineData("9.99e-7")]
    [InlineData("1e-24")]
    public void A_number_prints_as_it_was_written(string text)
    {
        Assert.True(ExactDecimal.TryParse(text, out var value));
        Assert.Equal(text, value.ToString());
    }

    private static AmountsResult Of(bool isMarket, Side side, string price, string quantity, string tick)
    {
        Assert.True(ExactDecimal.TryParse(price, out var p) & ExactDecimal.TryParse(quantity, out var q));
        return isMarket ? OrderAmounts.Market(side, p, q, Price.Parse(tick)) : OrderAmounts.Limit(side, p, q, Price.Parse(tick));
    }
}
