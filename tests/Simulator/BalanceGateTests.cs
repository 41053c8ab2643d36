using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class BalanceGateTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly Venue _venue;

    public BalanceGateTests() => _venue = new Venue(new FeeSchedule(500, 1), _clock);

    [Fact]
    public void The_refusal_names_the_chain_s_balance_what_matched_trades_take_from_it_and_the_order_with_its_fee()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 1_000);
        _venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_000); // 500 and 12.5 fee, matched but not settled.
        _venue.Limit("bob", Venue.No, Side.Buy, 1_000, 20); // Rests; in none of the numbers.

        var refused = Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 2_500_000));

        Assert.Equal(
            "not enough balance / allowance: the balance is not enough -> balance: 990000000000, sum of matched orders: 512500000, "
            + "order amount (inc. fees): 1030000000000", refused);
    }

    [Fact]
    public void A_buy_that_matches_far_below_its_limit_needs_the_larger_fee_of_the_better_price()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 100);
        var (atLimit, atMatch) = (100 * 9_000 * 100 + 450_000L, 100 * 9_000 * 100 + 1_250_000L);

        _venue.LeaveOnly("bob", atMatch - 1);
        var refused = Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 9_000, 100));
        _venue.Exchange.Ledger.Issue(_venue.Account("bob"), 1);

        Assert.EndsWith("order amount (inc. fees): 91250000", refused, StringComparison.Ordinal);
        Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 9_000, 100));
        _venue.LeaveOnly("carol", atLimit); // Nothing is left to match, so the fee at the limit is the worst.
        Assert.IsType<PlaceResult.Accepted>(_venue.Limit("carol", Venue.Yes, Side.Buy, 9_000, 100));
    }

    [Fact]
    public void What_its_own_canceled_order_held_pays_for_the_order_that_canceled_it()
    {
        _venue.Exchange.AllowsSelfTrades = false;
        _venue.LeaveOnly("bob", 5_250_000); // Ten shares at a half, and the fee that they could cost.
        var own = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.No, Side.Buy, 5_000, 10, postOnly: true)).Order;

        Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10));

        Assert.Equal((OrderStatus.Canceled, 5_000_000), (own.Status, _venue.Account("bob").ReservedCash));
    }

    [Fact]
    public void Once_a_trade_is_mined_the_text_counts_it_no_more()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 1_000);
        _venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_000);
        Pass(800);

        var refused = Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 2_500_000));

        Assert.Contains("balance: 989487500000, sum of matched orders: 0,", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_a_trade_that_is_not_mined_sell_at_once_unless_the_venue_waits_for_the_chain()
    {
        _venue.Exchange.SellsNeedMined = true;
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 1_000);
        _venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_000);

        var early = _venue.Limit("bob", Venue.Yes, Side.Sell, 6_000, 10_500);
        _venue.Exchange.SellsNeedMined = false;
        var lenient = _venue.Limit("bob", Venue.Yes, Side.Sell, 6_000, 10_500);
        _venue.Exchange.Cancel(Assert.IsType<PlaceResult.Accepted>(lenient).Order);
        _venue.Exchange.SellsNeedMined = true;
        Pass(800);
        var mined = _venue.Limit("bob", Venue.Yes, Side.Sell, 6_000, 10_500);

        Assert.EndsWith("balance: 10000000000, sum of matched orders: 0, order amount (inc. fees): 10500000000", Refusal(early), StringComparison.Ordinal);
        Assert.IsType<PlaceResult.Accepted>(mined);
    }

    [Fact]
    public void Funds_that_leave_take_the_newest_orders_with_them_until_the_rest_is_covered()
    {
        var old = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 6_000, 4_000));
        var other = Order(_venue.Limit("bob", Venue.No, Side.Sell, 6_000, 4_000));
        var middle = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 7_000, 3_000));
        var young = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 8_000, 2_000));
        var heard = Heard.User(_venue.Exchange, "bob");

        lock (_venue.Exchange.Gate)
        {
            Assert.Null(new Chain(_venue.Exchange).Merge(_venue.Account("bob"), _venue.Condition, 4_000 * Units.MicrosOne));
        }

        Assert.Equal(
            [OrderStatus.Live, OrderStatus.Live, OrderStatus.Invalid, OrderStatus.Invalid],
            [old.Status, other.Status, middle.Status, young.Status]);
        Assert.Equal(
            [("CANCELLATION", "INVALID", young.Id), ("CANCELLATION", "INVALID", middle.Id)],
            heard.SoFar().Select(f => (f.Text("type"), f.Text("status"), f.Text("id"))));
    }

    [Fact]
    public void Where_self_trades_are_not_allowed_a_taker_cancels_its_own_resting_orders_and_meets_the_others()
    {
        _venue.Exchange.AllowsSelfTrades = false;
        var own = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 10));
        var others = Order(_venue.Limit("alice", Venue.Yes, Side.Sell, 5_100, 10));
        var untouched = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 5_200, 10));

        var trade = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_500, 10)).Trade!;

        Assert.Equal([others], trade.Legs.Select(l => l.Maker));
        Assert.Equal((OrderStatus.Canceled, OrderStatus.Live), (own.Status, untouched.Status));
    }

    [Fact]
    public void Where_self_trades_are_not_allowed_a_post_only_order_still_must_not_cross_its_owner_s()
    {
        _venue.Exchange.AllowsSelfTrades = false;
        _venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 10);

        Assert.Equal("invalid post-only order: order crosses book", Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10, postOnly: true)));
    }

    [Fact]
    public void A_wallet_may_trade_with_itself_by_default()
    {
        _venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 10);

        Assert.NotNull(Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10)).Trade);
    }

    private static string Refusal(PlaceResult result) => Assert.IsType<PlaceResult.Refused>(result).Text;

    private static BookOrder Order(PlaceResult result) => Assert.IsType<PlaceResult.Accepted>(result).Order;

    private void Pass(int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _venue.Exchange.Agenda.RunDue();
    }
}
