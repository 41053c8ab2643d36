using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class CatalogueEndpointsTests
{
    [Theory]
    [InlineData(null, new[] { "0.4", "0.6" }, new[] { false, false }, "false")]
    [InlineData(1_000_000L, new[] { "1", "0" }, new[] { true, false }, "false")]
    [InlineData(0L, new[] { "0", "1" }, new[] { false, true }, "false")]
    [InlineData(500_000L, new[] { "0.5", "0.5" }, new[] { false, false }, "true")]
    public void A_market_shows_its_last_price_until_the_verdict_and_then_what_each_token_pays(
        long? yesPays, string[] prices, bool[] winners, string halves)
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);
        if (yesPays is { } pays) world.Market.Payouts = [pays, 1_000_000 - pays];

        var market = new CatalogueEndpoints(world.Exchange).One(world.First.Id).Json();

        var tokens = market.GetProperty("tokens").EnumerateArray().ToArray();
        Assert.Equal(prices, tokens.Select(t => t.Raw("price")));
        Assert.Equal(winners, tokens.Select(t => t.GetProperty("winner").GetBoolean()));
        Assert.Equal(halves, market.Raw("is_50_50_outcome"));
    }

    [Fact]
    public void A_market_tells_its_present_tick_whether_it_takes_orders_and_whether_it_is_closed()
    {
        var world = new ApiWorld(c => c with { SecondsDelay = 3, GameStart = new DateTimeOffset(2026, 4, 5, 17, 10, 0, TimeSpan.FromHours(2)) });
        (world.Market.Tick, world.Market.AcceptsOrders, world.Market.IsClosed) = (10, false, true);

        var market = new CatalogueEndpoints(world.Exchange).One(world.First.Id).Json();

        Assert.Equal(
            ("0.001", "false", "true", "3", "\"2026-04-05T15:10:00Z\""),
            (market.Raw("minimum_tick_size"), market.Raw("accepting_orders"), market.Raw("closed"), market.Raw("seconds_delay"),
                market.Raw("game_start_time")));
    }

    [Fact]
    public void Sampling_lists_only_open_markets_with_rewards()
    {
        var world = new ApiWorld();
        var rewarded = world.Exchange.World.Conditions.Where(c => RewardTerms.Of(c) is not null).ToArray();
        Assert.InRange(rewarded.Length, 2, world.Exchange.World.Conditions.Count - 1);
        world.Exchange.MarketOf(rewarded[0]).IsClosed = true;

        var page = new CatalogueEndpoints(world.Exchange).Sampling(null, simplified: true).Json().GetProperty("data");

        Assert.Equal(rewarded.Skip(1).Select(c => c.Id), page.EnumerateArray().Select(m => m.Text("condition_id")));
        Assert.Equal(["condition_id", "rewards", "tokens", "active", "closed", "archived", "accepting_orders"], page[0].Names());
        Assert.Equal(("50", "3.5"), (page[0].GetProperty("rewards").Raw("min_size"), page[0].GetProperty("rewards").Raw("max_spread")));
    }

    [Fact]
    public void The_compact_market_leaves_out_what_is_false()
    {
        var plain = new ApiWorld(c => c with { Fee = null });
        var full = new ApiWorld(c => c with
        {
            ProtocolV2 = true,
            SecondsDelay = 3,
            HoldsTakers = true,
            ClearsAtStart = true,
            GameStart = ApiWorld.Start,
            NegRiskMarketId = c.QuestionId,
        });
        plain.Market.AcceptsOrders = false;

        var small = new CatalogueEndpoints(plain.Exchange).Compact(plain.First.Id).Json();
        var large = new CatalogueEndpoints(full.Exchange).Compact(full.First.Id).Json();

        Assert.Equal(["c", "t", "mts", "mos", "mbf", "tbf", "r", "aot"], small.Names());
        Assert.Equal("null", small.Raw("r"));
        Assert.Equal(["c", "t", "mts", "mos", "mbf", "tbf", "nr", "fd", "r", "ao", "aot", "sd", "gst", "cbos", "itode", "v"], large.Names());
        Assert.Equal(("3", "\"v2\"", """{"mi":50,"ma":3.5,"e":true}"""), (large.Raw("sd"), large.Raw("v"), large.Raw("r")));
    }

    [Fact]
    public void A_short_condition_id_is_padded_for_the_full_market_but_not_for_the_compact_one()
    {
        var world = new ApiWorld(c => c with { Id = c.Id[..64] + "00" });
        var catalogue = new CatalogueEndpoints(world.Exchange);

        Assert.Equal((200, 404), (catalogue.One(world.First.Id[..64]).Status, catalogue.Compact(world.First.Id[..64]).Status));
        Assert.Equal("market not found", catalogue.One("0x12").Json().Text("error"));
    }

    [Fact]
    public void Live_activity_is_the_public_side_of_the_last_trades_newest_first()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);
        world.Trade(4_100, 20);

        var activity = new CatalogueEndpoints(world.Exchange).Activity(world.First.Id).Json();

        Assert.Equal(["0.41", "0.4"], activity.EnumerateArray().Select(t => t.Text("price")));
        Assert.Equal(
            ("trade", "BUY", "20", "Yes", PublicAccounts.Addresses[0]),
            (activity[0].Text("event_type"), activity[0].Text("side"), activity[0].Text("size"), activity[0].Text("outcome"),
                activity[0].GetProperty("user").Text("address")));
        Assert.DoesNotContain("key of", activity.GetRawText(), StringComparison.Ordinal);
    }
}
