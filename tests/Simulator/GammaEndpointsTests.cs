using System.Text.Json;
using PolyArb.Simulator.Api.Gamma;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class GammaEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Lists_stand_as_text_inside_text_and_pair_outcomes_prices_and_tokens()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);

        var market = Markets(world, "limit=1")[0];

        Assert.Equal("""["Yes", "No"]""", market.Text("outcomes"));
        Assert.Equal("""["0.4", "0.6"]""", market.Text("outcomePrices"));
        Assert.Equal($"""["{world.First.Tokens[0]}", "{world.First.Tokens[1]}"]""", market.Text("clobTokenIds"));
        Assert.Equal(("v1", "4", "4"), (market.Text("version"), market.Text("volume"), market.Raw("volumeNum")));
        Assert.Equal("""{"rate":0.04,"exponent":1,"takerOnly":true,"rebateRate":0.25}""", market.Raw("feeSchedule"));
        Assert.False(market.TryGetProperty("positionIds", out _));
    }

    [Fact]
    public void A_protocol_v2_market_names_position_ids_in_a_real_array_instead_of_token_ids()
    {
        var world = new ApiWorld(c => c with { ProtocolV2 = true });

        var market = Markets(world, "limit=1")[0];

        Assert.Equal("v2", market.Text("version"));
        Assert.Equal(world.First.Tokens, market.GetProperty("positionIds").EnumerateArray().Select(p => p.GetString()));
        Assert.False(market.TryGetProperty("clobTokenIds", out _));
    }

    [Fact]
    public void Times_are_written_the_three_ways_of_the_venue()
    {
        var world = new ApiWorld(c => c with { GameStart = new DateTimeOffset(2026, 4, 5, 15, 10, 0, TimeSpan.Zero), ClearsAtStart = true });

        var market = Markets(world, "limit=1")[0];

        Assert.Equal(
            ("2026-04-05 15:10:00+00", "2026-04-05T15:10:00Z", "2027-12-31"),
            (market.Text("gameStartTime"), market.Text("eventStartTime"), market.Text("endDateIso")));
        Assert.Equal("true", market.Raw("clearBookOnStart"));
    }

    [Fact]
    public void Closed_markets_are_hidden_unless_asked_for_and_say_how_far_their_resolution_is()
    {
        var world = new ApiWorld();
        var all = Markets(world, "limit=500").GetArrayLength();
        (world.Market.IsClosed, world.Market.AcceptsOrders) = (true, false);

        Assert.Equal(all - 1, Markets(world, "limit=500").GetArrayLength());
        Assert.Equal(0, Markets(world, "condition_ids=" + world.First.Id).GetArrayLength());
        var closed = Assert.Single(Markets(world, "closed=true").EnumerateArray());
        Assert.Equal((world.First.Id, "proposed"), (closed.Text("conditionId"), closed.Text("umaResolutionStatus")));
        world.Market.Payouts = [1_000_000, 0];
        Assert.Equal("resolved", Markets(world, "closed=true")[0].Text("umaResolutionStatus"));
        Assert.Equal(200, new GammaEndpoints(world.Exchange).Market(closed.Text("id")).Status);
        Assert.Equal("true", closed.GetProperty("events")[0].Raw("closed"));
    }

    [Theory]
    [InlineData("id=512003&id=512005", "512003 512005")]
    [InlineData("id=512003&id=512005&ascending=false", "512005 512003")]
    [InlineData("limit=2&offset=3", "512003 512004")]
    [InlineData("active=false", "")]
    [InlineData("volume_num_min=0.000001", "")]
    [InlineData("volume_num_max=0&limit=1", "512000")]
    [InlineData("liquidity_num_min=1", "")]
    [InlineData("end_date_min=2027-12-31&limit=1", "512000")]
    [InlineData("end_date_max=2027-12-30T23:59:59Z", "")]
    [InlineData("start_date_min=2026-01-02", "")]
    [InlineData("uma_resolution_status=resolved", "")]
    [InlineData("archived=true", "")]
    [InlineData("slug=will-the-new-album-top-the-charts", "512006")]
    [InlineData("tag_id=100&limit=2", "512004 512005")]
    [InlineData("order=slug&limit=2&tag_id=2", "512007 512008")]
    public void Filters_narrow_and_order_the_markets(string query, string ids) =>
        Assert.Equal(ids, string.Join(' ', Markets(new ApiWorld(), query).EnumerateArray().Select(m => m.Text("id"))));

    [Fact]
    public void Conditions_and_tokens_can_be_asked_for_by_name()
    {
        var world = new ApiWorld();
        var (second, third) = (world.Exchange.World.Conditions[1], world.Exchange.World.Conditions[2]);

        Assert.Equal(
            [second.Id, third.Id],
            Markets(world, $"condition_ids={second.Id}&condition_ids={third.Id}").EnumerateArray().Select(m => m.Text("conditionId")));
        Assert.Equal([third.Id], Markets(world, $"clob_token_ids={third.Tokens[1]}").EnumerateArray().Select(m => m.Text("conditionId")));
    }

    [Theory]
    [InlineData("offset=0", true)]
    [InlineData("after_cursor=%25", true)]
    [InlineData("after_cursor=OTk5", true)] // Of no market.
    [InlineData("limit=-1", false)]
    [InlineData("closed=maybe", false)]
    [InlineData("volume_num_min=much", false)]
    [InlineData("end_date_max=soon", false)]
    [InlineData("order=colour", false)]
    public void What_cannot_be_meant_is_unprocessable(string query, bool keyset)
    {
        var answer = new GammaEndpoints(new ApiWorld().Exchange).Markets(ApiWorld.Query(query), keyset);

        Assert.Equal((422, "validation error"), (answer.Status, answer.Json().Text("type")));
    }

    [Fact]
    public void A_keyset_walks_through_everything_once_and_its_last_page_names_no_next_one()
    {
        var gamma = new GammaEndpoints(new ApiWorld().Exchange);
        List<string> ids = [];
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : "&after_cursor=" + Uri.EscapeDataString(cursor);
            var page = gamma.Markets(ApiWorld.Query("limit=5" + after), keyset: true).Json();
            ids.AddRange(page.GetProperty("markets").EnumerateArray().Select(m => m.Text("id")));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(512_000, 22).Select(i => $"{i}"), ids);
    }

    [Fact]
    public void An_oversized_limit_is_clamped()
    {
        Assert.Equal(100, GammaQuery.Read(ApiWorld.Query("limit=500"), keyset: true, out _)!.Limit);
        Assert.Equal(500, GammaQuery.Read(ApiWorld.Query("limit=9999"), keyset: false, out _)!.Limit);
    }

    [Fact]
    public void An_event_carries_its_markets_and_what_neg_risk_it_has()
    {
        var world = new ApiWorld(c => c with
        {
            IsOther = true,
            NegRiskMarketId = c.QuestionId,
            Event = c.Event with { Augmented = true, Title = "Will" },
        });

        var augmented = Events(world, "limit=1")[0];
        var complete = Events(world, "slug=who-will-win-the-leadership-election")[0];
        var bare = Events(world, "limit=1&include_markets=false")[0];

        Assert.Equal(("true", "true"), (augmented.Raw("enableNegRisk"), augmented.Raw("negRiskAugmented")));
        Assert.Equal("true", augmented.GetProperty("markets")[0].Raw("negRiskOther"));
        Assert.Equal(("true", "false"), (complete.Raw("negRisk"), complete.Raw("negRiskAugmented")));
        Assert.Equal(5, complete.GetProperty("markets").GetArrayLength());
        Assert.Equal(complete.Text("negRiskMarketID"), complete.GetProperty("markets")[4].Text("negRiskMarketID"));
        Assert.Equal("Archer", complete.GetProperty("markets")[0].Text("groupItemTitle"));
        Assert.False(bare.TryGetProperty("markets", out _));
    }

    [Fact]
    public async Task Every_gamma_path_is_served_beside_the_clob_s_own_markets()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var conditions = host.Exchange.World.Conditions;
        async Task<JsonElement> Get(string path) => ApiWorld.Json(await http.GetStringAsync("/gamma" + path, Stop));

        Assert.Equal(conditions[1].Id, (await Get("/markets"))[1].Text("conditionId"));
        Assert.Equal(conditions[1].Id, (await Get("/markets/512001")).Text("conditionId"));
        Assert.Equal(conditions[1].Id, (await Get("/markets/slug/" + conditions[1].Slug)).Text("conditionId"));
        Assert.Equal(conditions[0].Id, (await Get("/markets/keyset")).GetProperty("markets")[0].Text("conditionId"));
        Assert.Equal(conditions[7].Event.Id, (await Get("/events"))[7].Text("id"));
        Assert.Equal(conditions[7].Event.Slug, (await Get("/events/" + conditions[7].Event.Id)).Text("slug"));
        Assert.Equal(conditions[7].Event.Id, (await Get("/events/slug/" + conditions[7].Event.Slug)).Text("id"));
        Assert.Equal(10, (await Get("/events/keyset")).GetProperty("events").GetArrayLength());
        using var missing = await http.GetAsync("/gamma/events/1", Stop);
        Assert.Equal(404, (int)missing.StatusCode);
    }

    private static JsonElement Markets(ApiWorld world, string query) =>
        new GammaEndpoints(world.Exchange).Markets(ApiWorld.Query(query), keyset: false).Json();

    private static JsonElement Events(ApiWorld world, string query) =>
        new GammaEndpoints(world.Exchange).Events(ApiWorld.Query(query), keyset: false).Json();
}
