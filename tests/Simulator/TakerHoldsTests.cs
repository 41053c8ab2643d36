using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class TakerHoldsTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));

    [Theory]
    [InlineData("Gtc")]
    [InlineData("Fok")]
    [InlineData("Fak")]
    public async Task A_marketable_order_of_a_delayed_market_waits_and_is_then_matched(string type)
    {
        var venue = Delayed();
        var heard = Heard.User(venue.Exchange, "bob");
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);

        var order = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 5_000, 10, Enum.Parse<OrderType>(type))).Order;
        Assert.False(venue.Exchange.Cancel(order));
        Assert.Equal(OrderStatus.Delayed, venue.Exchange.FindOrder(order.Id)!.Status);
        Pass(venue, 2_999);
        Assert.Equal(5_000, venue.Book.BestAsk);
        Pass(venue, 1);

        Assert.Null(venue.Book.BestAsk);
        Assert.Equal(OrderStatus.Matched, order.Status);
        Assert.Equal(
            ["PLACEMENT DELAYED", "TRADE MATCHED", "UPDATE MATCHED"],
            heard.SoFar().Select(f => f.Text("type") + " " + f.Text("status")));
    }

    [Fact]
    public async Task An_order_that_does_not_cross_is_not_delayed()
    {
        var venue = Delayed();
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);

        Assert.IsType<PlaceResult.Accepted>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 4_900, 10));
        Assert.IsType<PlaceResult.Refused>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 4_900, 10, OrderType.Fak));
    }

    [Fact]
    public async Task When_the_maker_leaves_meanwhile_a_limit_order_rests_and_a_market_order_is_killed()
    {
        var venue = Delayed();
        var heard = Heard.User(venue.Exchange, "bob");
        var maker = Assert.IsType<PlaceResult.Accepted>(venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10)).Order;
        var limit = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 5_000, 10)).Order;
        var market = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 5_000, 10, OrderType.Fok)).Order;
        venue.Exchange.Cancel(maker);
        Pass(venue, 3_000);

        Assert.Equal((OrderStatus.Live, OrderStatus.Canceled), (limit.Status, market.Status));
        Assert.Equal(5_000, venue.Book.BestBid);
        Assert.Equal(
            ["PLACEMENT DELAYED", "PLACEMENT DELAYED", "UPDATE LIVE", "CANCELLATION CANCELED_" + Acceptance.FokKilled],
            heard.SoFar().Select(f => f.Text("type") + " " + f.Text("status")));
    }

    [Fact]
    public async Task What_the_wallet_no_longer_covers_after_the_delay_is_taken_back_as_invalid()
    {
        var venue = Delayed();
        venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10_000);
        var order = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Sell, 5_000, 10_000)).Order;
        lock (venue.Exchange.Gate) Assert.Null(new Chain(venue.Exchange).Merge(venue.Account("bob"), venue.Condition, 1));
        var heard = Heard.User(venue.Exchange, "bob");
        Pass(venue, 3_000);

        Assert.Equal(OrderStatus.Invalid, order.Status);
        Assert.Equal(["CANCELLATION INVALID"], heard.SoFar().Select(f => f.Text("type") + " " + f.Text("status")));
    }

    [Fact]
    public async Task A_market_that_holds_takers_lets_the_caller_wait_for_the_final_answer()
    {
        var venue = new Venue([WorldBuilder.Build(1).Conditions[0] with { HoldsTakers = true }], _clock);
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        var request = venue.Request("bob", Venue.Yes, Side.Buy, 5_000, 10);

        var answer = venue.Exchange.PlaceAsync(request);
        var resting = await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 4_000, 10);
        Pass(venue, 249);
        Assert.False(answer.IsCompleted);
        Assert.Null(venue.Exchange.FindOrder(request.Id));
        Assert.EndsWith("Duplicated.", Assert.IsType<PlaceResult.Refused>(await venue.Exchange.PlaceAsync(request)).Text, StringComparison.Ordinal);
        Pass(venue, 1);

        Assert.NotNull(Assert.IsType<PlaceResult.Accepted>(await answer).Trade);
        Assert.Null(Assert.IsType<PlaceResult.Accepted>(resting).Trade);
    }

    [Fact]
    public async Task A_price_that_is_off_the_grid_once_the_delay_is_over_is_taken_back()
    {
        var venue = Delayed();
        venue.Exchange.Life.ChangeTick(venue.Condition, 10);
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_010, 10);
        var order = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 5_010, 10)).Order;
        venue.Exchange.Life.ChangeTick(venue.Condition, 100);
        Pass(venue, 3_000);

        Assert.Equal(OrderStatus.Invalid, order.Status);
        Assert.Equal(5_010, venue.Book.BestAsk);
    }

    [Fact]
    public async Task A_deferred_order_is_answered_at_once_and_carried_out_by_the_agenda()
    {
        var venue = new Venue(clock: _clock);

        var order = Assert.IsType<PlaceResult.Delayed>(await venue.LimitAsync("bob", Venue.Yes, Side.Buy, 4_000, 10, defer: true)).Order;
        Assert.Null(venue.Book.BestBid);
        Pass(venue, 1);

        Assert.Equal(4_000, venue.Book.BestBid);
        Assert.Equal(OrderStatus.Live, order.Status);
    }

    private Venue Delayed() => new([WorldBuilder.Build(1).Conditions[0] with { SecondsDelay = 3 }], _clock);

    private void Pass(Venue venue, int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        venue.Exchange.Agenda.RunDue();
    }
}
