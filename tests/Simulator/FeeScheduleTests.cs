using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class FeeScheduleTests
{
    /// <summary>Protocol 8; sizes and fees in micros. The last but one is a tie and goes up, the last is below the smallest fee.</summary>
    [Theory]
    [InlineData(100_000_000, 5_000, 700, 1, 1_750_000)]
    [InlineData(100_000_000, 3_000, 700, 1, 1_470_000)]
    [InlineData(100_000_000, 5_000, 500, 1, 1_250_000)]
    [InlineData(100_000_000, 1_000, 400, 1, 360_000)]
    [InlineData(21_040_000, 8_200, 500, 1, 155_280)]
    [InlineData(100_000_000, 5_000, 2_500, 2, 1_562_500)]
    [InlineData(5_000_000, 9_900, 700, 1, 3_470)]
    [InlineData(400, 5_000, 400, 1, 0)]
    public void A_fee_is_exact_and_then_rounded_half_up_to_five_decimals(long shares, int price, int rate, int exponent, long fee) =>
        Assert.Equal(fee, new FeeSchedule(rate, exponent).Charge([(shares, price)]));

    [Fact]
    public void A_buyer_pays_the_fee_on_top_and_a_seller_out_of_the_proceeds_and_makers_pay_none()
    {
        var venue = new Venue(new FeeSchedule(500, 1));
        var (alice, bob, carol) = (venue.Account("alice"), venue.Account("bob"), venue.Account("carol"));
        var (a, b, c) = (alice.Cash, bob.Cash, carol.Cash);
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 100);
        venue.Limit("alice", Venue.Yes, Side.Buy, 4_000, 100);

        venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 100);
        venue.Limit("carol", Venue.Yes, Side.Sell, 4_000, 100);

        Assert.Equal(a + 50_000_000 - 40_000_000, alice.Cash);
        Assert.Equal(b - 50_000_000 - 1_250_000, bob.Cash);
        Assert.Equal(c + 40_000_000 - 1_200_000, carol.Cash);
        Assert.Equal(2_450_000, venue.Exchange.Ledger.FeesCollected);
        venue.Exchange.Ledger.AssertConserved();
    }
}
