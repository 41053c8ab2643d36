using System.Diagnostics;
using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What a bot and its doctor ask beside orders, over real HTTP, and how often each client asks.</summary>
public class VenueEndpointTests
{
    private const string StandardExchange = "0xE111180000d2663C0091e4f400237545B87B996B";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Balances_and_allowances_are_read_for_each_kind_of_asset()
    {
        await using var venue = await VenueOverHttp.Start(Stop, "protocol-v2");
        var world = venue.Exchange.Exchange.World;
        var account = venue.Exchange.Exchange.Ledger.Account(Given.Wallet.ToLowerInvariant());
        foreach (var condition in world.Conditions) venue.Exchange.Exchange.Ledger.Split(account, condition, 7_000_000);

        var cash = Ok(await venue.Account.Balance(null, Stop));

        Assert.Equal(Ok(await venue.Venue.Cash(Stop)).Micros, cash.Micros);
        Assert.Equal(new Usd(account.Cash), Ok(await venue.Venue.Cash(Stop)));
        Assert.Equal((BigInteger.One << 256) - 1, cash.AllowanceOf(StandardExchange.ToLowerInvariant()));
        Assert.Null(cash.AllowanceOf(Given.Wallet));
        Assert.Null(await venue.Account.LookAgain(null, Stop));
        foreach (var condition in world.Conditions)
        {
            Assert.Equal(Size.Shares(7), Ok(await venue.Venue.Shares(new TokenId(condition.Tokens[1]), Stop)));
            Assert.Null(await venue.Account.LookAgain(new TokenId(condition.Tokens[0]), Stop));
        }
    }

    [Fact]
    public async Task A_question_the_venue_refuses_has_the_code_of_its_words()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        Assert.Equal(RejectCode.InvalidToken, Assert.IsType<VenueFailure.Rejected>(Unavailable(await venue.Venue.Shares(new TokenId("7"), Stop))).Code);

