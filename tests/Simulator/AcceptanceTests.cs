using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class AcceptanceTests
{
    private readonly Venue _venue = new(new FeeSchedule(500, 1));

    [Fact]
    public void A_post_only_order_that_would_match_is_refused()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);

        Assert.Equal(
            "invalid post-only order: order crosses book",
            Refusal(_venue.Limit("bob", Venue.No, Side.Sell, 5_000, 10, postOnly: true)));
    }

    [Fact]
    public void Resting_orders_hold_their_money_back()
    {
        _venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_900_000);

        var refused = Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 190_000));

        Assert.StartsWith("not enough balance / allowance", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_orders_are_read_in_the_order_of_their_arrival_whatever_came_and_went_before()
    {
        var house = _venue.Exchange.Ledger.OpenHouse("0x00000000000000000000000000000000000000a1");
        _venue.Exchange.Ledger.Issue(house, 1_000 * Units.MicrosOne);
        foreach (var shares in (long[])[5, 6, 7])
        {
            var quote = _venue.Request("alice", Venue.Yes, Side.Buy, 1_000, shares) with { };
            var request = new OrderRequest(
                quote.Id, "house", house.Address, quote.Condition, 0, Side.Buy, OrderType.Gtc, quote.MakerAmount, quote.TakerAmount, 0, false);
            Assert.IsType<PlaceResult.Accepted>(_venue.Exchange.Place(request));
        }

        foreach (var order in _venue.Exchange.OpenOrders("house")) _venue.Exchange.Cancel(order);
        string[] placed = [.. Enumerable.Range(5, 4).Select(s => ((PlaceResult.Accepted)_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, s)).Order.Id)];

        Assert.Equal(placed, _venue.Exchange.OpenOrders(Venue.Key("bob")).Select(o => o.Id));
    }

    [Fact]
    public void Canceling_gives_the_money_back()
    {
        var order = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_900_000)).Order;

        Assert.True(_venue.Exchange.Cancel(order));
        Assert.False(_venue.Exchange.Cancel(order));
        Assert.Equal(0, _venue.Account("bob").ReservedCash);
    }

    [Fact]
    public void Tokens_on_sale_cannot_be_sold_twice()
    {
        _venue.Limit("bob", Venue.No, Side.Sell, 5_000, 9_000);

        Assert.StartsWith("not enough balance", Refusal(_venue.Limit("bob", Venue.No, Side.Sell, 6_000, 1_001)), StringComparison.Ordinal);
        Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.No, Side.Sell, 6_000, 1_000));
    }

    [Fact]
    public void A_buy_needs_the_fee_it_could_cost_beside_its_collateral()
    {
        // 990,000 pUSD are left of a million after the split; at 0.50 a share costs 0.5125 with its fee.
        Assert.StartsWith("not enough balance", Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_931_708)), StringComparison.Ordinal);
        Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 1_931_707));
    }

    [Fact]
    public void A_marketable_buy_below_one_pusd_is_refused()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 1_000, 100);

        Assert.StartsWith(
            "invalid amount for a marketable BUY order ($0.9), min size: $1",
            Refusal(_venue.Limit("bob", Venue.Yes, Side.Buy, 1_000, 9)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_order_twice_is_a_duplicate()
    {
        var order = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 1_000, 20)).Order;

        Assert.Equal($"order {order.Id} is invalid. Duplicated.", Refusal(_venue.Exchange.Place(order.Request)));
    }

    private static string Refusal(PlaceResult result) => Assert.IsType<PlaceResult.Refused>(result).Text;
}
