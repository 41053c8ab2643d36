using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What each shape of an answer to a POST proves (protocol sheet 7.6, 7.7, 12.6). Its texts are in <see cref="VenueTextTests"/>.</summary>
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
    [InlineData(200, "hello", "Unanswered")]
    [InlineData(201, """{"success":true,"errorMsg":"","orderID":"ID","status":"live"}""", "Placed")]
    [InlineData(204, "", "Unanswered")]
    [InlineData(401, "", "Rejected")]
    [InlineData(403, "", "Rejected")]
    [InlineData(418, "", "Unanswered")]
    public async Task An_answer_means_what_it_proves(int status, string body, string news)
    {
        var venue = new ScriptedVenue().Answers(status, body.Replace("ID is", Id + " is", StringComparison.Ordinal).Replace("\"ID\"", $"\"{Id}\"", StringComparison.Ordinal));
        var answer = Assert.Single((await venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop)).News);
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
        Assert.Equal([new OrderEvent.Matched(orders[0].Id, Size.Parse(shares), final)], (await venue.Venue.Send(orders, Stop)).News);
    }

    public static TheoryData<Exception, bool> Failures => new()
    {
        { new HttpRequestException("reset"), false },
        { new HttpRequestException(HttpRequestError.ResponseEnded, "cut"), false },
        { new HttpRequestException(HttpRequestError.InvalidResponse, "odd"), false },
        { new TaskCanceledException("timeout"), false },
        { new IOException("cut"), false },
        { new HttpRequestException(HttpRequestError.ConnectionError, "refused"), true },
        { new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"), true },
        { new HttpRequestException(HttpRequestError.SecureConnectionError, "no handshake"), true },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError, "no tunnel"), true },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Silence_is_news_unless_there_was_nobody_to_send_to_and_nothing_is_sent_twice(Exception failure, bool isUnsent)
    {
        var venue = new ScriptedVenue().Fails(failure);

        var answer = await venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.IsType(isUnsent ? typeof(OrderEvent.Rejected) : typeof(OrderEvent.Unanswered), Assert.Single(answer.News));
        Assert.IsType(isUnsent ? typeof(VenueFailure.Down) : typeof(VenueFailure.Unanswered), answer.Failure);
        Assert.Single(venue.Asked);
    }

    [Fact]
    public async Task A_batch_is_answered_leg_by_leg()
    {
        var venue = new ScriptedVenue();
        var orders = venue.Venue.Sign([ScriptedVenue.Intent(salt: 1), ScriptedVenue.Intent(salt: 2)]);
        venue.Answers(200, $$"""[{"success":true,"errorMsg":"not enough balance / allowance","orderID":""},{"success":true,"errorMsg":"","orderID":"{{orders[1].Id}}","status":"live"}]""");

        Assert.Equal(
            [new OrderEvent.Rejected(orders[0].Id, "not enough balance / allowance", RejectCode.NotEnoughBalance), new OrderEvent.Placed(orders[1].Id)],
            (await venue.Venue.Send(orders, Stop)).News);
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
        Assert.Equal([first, second], (await venue.Venue.Send(orders, Stop)).News.Select(news => news.GetType().Name));
    }

    [Fact]
    public void Sending_has_started_when_it_returns_its_task()
    {
        var venue = new ScriptedVenue().Answers(500, "");
        _ = venue.Venue.Send(venue.Venue.Sign([ScriptedVenue.Intent()]), Stop);
        Assert.Single(venue.Asked);
    }
}
