using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What each answer to a POST proves (protocol sheet 7.6, 9.3, 9.5, 12.6).</summary>
public class VenueAnswerTests
{
    private const string Id = "0x303d47ded19d284879d54d38626abbe2345190da51007bff5ce81a4c39bad2fa";

    private static readonly OrderId Golden = new(Id);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"ID","status":"live","makingAmount":"","takingAmount":""}""", "Placed")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"ID","status":"unmatched","makingAmount":"","takingAmount":""}""", "Placed")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"ID","status":"delayed","makingAmount":"0","takingAmount":"0","transactionsHashes":[],"tradeIDs":[]}""", "Delayed")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"ID","status":"dreaming"}""", "Unanswered")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"ID","status":"matched","makingAmount":"","takingAmount":""}""", "Unanswered")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"0xother","status":"live"}""", "Unanswered")]
    [InlineData(200, """{"success":true,"errorMsg":"","orderID":"","status":""}""", "Unanswered")]
    [InlineData(200, """{"success":true,"errorMsg":"not enough balance / allowance","orderID":"","status":"","makingAmount":"","takingAmount":""}""", "Rejected")]
    [InlineData(200, """{"success":false,"errorMsg":"not enough balance / allowance","orderID":"","status":"","makingAmount":"","takingAmount":""}""", "Rejected")]
    [InlineData(200, """{"success":false,"errorMsg":"not enough balance / allowance","orderID":null}""", "Rejected")]
    [InlineData(200, """{"success":true,"errorMsg":"Rate limit exceeded for tokenId: 1","orderID":"","status":"delayed"}""", "Rejected")]
    [InlineData(200, """{"success":false,"errorMsg":"order ID is invalid. Duplicated.","orderID":""}""", "Unanswered")]
    [InlineData(200, "[]", "Unanswered")]
    [InlineData(200, "", "Unanswered")]
    [InlineData(200, "<html>hello</html>", "Unanswered")]
    [InlineData(302, "", "Unanswered")]
    [InlineData(400, """{"error":"order ID is invalid. Size (4.99) lower than the minimum: 5"}""", "Rejected")]
    [InlineData(400, """{"error":"order ID is invalid. Price (0.84) breaks minimum tick size rule: 0.01"}""", "Rejected")]
    [InlineData(400, """{"error":"invalid post-only order: order crosses book"}""", "Rejected")]
    [InlineData(400, """{"error":"order_version_mismatch"}""", "Rejected")]
    [InlineData(400, """{"error":"not enough balance / allowance: the balance is not enough -> balance: 1, sum of matched orders: 2, order amount (inc. fees): 3"}""", "Rejected")]
    [InlineData(400, """{"error":"order couldn't be fully filled. FOK orders are fully filled or killed."}""", "Rejected")]
    [InlineData(400, """{"error":"no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found."}""", "Rejected")]
    [InlineData(400, """{"error":"order ID is invalid. Duplicated."}""", "Unanswered")]
    [InlineData(400, """{"error":"order match delayed due to market conditions"}""", "Unanswered")]
    [InlineData(400, """{"error":"something new"}""", "Unanswered")]
    [InlineData(400, "<html></html>", "Unanswered")]
    [InlineData(401, """{"error":"Unauthorized/Invalid api key"}""", "Rejected")]
    [InlineData(401, "", "Unanswered")]
    [InlineData(403, "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>", "Rejected")]
    [InlineData(403, """{"error":"Trading restricted in your region"}""", "Rejected")]
    [InlineData(403, "", "Unanswered")]
    [InlineData(404, """{"error":"market not found"}""", "Rejected")]
    [InlineData(404, "<html>nginx</html>", "Unanswered")]
    [InlineData(425, "", "Unanswered")]
    [InlineData(429, """{"error":"too many requests"}""", "Unanswered")]
    [InlineData(500, """{"error":"could not insert order"}""", "Unanswered")]
    [InlineData(502, "<html>bad gateway</html>", "Unanswered")]
    [InlineData(503, """{"error":"post-only mode: only post-only orders and cancels are allowed","code":"post_only_mode","retry_after_seconds":79}""", "Unanswered")]
    public async Task An_answer_means_what_it_proves(int status, string body, string news)
    {
        var venue = new ScriptedVenue().Answers(status, body.Replace("ID is", Id + " is", StringComparison.Ordinal).Replace("\"ID\"", $"\"{Id}\"", StringComparison.Ordinal));
        var answer = Assert.Single(await venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop));
        Assert.Equal(news, answer.GetType().Name);
        Assert.Equal(Golden, answer.Order);
        Assert.Single(venue.Asked);
    }

    [Theory]
    [InlineData(OrderType.Gtc, Side.Buy, "17.2528", "21.04", "21.04", true)]
    [InlineData(OrderType.Gtc, Side.Buy, "8", "10", "10", false)]
    [InlineData(OrderType.Fak, Side.Buy, "8", "10", "10", true)]
    [InlineData(OrderType.Fok, Side.Buy, "17.2528", "21.5", "21.5", true)]
    [InlineData(OrderType.Gtc, Side.Sell, "5.12", "4.9152", "5.12", false)]
    [InlineData(OrderType.Gtc, Side.Buy, "17252800", "21040000", "21.04", true)]
    public async Task A_match_says_how_many_shares(OrderType type, Side side, string making, string taking, string shares, bool final)
    {
        var venue = new ScriptedVenue();
        var orders = venue.Venue.Sign([ScriptedVenue.Intent(type, side)]);
        venue.Answers(200, $$"""{"success":true,"errorMsg":"","orderID":"{{orders[0].Id}}","status":"matched","makingAmount":"{{making}}","takingAmount":"{{taking}}"}""");
        Assert.Equal([new OrderEvent.Matched(orders[0].Id, Size.Parse(shares), final)], await venue.Venue.Send(orders, Stop));
    }

    [Fact]
    public async Task Silence_is_news_and_nothing_is_sent_twice()
    {
        foreach (var failure in (Exception[])[new HttpRequestException("reset"), new TaskCanceledException("timeout"), new IOException("cut")])
        {
            var venue = new ScriptedVenue().Fails(failure);
            Assert.IsType<OrderEvent.Unanswered>(Assert.Single(await venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop)));
            Assert.Single(venue.Asked);
        }
    }

    [Fact]
    public async Task A_batch_is_answered_leg_by_leg()
    {
        var venue = new ScriptedVenue();
        var orders = venue.Venue.Sign([ScriptedVenue.Intent(salt: 1), ScriptedVenue.Intent(salt: 2)]);
        venue.Answers(200, $$"""[{"success":true,"errorMsg":"not enough balance / allowance","orderID":""},{"success":true,"errorMsg":"","orderID":"{{orders[1].Id}}","status":"live"}]""");

        Assert.Equal(
            [new OrderEvent.Rejected(orders[0].Id, "not enough balance / allowance"), new OrderEvent.Placed(orders[1].Id)],
            await venue.Venue.Send(orders, Stop));
        Assert.Equal(("POST", "/orders"), (venue.Asked[0].Method, venue.Asked[0].Path));
        Assert.Equal($"[{orders[0].Wire},{orders[1].Wire}]", venue.Asked[0].Body);
    }

    [Theory]
    [InlineData("Invalid order payload", "Rejected", "Rejected")]
    [InlineData("order FIRST is invalid. Size (4.99) lower than the minimum: 5", "Rejected", "Unanswered")]
    [InlineData("not enough balance / allowance", "Unanswered", "Unanswered")]
    public async Task A_refused_batch_refuses_only_what_it_names(string error, string first, string second)
    {
        var venue = new ScriptedVenue();
        var orders = venue.Venue.Sign([ScriptedVenue.Intent(salt: 1), ScriptedVenue.Intent(salt: 2)]);
        venue.Answers(400, $$"""{"error":"{{error.Replace("FIRST", orders[0].Id.Text, StringComparison.Ordinal)}}"}""");
        Assert.Equal([first, second], (await venue.Venue.Send(orders, Stop)).Select(news => news.GetType().Name));
    }

    [Fact]
    public void Sending_has_started_when_it_returns_its_task()
    {
        var venue = new ScriptedVenue().Answers(500, "");
        _ = venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop);
        Assert.Single(venue.Asked);
    }
}
