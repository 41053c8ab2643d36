using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class AccountReadsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4_000, 50, true)]
    [InlineData(4_000, 49, false)] // Too small.
    [InlineData(3_800, 50, true)] // Exactly 3.5 cents from the middle of 0.38 and 0.45.
    [InlineData(3_700, 50, false)]
    public void An_order_scores_when_it_is_large_enough_and_near_the_middle(int price, long shares, bool scores)
    {
        var world = new ApiWorld();
        world.Limit(1, 0, Side.Buy, 3_800, 10);
        world.Limit(1, 0, Side.Sell, 4_500, 10);
        var order = ((PlaceResult.Accepted)world.Limit(0, 0, Side.Buy, price, shares)).Order;
        var scoring = new ScoringEndpoints(world.Exchange);

        Assert.Equal(scores, scoring.One(ApiWorld.Key(0), ApiWorld.Query("order_id=" + order.Id)).Json().GetProperty("scoring").GetBoolean());
        var many = scoring.Many(ApiWorld.Key(0), ApiWorld.Json($$"""["{{order.Id}}","0x1"]""")).Json();
        Assert.Equal((scores, false), (many.GetProperty(order.Id).GetBoolean(), many.GetProperty("0x1").GetBoolean()));
        Assert.False(scoring.One(ApiWorld.Key(1), ApiWorld.Query("order_id=" + order.Id)).Json().GetProperty("scoring").GetBoolean());
    }

    [Theory]
    [InlineData("before=1800000000", 0)]
    [InlineData("before=1800000001", 1)]
    [InlineData("after=1800000000", 0)]
    [InlineData("after=1799999999", 1)]
    public void Trades_are_asked_for_strictly_before_and_after_a_second(string query, int count)
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);

        var page = new AccountEndpoints(world.Exchange).Trades(ApiWorld.Key(0), ApiWorld.Query(query)).Json();

        Assert.Equal(count, page.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void Nobody_cancels_another_s_order()
    {
        var world = new ApiWorld();
        var order = ((PlaceResult.Accepted)world.Limit(0, 0, Side.Buy, 4_000, 10)).Order;
        var orders = new OrderEndpoints(world.Exchange, new OrderDoor(world.Exchange), new Road(world.Exchange, 1, new FlowSettings()));
        Answer[] tries =
        [
            orders.CancelOne(ApiWorld.Key(1), ApiWorld.Json($$"""{"orderID":"{{order.Id}}"}""")),
            orders.CancelMany(ApiWorld.Key(1), ApiWorld.Json($$"""["{{order.Id}}"]""")),
            orders.CancelAll(ApiWorld.Key(1)),
            orders.CancelMarket(ApiWorld.Key(1), ApiWorld.Json($$"""{"market":"{{world.First.Id}}"}""")),
        ];

        Assert.All(tries, answer => Assert.Empty(answer.Json().GetProperty("canceled").EnumerateArray()));
        Assert.NotNull(order.Place);
        Assert.Equal(404, new AccountEndpoints(world.Exchange).Order(ApiWorld.Key(1), order.Id).Status);
    }

    [Fact]
    public void Each_trade_of_a_key_notifies_it_until_the_key_drops_the_notification()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);
        world.Trade(4_100, 10);
        var notifications = new NotificationEndpoints(world.Exchange);

        var before = notifications.List(ApiWorld.Key(0)).Json();
        var refused = notifications.Drop(ApiWorld.Key(0), ApiWorld.Query("ids=x"));
        notifications.Drop(ApiWorld.Key(0), ApiWorld.Query("ids=1,99"));
        var after = notifications.List(ApiWorld.Key(0)).Json();
        var other = notifications.List(ApiWorld.Key(1)).Json();

        Assert.Equal(["2", "1"], before.EnumerateArray().Select(n => n.Raw("id")));
        var payload = before[0].GetProperty("payload");
        Assert.Equal(("2", "0.41", "TAKER"), (before[0].Raw("type"), payload.Text("price"), payload.Text("trader_side")));
        Assert.Equal(400, refused.Status);
        Assert.Equal(["2"], after.EnumerateArray().Select(n => n.Raw("id")));
        Assert.Equal(2, other.GetArrayLength());
    }

    [Theory]
    [InlineData("/data/pre-migration-orders", """{"limit":500,"count":0,"next_cursor":"LTE=","data":[]}""")]
    [InlineData("/rewards/user?date=2026-01-01", """{"limit":500,"count":0,"next_cursor":"LTE=","data":[]}""")]
    [InlineData("/rewards/user/markets", """{"limit":500,"count":0,"next_cursor":"LTE=","data":[]}""")]
    [InlineData("/rewards/user/total", "[]")]
    [InlineData("/rewards/user/percentages", "{}")]
    [InlineData("/notifications?signature_type=0", "[]")]
    [InlineData("/auth/ban-status/closed-only", """{"closed_only":false}""")]
    [InlineData("/v1/user/rate-limit-tier", """{"tier":"Standard"}""")]
    public async Task What_a_fresh_key_reads_is_empty_but_well_formed(string path, string expected)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);

        var (status, body) = await wallet.SendAsync(HttpMethod.Get, path, null, Stop);

        Assert.Equal((200, expected), (status, body.GetRawText()));
    }

    [Theory]
    [InlineData("/api/geoblock", """{"blocked":false,"ip":"127.0.0.1","country":"ZZ","region":""}""")]
    [InlineData("/version", """{"version":2}""")]
    [InlineData("/ok", "\"OK\"")]
    [InlineData(
        "/builder/trades?builder_code=0x1111111111111111111111111111111111111111111111111111111111111111",
        """{"limit":500,"count":0,"next_cursor":"LTE=","data":[]}""")]
    [InlineData("/rewards/markets/0x12", """{"limit":500,"count":0,"next_cursor":"LTE=","data":[]}""")]
    [InlineData(
        "/fees/builder-fees/0x1111111111111111111111111111111111111111111111111111111111111111",
        """{"builder_maker_fee_rate_bps":0,"builder_taker_fee_rate_bps":0}""")]
    public async Task Anybody_may_ask(string path, string expected)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };

        Assert.Equal(expected, await http.GetStringAsync(path, Stop));
    }

    [Fact]
    public async Task Markets_with_rewards_tell_their_terms()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };

        var current = ApiWorld.Json(await http.GetStringAsync("/rewards/markets/current", Stop)).GetProperty("data")[0];
        var one = ApiWorld.Json(await http.GetStringAsync("/rewards/markets/" + current.Text("condition_id"), Stop)).GetProperty("data");

        Assert.Equal(current.GetRawText(), Assert.Single(one.EnumerateArray()).GetRawText());
        Assert.Equal(("50", "3.5"), (current.Raw("rewards_min_size"), current.Raw("rewards_max_spread")));
        Assert.Equal("10", current.GetProperty("rewards_config")[0].Raw("rate_per_day"));
    }
}
