using CsCheck;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>Fills of odd micro-shares, which market orders make: every division has a rest, and it must not add up.</summary>
public sealed class OddMicrosTests
{
    [Fact]
    public void Mints_in_odd_micros_cost_a_maker_at_most_one_micro_that_it_did_not_have() =>
        Gen.Select(Gen.Int[5, 95], Gen.Int[1_000_000, 1_900_000].List[1, 40]).Sample(
            (cents, spends) =>
            {
                var venue = new Venue();
                var alice = venue.Account("alice");
                venue.LeaveOnly("alice", cents * 1_000_000L);
                Assert.IsType<PlaceResult.Accepted>(venue.Limit("alice", Venue.No, Side.Buy, cents * 100, 100));
                foreach (var spend in spends)
                {
                    var cash = spend * 10L / 10_000 * 10_000; // Whole cents.
                    venue.Spend("bob", Venue.Yes, OrderType.Fak, cash, cash * 100 / (100 - cents));

                    Assert.True(alice.ReservedCash == 0 || alice.Cash >= alice.ReservedCash, $"{alice.Cash} in cash, {alice.ReservedCash} set aside");
                    Assert.True(alice.Cash >= -1);
                }
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void A_buy_against_odd_remainders_never_takes_more_than_its_wallet_has() =>
        Gen.Select(Gen.Int[5, 95], Gen.Int[100, 700].List[1, 8], Gen.Bool).Sample(
            (cents, spends, fee) =>
            {
                var venue = new Venue(fee ? new FeeSchedule(700, 1) : null);
                foreach (var spend in spends)
                {
                    venue.Limit("alice", Venue.No, Side.Buy, cents * 100, 10);
                    venue.Spend("carol", Venue.Yes, OrderType.Fak, spend * 10_000L, spend * 1_000_000L / (100 - cents));
                }

                var bob = venue.Account("bob");
                venue.LeaveOnly("bob", (100 - cents) * 200_000L + (fee ? venue.Condition.Fee!.Charge([(20_000_000, cents * 100)]) : 0));
                var result = venue.Limit("bob", Venue.Yes, Side.Buy, 10_000 - cents * 100, 20);

                Assert.True(bob.Cash >= bob.ReservedCash, $"{bob.Cash} in cash, {bob.ReservedCash} set aside after {result}");
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Nothing_stays_set_aside_for_orders_that_are_over()
    {
        var venue = new Venue();
        venue.Limit("alice", Venue.No, Side.Buy, 6_300, 10);
        venue.Limit("alice", Venue.Yes, Side.Sell, 4_000, 10);
        venue.Spend("bob", Venue.Yes, OrderType.Fak, 3_330_000, 9_000_000);
        venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 20);

        foreach (var order in venue.Account("bob").Orders) venue.Exchange.Cancel(order);

        foreach (var account in (Account[])[venue.Account("alice"), venue.Account("bob")])
        {
            Assert.Equal(0, account.ReservedCash);
            Assert.All(venue.Condition.Tokens, token => Assert.Equal(0, account.ReservedTokens(token)));
        }
    }
}
