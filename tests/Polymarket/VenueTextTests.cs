using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using Xunit;
using static PolyArb.Domain.Orders.RejectCode;

namespace PolyArb.Tests.Polymarket;

/// <summary>Every text of protocol sheet 9.5 with its status, said over real HTTP to the real client: what it is called and what it proves.</summary>
public sealed class VenueTextTests : IAsyncLifetime
{
    private RestVenue _door = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PolymarketVenue Venue => (PolymarketVenue)_services.GetRequiredService<IVenue>();

    public async ValueTask InitializeAsync()
    {
        _door = await RestVenue.Start(null, Stop);
        _services = VenueOverHttp.Services(VenueOverHttp.OptionsAt(_door.Url), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _door.DisposeAsync();
    }

    /// <summary>"ID" stands for the order's id. Rejected: it is proven not accepted. Unanswered: it may be on the book.</summary>
    [Theory]
    [InlineData(400, "Invalid order payload", InvalidPayload, "Rejected")]
    [InlineData(400, "Invalid payload", InvalidPayload, "Rejected")]
    [InlineData(400, "invalid order params payload", InvalidPayload, "Rejected")]
    [InlineData(400, "Invalid trade params payload", InvalidPayload, "Rejected")]
    [InlineData(400, "Payload exceeds the limit", PayloadTooLarge, "Rejected")]
    [InlineData(400, "the order owner has to be the owner of the API KEY", NotOwnerOfKey, "Rejected")]
    [InlineData(400, "the order signer address has to be the address of the API KEY", NotSignerOfKey, "Rejected")]
    [InlineData(400, "'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' address banned", AddressBanned, "Rejected")]
    [InlineData(400, "'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' address in closed only mode", ClosedOnly, "Rejected")]
    [InlineData(400, "Too many orders in payload: 16, max allowed: 15", TooManyOrders, "Rejected")]
    [InlineData(400, "invalid post-only order: order crosses book", PostOnlyWouldCross, "Rejected")]
    [InlineData(400, "invalid post-only order: only GTC and GTD orders can be post-only", InvalidPostOnly, "Rejected")]
    [InlineData(400, "order ID is invalid. Price (0.505) breaks minimum tick size rule: 0.01", BreaksTick, "Rejected")]
    [InlineData(400, "order ID is invalid. Size (4.99) lower than the minimum: 5", BelowMinimum, "Rejected")]
    [InlineData(400, "invalid amount for a marketable BUY order ($0.5), min size: $1", BelowMinimum, "Rejected")]
    [InlineData(400, "order ID is invalid. Duplicated.", Duplicated, "Unanswered")]
    [InlineData(400, "order ID crosses the book", PostOnlyWouldCross, "Rejected")]
    [InlineData(400, "not enough balance / allowance", NotEnoughBalance, "Rejected")]
    [InlineData(400, "not enough balance / allowance: the balance is not enough -> balance: 1, sum of matched orders: 2, order amount (inc. fees): 3", NotEnoughBalance, "Rejected")]
    [InlineData(400, "invalid nonce", InvalidNonce, "Rejected")]
    [InlineData(400, "invalid expiration", InvalidExpiration, "Rejected")]
    [InlineData(400, "order canceled in the CTF exchange contract", CanceledOnChain, "Rejected")]
    [InlineData(400, "order match delayed due to market conditions", MatchDelayed, "Unanswered")]
    [InlineData(400, "order couldn't be fully filled. FOK orders are fully filled or killed.", FokNotFilled, "Rejected")]
    [InlineData(400, "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.", FakNotFilled, "Rejected")]
    [InlineData(400, "the market is not yet ready to process new orders", MarketNotReady, "Rejected")]
    [InlineData(400, "order_version_mismatch", VersionMismatch, "Rejected")]
    [InlineData(400, "invalid amounts, the buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals", InvalidAmounts, "Rejected")]
    [InlineData(400, "invalid signature", InvalidSignature, "Rejected")]
    [InlineData(400, "Invalid signature_type", InvalidSignatureType, "Rejected")]
    [InlineData(400, "Invalid orderID", InvalidOrderId, "Rejected")]
    [InlineData(400, "Invalid token id", InvalidToken, "Rejected")]
    [InlineData(400, "Invalid side", InvalidSide, "Rejected")]
    [InlineData(400, "Invalid market", InvalidMarket, "Rejected")]
    [InlineData(400, "Invalid asset type", InvalidAssetType, "Rejected")]
    [InlineData(400, "INVALID_ORDER_MIN_TICK_SIZE", BreaksTick, "Rejected")]
    [InlineData(400, "INVALID_ORDER_MIN_SIZE", BelowMinimum, "Rejected")]
    [InlineData(400, "INVALID_ORDER_DUPLICATED", Duplicated, "Unanswered")]
    [InlineData(400, "INVALID_ORDER_NOT_ENOUGH_BALANCE", NotEnoughBalance, "Rejected")]
    [InlineData(400, "INVALID_ORDER_EXPIRATION", InvalidExpiration, "Rejected")]
    [InlineData(400, "INVALID_ORDER_ERROR", NotInserted, "Unanswered")]
    [InlineData(400, "INVALID_POST_ONLY_ORDER_TYPE", InvalidPostOnly, "Rejected")]
    [InlineData(400, "INVALID_POST_ONLY_ORDER", InvalidPostOnly, "Rejected")]
    [InlineData(400, "EXECUTION_ERROR", NotInserted, "Unanswered")]
    [InlineData(400, "ORDER_DELAYED", MatchDelayed, "Unanswered")]
    [InlineData(400, "DELAYING_ORDER_ERROR", MatchDelayed, "Unanswered")]
    [InlineData(400, "FOK_ORDER_NOT_FILLED_ERROR", FokNotFilled, "Rejected")]
    [InlineData(400, "MARKET_NOT_READY", MarketNotReady, "Rejected")]
    [InlineData(400, "context canceled", Unknown, "Unanswered")]
    [InlineData(400, "something new", Unknown, "Unanswered")]
    [InlineData(404, "market not found", MarketNotFound, "Rejected")]
    [InlineData(404, "fee rate not found for market", NoFeeRate, "Rejected")]
    [InlineData(404, "No orderbook exists for the requested token id", NoOrderBook, "Rejected")]
    public async Task A_refusal_has_a_code(int status, string text, RejectCode code, string news)
    {
        var order = Assert.Single(Venue.Sign([ScriptedVenue.Intent()]));
        var said = text.Replace("ID is", $"{order.Id} is", StringComparison.Ordinal).Replace("ID crosses", $"{order.Id} crosses", StringComparison.Ordinal);
        _door.Says("POST /order", status, System.Text.Json.JsonSerializer.Serialize(new { error = said }));

        var answer = await Venue.Send([order], Stop);

        Assert.Equal(code, Assert.IsType<VenueFailure.Rejected>(answer.Failure).Code);
        Assert.Equal(
            news == "Rejected" ? new OrderEvent.Rejected(order.Id, said, code) : new OrderEvent.Unanswered(order.Id, $"HTTP {status}: {said}"),
            Assert.Single(answer.News));
    }

    [Theory]
    [InlineData(401, "Unauthorized/Invalid api key", "Unauthorized", "Rejected Unauthorized")]
    [InlineData(401, "Invalid L1 Request headers", "Unauthorized", "Rejected Unauthorized")]
    [InlineData(401, "Invalid API key", "Unauthorized", "Rejected Unauthorized")]
    [InlineData(403, "Trading restricted in your region", "Blocked", "Rejected Blocked")]
    [InlineData(425, "service not ready", "RetryAfter", "Unanswered")]
    [InlineData(429, "Too Many Requests", "RetryAfter", "Rejected RateLimited")]
    [InlineData(500, "could not insert order", "Unanswered", "Unanswered")]
    [InlineData(500, "there are no matching orders", "Unanswered", "Unanswered")]
    [InlineData(500, "FOK orders are filled or killed", "Unanswered", "Unanswered")]
    [InlineData(500, "the trade contains rounding issues", "Unanswered", "Unanswered")]
    [InlineData(500, "the price of the taker's order has a discrepancy greater than allowed with the worst maker order", "Unanswered", "Unanswered")]
    [InlineData(502, "bad gateway", "Unanswered", "Unanswered")]
    [InlineData(503, "post-only mode: only post-only orders and cancels are allowed", "RetryAfter", "Rejected PostOnlyMode")]
    [InlineData(503, "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.", "RetryAfter", "Rejected CancelOnlyMode")]
    [InlineData(503, "Trading is currently disabled. Check polymarket.com for updates", "RetryAfter", "Rejected TradingDisabled")]
    [InlineData(503, "trading is disabled", "RetryAfter", "Rejected TradingDisabled")]
    [InlineData(503, "something new", "Unanswered", "Unanswered")]
    public async Task A_status_means_the_venue_and_not_the_order(int status, string text, string failure, string news)
    {
        _door.Says("POST /order", status, System.Text.Json.JsonSerializer.Serialize(new { error = text }));

        var answer = await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.Equal((failure, news), (answer.Failure!.GetType().Name, Outcome(answer.News)));
        if (failure != "Blocked") Assert.Contains(text, answer.Failure.Why, StringComparison.Ordinal);
        Assert.Equal(1, _door.Count("POST /order"));
    }

    [Theory]
    [InlineData("not enough balance / allowance", "", "Rejected NotEnoughBalance", null)]
    [InlineData("Rate limit exceeded for tokenId: 7", "", "Rejected TokenRateLimited", null)]
    [InlineData("there are no matching orders", "", "Rejected NoMatchingOrders", null)]
    [InlineData("something new", "", "Rejected Unknown", null)]
    [InlineData("could not insert order", "", "Unanswered", null)]
    [InlineData("order match delayed due to market conditions", "", "Unanswered", null)]
    [InlineData("post-only mode: only post-only orders and cancels are allowed", ",\"code\":\"post_only_mode\",\"retry_after_seconds\":79", "Rejected PostOnlyMode", 79)]
    [InlineData("a new text", ",\"code\":\"post_only_mode\"", "Rejected PostOnlyMode", 10)]
    [InlineData("a new text", ",\"code\":\"market_not_ready\"", "Rejected MarketNotReady", null)]
    [InlineData("a new text", ",\"code\":\"insufficient_balance_or_allowance\"", "Rejected NotEnoughBalance", null)]
    [InlineData("a new text", ",\"code\":\"invalid_nonce\"", "Rejected InvalidNonce", null)]
    [InlineData("a new text", ",\"code\":\"invalid_expiration\"", "Rejected InvalidExpiration", null)]
    [InlineData("a new text", ",\"code\":\"post_only_would_cross\"", "Rejected PostOnlyWouldCross", null)]
    [InlineData("a new text", ",\"code\":\"fok_not_filled\"", "Rejected FokNotFilled", null)]
    [InlineData("a new text", ",\"code\":\"fak_not_filled\"", "Rejected FakNotFilled", null)]
    [InlineData("market is closed", "", "Rejected MarketNotReady", null)]
    [InlineData("Too Many Requests", "", "Rejected RateLimited", 5)]
    [InlineData("internal error: not enough balance / allowance", "", "Unanswered", null)]
    [InlineData("timeout", "", "Unanswered", null)]
    public async Task A_refused_leg_says_success_and_names_no_order(string text, string more, string news, int? rest)
    {
        var orders = Venue.Sign([ScriptedVenue.Intent(salt: 1), ScriptedVenue.Intent(salt: 2)]);
        _door.Says("POST /orders", 200, $$"""
            [{"success":true,"errorMsg":"{{text}}","orderID":"","status":"","makingAmount":"","takingAmount":""{{more}}},
             {"success":true,"errorMsg":"","orderID":"{{orders[1].Id}}","status":"live","makingAmount":"","takingAmount":""}]
            """);

        var answer = await Venue.Send(orders, Stop);

        Assert.Equal($"{news}, Placed", Outcome(answer.News));
        Assert.Equal(rest, (answer.Failure as VenueFailure.RetryAfter)?.Wait.TotalSeconds);
        Assert.Equal(rest is null, answer.Failure is null);
    }

    [Theory]
    [InlineData(429, "", "Retry-After", "7", 7)]
    [InlineData(429, "", "Retry-After", "0", 1)]
    [InlineData(429, "", "Retry-After", "99999999", 3_600)]
    [InlineData(429, "", "X-Nothing", "7", 5)]
    [InlineData(429, "<html>error code: 1015</html>", "Retry-After", "7", 7)]
    [InlineData(425, "", "Retry-After", "90", 90)]
    [InlineData(425, "", "X-Nothing", "7", 2)]
    [InlineData(503, """{"error":"post-only mode: only","code":"post_only_mode","retry_after_seconds":79}""", "Retry-After", "80", 79)]
    [InlineData(503, """{"error":"trading is disabled"}""", "Retry-After", "80", 80)]
    [InlineData(503, """{"error":"trading is disabled"}""", "X-Nothing", "80", 10)]
    public async Task The_venue_names_the_time_to_wait_or_we_do(int status, string body, string header, string value, int seconds)
    {
        _door.Says("POST /order", status, body, (header, value));

        var answer = await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<VenueFailure.RetryAfter>(answer.Failure).Wait);
    }