        await using var unknown = VenueOverHttp.Services(venue.Options with { SignatureType = 4, Funder = Given.Wallet }, TimeProvider.System);
        var cash = await unknown.GetRequiredService<PolymarketAccount>().Balance(null, Stop);
        Assert.Equal(RejectCode.InvalidSignatureType, Assert.IsType<VenueFailure.Rejected>(Unavailable(cash)).Code);
    }

    [Theory]
    [InlineData("""{"balance":"5","allowance":"12"}""", "12")]
    [InlineData("""{"balance":"5","allowance":"2.5"}""", "2500000")]
    [InlineData("""{"balance":"5","allowances":{"0xE111180000D2663C0091E4F400237545B87B996B":"7"}}""", "7")]
    [InlineData("""{"balance":"5","allowances":{"0xE111180000d2663C0091e4f400237545B87B996B":null}}""", null)]
    [InlineData("""{"balance":"5","allowances":{"0xE111180000d2663C0091e4f400237545B87B996B":"7","0xe111180000d2663c0091e4f400237545b87b996b":"8"}}""", "7")]
    [InlineData("""{"balance":"5"}""", null)]
    public async Task An_allowance_is_a_map_or_a_number_or_missing(string body, string? allowance)
    {
        var scripted = new ScriptedVenue().Answers(200, body);
        var account = new PolymarketAccount(ScriptedVenue.Options, scripted, new VenueClock(TimeProvider.System));

        var balance = Ok(await account.Balance(null, Stop));

        Assert.Equal(5, balance.Micros);
        Assert.Equal(allowance, balance.AllowanceOf(StandardExchange)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>From the top: module 8, hash 128, arity 16, 64 zeros, chain 16, condition 16, outcome 8 (protocol sheet 0).</summary>
    [Theory]
    [InlineData("01", "0000000000000000", "CONDITIONAL-V2")]
    [InlineData("03", "0000000000000000", "CONDITIONAL-V2")]
    [InlineData("00", "0000000000000000", "CONDITIONAL")]
    [InlineData("04", "0000000000000000", "CONDITIONAL")]
    [InlineData("01", "0000000000000001", "CONDITIONAL")]
    [InlineData("01", "8000000000000000", "CONDITIONAL")]
    public void A_token_tells_its_kind_by_its_bits(string module, string reserved, string expected)
    {
        var id = BigInteger.Parse($"0{module}{new string('f', 36)}{reserved}ffffffffff", System.Globalization.NumberStyles.HexNumber, null);
        Assert.Equal(expected, AssetType.Of(new TokenId(id.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal("CONDITIONAL", AssetType.Of(Given.Yes));
    }

    [Fact]
    public async Task The_account_may_trade_and_the_venue_is_up()
    {
        await using var venue = await VenueOverHttp.Start(Stop);

        Assert.False(Ok(await venue.Account.IsClosedOnly(Stop)));
        Assert.Null(await venue.Probe.IsUp(Stop));
        Assert.Equal(2, Ok(await venue.Probe.Version(Stop)));
        Assert.InRange((Ok(await venue.Probe.Time(Stop)) - DateTimeOffset.UtcNow).TotalSeconds, -5, 5);
        Assert.Equal(new Geoblock(false, "ZZ", "", "127.0.0.1"), Ok(await venue.Probe.Geoblock(Stop)));

        venue.Door.Says("GET /auth/ban-status/closed-only", 200, """{"closed_only":true}""")
            .Says("GET /version", 200, "{}")
            .Says("GET /api/geoblock", 200, """{"blocked":true,"ip":"1.2.3.4","country":"US","region":"NY"}""");
        Assert.True(Ok(await venue.Account.IsClosedOnly(Stop)));
        Assert.Equal(2, Ok(await venue.Probe.Version(Stop))); // An older answer without the field.
        Assert.Equal(new Geoblock(true, "US", "NY", "1.2.3.4"), Ok(await venue.Probe.Geoblock(Stop)));
    }

    [Theory]
    [InlineData("GET /auth/ban-status/closed-only")]
    [InlineData("GET /auth/api-keys")]
    [InlineData("GET /version")]
    [InlineData("GET /time")]
    [InlineData("GET /api/geoblock")]
    public async Task An_answer_of_another_shape_is_no_answer(string call)
    {
        await using var door = await RestVenue.Start(null, Stop);
        await using var services = VenueOverHttp.Services(VenueOverHttp.OptionsAt(door.Url), TimeProvider.System);
        var (account, probe) = (services.GetRequiredService<PolymarketAccount>(), services.GetRequiredService<PolymarketProbe>());
        foreach (var body in (string[])["[]", "\"hello\"", "null", "17826"])
        {
            if (call == "GET /time" && body == "17826") continue; // That one is a time.

            door.Says(call, 200, body);
            VenueFailure failure = call switch
            {
                "GET /auth/ban-status/closed-only" => Unavailable(await account.IsClosedOnly(Stop)),
                "GET /auth/api-keys" => Unavailable(await account.ApiKeys(Stop)),
                "GET /version" => Unavailable(await probe.Version(Stop)),
                "GET /time" => Unavailable(await probe.Time(Stop)),
                _ => Unavailable(await probe.Geoblock(Stop)),
            };
            Assert.IsType<VenueFailure.Unanswered>(failure);
        }
    }

    [Fact]
    public async Task The_heartbeat_keeps_its_id_and_takes_the_expected_one_at_once()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        Assert.Null(await venue.Venue.Heartbeat(Stop));
        Assert.Null(await venue.Venue.Heartbeat(Stop));
        Assert.Equal(2, venue.Door.Count("POST /v1/heartbeats"));
        Assert.Equal("""{"heartbeat_id":""}""", venue.Door.Bodies("POST /v1/heartbeats")[0]);

        await using var other = VenueOverHttp.Services(venue.Options, TimeProvider.System); // A second process of the same key, or the next one.
        Assert.Null(await other.GetRequiredService<IVenue>().Heartbeat(Stop));
        Assert.Equal(4, venue.Door.Count("POST /v1/heartbeats"));

        venue.Door.SaysAfterwards("POST /v1/heartbeats", 503, ""); // Heard, and the answer lost: the repeat has an id of before.
        Assert.Null(await other.GetRequiredService<IVenue>().Heartbeat(Stop));
        Assert.Null(await other.GetRequiredService<IVenue>().Heartbeat(Stop));
    }

    [Fact]
    public async Task Orders_are_canceled_one_by_one_by_the_list_by_the_market_and_all_together()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        var placed = venue.Venue.Sign([.. Enumerable.Range(0, 7).Select(_ => venue.Bid())]);
        await venue.Venue.Send(placed, Stop);
        OrderId[] ids = [.. placed.Select(order => order.Id)];
        var unknown = new OrderId("0x" + new string('a', 64));

        Assert.Equal([ids[0]], Ok(await venue.Venue.Cancel([ids[0]], Stop)).Canceled);
        var some = Ok(await venue.Venue.Cancel([ids[0], ids[1], ids[2], unknown], Stop));
        Assert.Equal([ids[1], ids[2]], some.Canceled.Order(Comparer<OrderId>.Create((a, b) => Array.IndexOf(ids, a) - Array.IndexOf(ids, b))));
        Assert.Equal([ids[0], unknown], some.NotCanceled.Keys.OrderByDescending(id => id == ids[0]));
        Assert.Empty(Ok(await venue.Venue.CancelMarket(new ConditionId(venue.Condition.Id), new TokenId(venue.Condition.Tokens[1]), Stop)).Canceled);
        Assert.Equal(4, Ok(await venue.Venue.CancelMarket(new ConditionId(venue.Condition.Id), null, Stop)).Canceled.Length);
        await venue.Send(venue.Bid());
        Assert.Single(Ok(await venue.Venue.CancelAll(Stop)).Canceled);
        Assert.Empty(Ok(await venue.Venue.OpenOrders(Stop)));
        Assert.Equal((1, 1), (venue.Door.Count("DELETE /order"), venue.Door.Count("DELETE /orders")));
    }

    [Fact]
    public async Task Reads_and_cancels_are_asked_again_and_orders_are_not()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        venue.Door.Says("GET /data/orders", 503, "").Says("GET /data/orders", 500, "")
            .Says("DELETE /cancel-all", 425, "").Says("DELETE /cancel-all", 503, "")
            .Says("POST /v1/heartbeats", 502, "")
            .Says("POST /order", 503, "");

        Ok(await venue.Venue.OpenOrders(Stop));
        Ok(await venue.Venue.CancelAll(Stop));
        Assert.Null(await venue.Venue.Heartbeat(Stop));
        Assert.IsType<VenueFailure.Unanswered>((await venue.Send(venue.Bid())).Failure);

        Assert.Equal(
            (3, 3, 2, 1),
            (venue.Door.Count("GET /data/orders"), venue.Door.Count("DELETE /cancel-all"), venue.Door.Count("POST /v1/heartbeats"), venue.Door.Count("POST /order")));
    }

    [Fact]
    public async Task A_read_waits_as_long_as_it_is_told_unless_that_is_too_long()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        venue.Door.Says("GET /data/orders", 429, "", ("Retry-After", "1"));
        var started = Stopwatch.GetTimestamp();
        Ok(await venue.Venue.OpenOrders(Stop));
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(0.9));

        venue.Door.Says("GET /data/orders", 429, "", ("Retry-After", "120"));
        var failure = Unavailable(await venue.Venue.OpenOrders(Stop));
        Assert.Equal(TimeSpan.FromSeconds(120), Assert.IsType<VenueFailure.RetryAfter>(failure).Wait);
        Assert.Equal(3, venue.Door.Count("GET /data/orders"));
    }

    [Fact]
    public async Task Orders_cancels_and_reads_have_connections_of_their_own()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        await venue.Send(venue.Bid());
        Ok(await venue.Venue.CancelAll(Stop));
        await venue.Venue.Heartbeat(Stop);
        Ok(await venue.Venue.Cash(Stop));

        string[] connections =
        [
            .. venue.Door.Connections("POST /order"), .. venue.Door.Connections("DELETE /cancel-all"), .. venue.Door.Connections("GET /balance-allowance"),
        ];
        Assert.Equal(3, connections.Distinct().Count());
        Assert.Equal(venue.Door.Connections("DELETE /cancel-all"), venue.Door.Connections("POST /v1/heartbeats"));
    }

    private static VenueFailure Unavailable<T>(VenueAnswer<T> answer) => Assert.IsType<VenueAnswer<T>.Unavailable>(answer).Failure;

    private static T Ok<T>(VenueAnswer<T> answer) =>
        answer is VenueAnswer<T>.Ok(var value) ? value : throw new Xunit.Sdk.XunitException(((VenueAnswer<T>.Unavailable)answer).Why);
}
