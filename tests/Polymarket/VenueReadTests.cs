using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Protocol sheet 7.8, 7.9.</summary>
public class VenueReadTests
{
    private const string Order =
        """{"id":"0xA1","status":"LIVE","market":"0xc","asset_id":"7","side":"BUY","original_size":"21.04","size_matched":"0.5","price":"0.82","outcome":"Yes","expiration":"0","order_type":"GTC","associate_trades":[],"created_at":1782753357}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_orders_are_read_page_by_page()
    {
        var venue = new ScriptedVenue()
            .Answers(200, $$"""{"limit":1,"count":1,"next_cursor":"MQ==","data":[{{Order}}]}""")
            .Answers(200, $$"""{"limit":1,"count":1,"next_cursor":"LTE=","data":[{{Order.Replace("0xA1", "0xa2", StringComparison.Ordinal)}}]}""");
        var orders = Ok(await venue.Venue.OpenOrders(Stop));

        Assert.Equal(["0xa1", "0xa2"], orders.Select(order => order.Id.Text));
        Assert.Equal(
            new VenueOrder(
                new OrderId("0xa1"), new ConditionId("0xc"), new TokenId("7"), Side.Buy, OrderType.Gtc, Price.Cents(82), Size.Parse("21.04"),
                Size.Parse("0.5"), VenueOrderStatus.Live, new Instant(1_782_753_357_000_000)),
            orders[0]);
        Assert.Equal(["/data/orders?next_cursor=MA%3D%3D", "/data/orders?next_cursor=MQ%3D%3D"], venue.Asked.Select(asked => asked.Path));
    }

    [Theory]
    [InlineData("LIVE", "Placed")]
    [InlineData("ORDER_STATUS_LIVE", "Placed")]
    [InlineData("DELAYED", "Delayed")]
    [InlineData("MATCHED", "")]
    [InlineData("INVALID", "Canceled")]
    [InlineData("CANCELED_MARKET_RESOLVED", "Canceled")]
    [InlineData("SOMETHING_NEW", "")]
    public async Task A_status_is_news_or_says_nothing(string status, string news)
    {
        var body = Order.Replace("LIVE", status, StringComparison.Ordinal).Replace("\"0.5\"", "\"0\"", StringComparison.Ordinal);
        var order = Ok(await new ScriptedVenue().Answers(200, body).Venue.Order(new OrderId("0xa1"), Stop))!;

        Assert.Equal(news, string.Join(' ', order.News().Select(item => item.GetType().Name)));
        Assert.Equal(status == "MATCHED", (order with { Matched = Size.Shares(1) }).News().OfType<OrderEvent.Matched>().Single().IsFinal);
    }

    [Fact]
    public async Task Positions_are_read_page_by_page_however_small_they_are_written()
    {
        var full = string.Join(',', Enumerable.Range(1, 500).Select(token => $$"""{"asset":"{{token}}","conditionId":"0xC1","size":2.5}"""));
        var clients = new ScriptedVenue()
            .Answers(200, $"[{full}]")
            .Answers(200, """[{"asset":"901","conditionId":"0xc2","size":4.5e-7},{"asset":"902","conditionId":"0xc2","size":0.0000015},{"asset":"500","conditionId":"0xc1","size":2.5}]""");
        var held = Ok(await Positions(clients).Of("0xw", Stop))!.Value;

        Assert.Equal(501, held.Length); // What is less than a millionth is nothing, and what came twice is one.
        Assert.Equal(new HeldToken(new TokenId("902"), new ConditionId("0xc2"), new Size(2)), held[^1]);
        Assert.Equal(new HeldToken(new TokenId("1"), new ConditionId("0xc1"), Size.Parse("2.5")), held[0]);
        Assert.EndsWith("positions?user=0xw&sizeThreshold=0&limit=500&offset=500", clients.Asked[^1].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """[{"asset":"","size":1}]""")]
    [InlineData(200, """[{"asset":"1","size":"many"}]""")]
    public async Task A_list_of_positions_that_cannot_be_read_is_no_empty_one(int status, string body) =>
        Assert.IsType<VenueAnswer<System.Collections.Immutable.ImmutableArray<HeldToken>?>.Unavailable>(
            await Positions(new ScriptedVenue().Answers(status, body)).Of("0xw", Stop));

    [Fact]
    public async Task Without_an_address_there_is_no_list_of_positions_and_none_is_asked()
    {
        var clients = new ScriptedVenue();
        Assert.Null(Ok(await clients.Venue.Holdings(Stop)));
        Assert.Empty(clients.Asked);
    }

    [Fact]
    public async Task Half_a_list_is_no_answer()
    {
        var venue = new ScriptedVenue().Answers(200, $$"""{"next_cursor":"MQ==","data":[{{Order}}]}""").Answers(500, "");
        Assert.IsType<VenueAnswer<System.Collections.Immutable.ImmutableArray<VenueOrder>>.Unavailable>(await venue.Venue.OpenOrders(Stop));
    }

    [Theory]
    [InlineData(200, "null")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(404, """{"error":"order not found"}""")]
    public async Task An_order_the_venue_does_not_know_is_null(int status, string body) =>
        Assert.Null(Ok(await new ScriptedVenue().Answers(status, body).Venue.Order(new OrderId("0xa1"), Stop)));

    [Theory]
    [InlineData(404, "<html></html>")]
    [InlineData(500, "")]
    [InlineData(200, "<html></html>")]
    [InlineData(200, """{"id":"0xa1"}""")]
    public async Task A_broken_answer_is_not_a_missing_order(int status, string body) =>
        Assert.IsType<VenueAnswer<VenueOrder?>.Unavailable>(await new ScriptedVenue().Answers(status, body).Venue.Order(new OrderId("0xa1"), Stop));

    [Fact]
    public async Task Trades_become_fills_with_their_fee()
    {
        var venue = new ScriptedVenue()
            .Answers(200, """{"next_cursor":"LTE=","data":[{"id":"t","taker_order_id":"0xa1","market":"0xc","asset_id":"7","side":"BUY","size":"100","price":"0.5","status":"TRADE_STATUS_CONFIRMED","match_time":"1782753357","trader_side":"TAKER"}]}""")
            .AnswersAt("/clob-markets/0xc", """{"c":"0xc","t":[],"fd":{"r":0.07,"e":1,"to":true}}""");
        Assert.Equal(
            [new Fill(new TradeId("t"), new OrderId("0xa1"), TradeStatus.Confirmed, Size.Shares(100), Usd.Dollars(50), Usd.Parse("1.75"), Price.Cents(50), new Instant(1_782_753_357_000_000))],
            Ok(await venue.Venue.TradesSince(new Instant(5_000_000), Stop)));
        Assert.Equal("/data/trades?after=5&next_cursor=MA%3D%3D", venue.Asked[0].Path);
    }

    [Theory]
    [InlineData("\"1000000000\"", 1_000_000_000)]
    [InlineData("\"250.500000\"", 250_500_000)]
    [InlineData("7", 7)]
    public async Task A_balance_is_in_base_units_or_decimals(string balance, long micros)
    {
        var body = $$"""{"balance":{{balance}} }""";
        Assert.Equal(new Usd(micros), Ok(await new ScriptedVenue().Answers(200, body).Venue.Cash(Stop)));
        Assert.Equal(new Size(micros), Ok(await new ScriptedVenue().Answers(200, body).Venue.Shares(Given.Yes, Stop)));
    }

    [Fact]
    public async Task Cancels_go_in_chunks_and_are_signed_with_their_bytes()
    {
        var ids = Enumerable.Range(0, 1_001).Select(i => new OrderId($"0x{i:x}")).ToArray();
        var venue = new ScriptedVenue()
            .Answers(200, """{"canceled":["0x0"],"not_canceled":{"0x1":"Order not found or already canceled"}}""")
            .Answers(500, "");
        var answer = Ok(await venue.Venue.Cancel([.. ids], Stop));

        Assert.Equal([1_000, 1], venue.Asked.Select(asked => JsonSerializer.Deserialize<string[]>(asked.Body)!.Length));
        Assert.Equal([ids[0]], answer.Canceled);
        Assert.Equal("Order not found or already canceled", answer.NotCanceled[ids[1]]);
        Assert.StartsWith("unanswered", answer.NotCanceled[ids[1_000]], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_is_named_twice_has_the_first_reason()
    {
        var venue = new ScriptedVenue().Answers(200, """{"canceled":[],"not_canceled":{"0xA1":"one","0xa1":"two"}}""");
        Assert.Equal("one", Ok(await venue.Venue.Cancel([new OrderId("0xa1")], Stop)).NotCanceled[new OrderId("0xa1")]);
    }

    [Fact]
    public async Task Cancel_all_has_no_body()
    {
        var venue = new ScriptedVenue().Answers(200, """{"canceled":[],"not_canceled":{}}""");
        Assert.Empty(Ok(await venue.Venue.CancelAll(Stop)).Canceled);
        Assert.Equal(("DELETE", "/cancel-all", ""), (venue.Asked[0].Method, venue.Asked[0].Path, venue.Asked[0].Body));
    }

    [Fact]
    public async Task Keys_are_derived_when_none_is_created()
    {
        var venue = new ScriptedVenue().Answers(400, """{"error":"Could not create api key"}""").Answers(200, """{"apiKey":"k","secret":"c2VjcmV0","passphrase":"p"}""");
        var keys = new PolymarketKeys(ScriptedVenue.Options, venue, new VenueClock(TimeProvider.System));
        Assert.Equal(("k", "c2VjcmV0", "p"), Ok(await keys.CreateOrDerive(Stop)).Reveal());
        Assert.Equal(["/auth/api-key", "/auth/derive-api-key"], venue.Asked.Select(asked => asked.Path));
        Assert.StartsWith("0x", venue.Asked[0].Signature, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(30, 30)]
    [InlineData(-30, -30)]
    public async Task The_clock_follows_the_venues_when_they_differ(int venueAhead, int used)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_782_753_357));
        var clock = new VenueClock(time);
        var venue = new ScriptedVenue().Answers(200, $"{1_782_753_357 + venueAhead}");
        Assert.True(await clock.Sync(venue.CreateClient(""), Stop));
        Assert.Equal($"{1_782_753_357 + used}", clock.Seconds);
    }

    /// <summary>Repeated by the client, or on its way for long: nobody knows when the venue looked at its clock.</summary>
    [Fact]
    public async Task An_answer_that_took_long_and_a_failure_of_any_kind_leave_the_clock_as_it_was()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_782_753_357));
        var clock = new VenueClock(time);
        Assert.True(await clock.Sync(new ScriptedVenue().Answers(200, "1782753367").CreateClient(""), Stop));

        var slow = new ScriptedVenue { Before = () => time.Advance(TimeSpan.FromSeconds(11)) }.Answers(200, "1782753378");
        Assert.False(await clock.Sync(slow.CreateClient(""), Stop));
        Assert.False(await clock.Sync(new ScriptedVenue().Fails(new Polly.Timeout.TimeoutRejectedException("5 s")).CreateClient(""), Stop));

        Assert.Equal(TimeSpan.FromSeconds(10), clock.Offset);
    }

    /// <summary>A trade must not be missed because our clock is ahead.</summary>
    [Theory]
    [InlineData(-60, 40)]
    [InlineData(60, 100)]
    public async Task Trades_are_asked_for_by_the_clock_that_is_behind(int venueAhead, int asked)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_782_753_357));
        var venue = new ScriptedVenue { Clock = new VenueClock(time) }.Answers(200, $"{1_782_753_357 + venueAhead}").Answers(200, """{"data":[],"next_cursor":"LTE="}""");
        Assert.True(await venue.Clock.Sync(venue.CreateClient(""), Stop));

        Ok(await venue.Venue.TradesSince(Instant.FromMillis(100_000), Stop));

        Assert.Contains($"after={asked}&", venue.Asked[^1].Path, StringComparison.Ordinal);
    }

    private static T Ok<T>(VenueAnswer<T> answer) =>
        answer is VenueAnswer<T>.Ok(var value) ? value : throw new Xunit.Sdk.XunitException(((VenueAnswer<T>.Unavailable)answer).Why);

    private static Positions Positions(ScriptedVenue clients) => new(ScriptedVenue.Options with { DataUrl = new Uri("http://venue.test") }, clients);
}
