using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class TimersTests
{
    private static readonly ApiKey Alice = new("key of alice", "", "", "");

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly Venue _venue;

    public TimersTests() => _venue = new Venue(clock: _clock);

    [Fact]
    public void A_gtd_order_leaves_the_book_a_minute_before_its_expiration()
    {
        _venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10, OrderType.Gtd, expiration: 1_800_000_200);

        Pass(seconds: 139);
        Assert.Equal(5_000, _venue.Book.BestBid);
        Pass(seconds: 1);
        Assert.Null(_venue.Book.BestBid);
    }

    [Fact]
    public void Silence_after_a_heartbeat_cancels_the_key_s_orders_only()
    {
        var heartbeats = new Heartbeats(_venue.Exchange);
        heartbeats.Start();
        _venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10);
        _venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 10);
        var id = Beat(heartbeats, "").Text("heartbeat_id");
        Pass(seconds: 9);
        Beat(heartbeats, id);

        Pass(seconds: 10);
        Assert.Equal(5_000, _venue.Book.BestBid);
        Pass(seconds: 5);
        Assert.Equal(4_000, _venue.Book.BestBid);
    }

    [Fact]
    public void Ten_seconds_of_silence_are_enough()
    {
        var heartbeats = new Heartbeats(_venue.Exchange);
        heartbeats.Start();
        _venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10);
        Beat(heartbeats, "");

        Pass(seconds: 9);
        Assert.Equal(5_000, _venue.Book.BestBid);
        Pass(seconds: 1);
        Assert.Null(_venue.Book.BestBid);
    }

    [Fact]
    public void A_stale_heartbeat_is_told_the_expected_id()
    {
        var heartbeats = new Heartbeats(_venue.Exchange);
        var id = Beat(heartbeats, "").Text("heartbeat_id");

        var refused = Beat(heartbeats, "other");

        Assert.Equal(("Invalid Heartbeat ID", id), (refused.Text("error_msg"), refused.Text("heartbeat_id")));
    }

    [Fact]
    public void A_trade_is_mined_and_then_confirmed_within_two_seconds()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        var trade = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10)).Trade!;
        List<string> seen = [trade.Status];
        for (var i = 0; i < 2_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _venue.Exchange.Agenda.RunDue();
            if (trade.Status != seen[^1]) seen.Add(trade.Status);
        }

        Assert.Equal(["MATCHED", "MINED", "CONFIRMED"], seen);
    }

    [Fact]
    public void No_two_states_of_a_book_share_a_millisecond()
    {
        var market = _venue.Exchange.MarketOf(_venue.Condition);
        var opened = market.Timestamp;
        var order = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10)).Order;
        var placed = market.Timestamp;

        _venue.Exchange.Cancel(order);

        Assert.True(opened < placed && placed < market.Timestamp, $"{opened}, {placed}, {market.Timestamp}");
    }

    private static JsonElement Beat(Heartbeats heartbeats, string id)
    {
        using var body = JsonDocument.Parse($$"""{"heartbeat_id":"{{id}}"}""");
        using var answer = JsonDocument.Parse(heartbeats.Beat(Alice, body.RootElement).Body);
        return answer.RootElement.Clone();
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _venue.Exchange.Agenda.RunDue();
        }
    }
}
