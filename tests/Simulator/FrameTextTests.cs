using System.Text.Json;
using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>What single frames say; their order and hashes are proven elsewhere.</summary>
public sealed class FrameTextTests
{
    private readonly Venue _venue = new();

    [Fact]
    public void A_new_top_is_told_for_both_tokens_before_the_change_and_only_when_it_is_one()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_500, 10);
        var heard = Heard.Market(_venue.Exchange, _venue.Market);

        _venue.Limit("alice", Venue.Yes, Side.Buy, 4_000, 10);
        _venue.Limit("alice", Venue.Yes, Side.Buy, 3_000, 10);

        var frames = heard.SoFar();
        Assert.Equal(["best_bid_ask", "best_bid_ask", "price_change", "price_change"], frames.Select(f => f.Text("event_type")));
        Assert.Equal(("0.4", "0.55", "0.15", _venue.Condition.Tokens[0]), Top(frames[0]));
        Assert.Equal(("0.45", "0.6", "0.15", _venue.Condition.Tokens[1]), Top(frames[1]));
        Assert.Single(frames.Take(3).Select(f => f.Text("timestamp")).Distinct());
        var entry = frames[3].GetProperty("price_changes")[1];
        Assert.Equal(("0.7", "10", "SELL", "0.45", "0.6"), (entry.Text("price"), entry.Text("size"), entry.Text("side"), entry.Text("best_bid"), entry.Text("best_ask")));
    }

    [Fact]
    public void A_trade_names_the_key_that_hears_of_it_and_the_taker_s_beside_it()
    {
        _venue.Limit("alice", Venue.No, Side.Buy, 6_000, 10);
        var alice = Heard.User(_venue.Exchange, "alice");
        var bob = Heard.User(_venue.Exchange, "bob");

        _venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 10);

        foreach (var (heard, name, side) in ((Heard, string, string)[])[(alice, "alice", "MAKER"), (bob, "bob", "TAKER")])
        {
            var trade = Assert.Single(heard.SoFar(), f => f.Text("event_type") == "trade");
            Assert.Equal((Venue.Key(name), Venue.Key("bob"), side), (trade.Text("owner"), trade.Text("trade_owner"), trade.Text("trader_side")));
            Assert.Equal(("BUY", "0.4", "Yes"), (trade.Text("side"), trade.Text("price"), trade.Text("outcome")));
            var leg = trade.GetProperty("maker_orders")[0];
            Assert.Equal((Venue.Key("alice"), "0.6", "No", "BUY"), (leg.Text("owner"), leg.Text("price"), leg.Text("outcome"), leg.Text("side")));
        }
    }

    private static (string Bid, string Ask, string Spread, string Token) Top(JsonElement frame) =>
        (frame.Text("best_bid"), frame.Text("best_ask"), frame.Text("spread"), frame.Text("asset_id"));
}