    [Fact]
    public async Task A_date_to_wait_for_counts_from_the_answers_own_date()
    {
        _door.Says("POST /order", 429, "", ("Date", "Wed, 07 Oct 2026 10:00:00 GMT"), ("Retry-After", "Wed, 07 Oct 2026 10:00:42 GMT"));

        var answer = await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.Equal(TimeSpan.FromSeconds(42), Assert.IsType<VenueFailure.RetryAfter>(answer.Failure).Wait);
    }

    /// <summary>Whatever its status, a page is not the venue's API; only a front end that refuses proves that the order went no further.</summary>
    [Theory]
    [InlineData(200, "<!DOCTYPE html><html><title>Welcome to the hotel</title></html>", "Unanswered", "captive portal")]
    [InlineData(302, "", "Unanswered", "captive portal")]
    [InlineData(400, "<html><h1>Bad Request</h1></html>", "Unanswered", "captive portal")]
    [InlineData(401, "<html><h1>Proxy login</h1></html>", "Unanswered", "captive portal")]
    [InlineData(404, "<html>nginx</html>", "Unanswered", "captive portal")]
    [InlineData(403, "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>", "Rejected Blocked", "Cloudflare")]
    [InlineData(403, "<html><p>Polymarket is not available in your country</p></html>", "Rejected Blocked", "region")]
    [InlineData(403, "", "Rejected Blocked", "refuses this address")]
    [InlineData(503, "<html><title>Just a moment...</title><!-- Cloudflare --></html>", "Unanswered", "Cloudflare")]
    public async Task A_web_page_is_said_in_plain_words_and_never_shown(int status, string page, string news, string words)
    {
        _door.Says("POST /order", status, page, ("Location", "https://login.example/"));
        _door.Says("GET /balance-allowance", status == 503 ? 403 : status, page);

        var answer = await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop);
        var cash = await Venue.Cash(Stop);

        var failure = Assert.IsType<VenueFailure.Blocked>(answer.Failure);
        Assert.Contains(words, failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("<", failure.Why, StringComparison.Ordinal);
        Assert.Equal(news, Outcome(answer.News));
        Assert.IsType<VenueFailure.Blocked>(Assert.IsType<VenueAnswer<Usd>.Unavailable>(cash).Failure);
        Assert.Equal(1, _door.Count("POST /order"));
    }

    [Fact]
    public async Task A_gateway_that_cannot_reach_the_venue_says_nothing_about_the_order()
    {
        _door.Says("POST /order", 502, "<html><title>polymarket.com | 502: Bad gateway</title>Cloudflare</html>");

        var answer = await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.Equal(new VenueFailure.Unanswered("HTTP 502 with a web page"), answer.Failure);
        Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News));
    }

    [Fact]
    public async Task Markup_inside_a_text_is_not_shown_either()
    {
        _door.Says("POST /order", 400, """{"error":"upstream said <html><body>no</body></html>"}""");

        Assert.Equal("HTTP 400: a web page", (await Venue.Send(Venue.Sign([ScriptedVenue.Intent()]), Stop)).Failure!.Why);
    }

    private static string Outcome(ImmutableArray<OrderEvent> news) =>
        string.Join(", ", news.Select(one => one is OrderEvent.Rejected rejected ? $"Rejected {rejected.Code}" : one.GetType().Name));
}
