using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Simulator.Engine;
using Xunit;
using OrderType = PolyArb.Domain.OrderType;
using Side = PolyArb.Domain.Side;

namespace PolyArb.Tests.Polymarket;

/// <summary>The real client against the local exchange over real HTTP: what each thing that goes wrong there comes to here.</summary>
public class VenueOutcomeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_taken_and_found_by_its_id()
    {
        await using var venue = await VenueOverHttp.Start(Stop);

        var order = Assert.Single(venue.Venue.Sign([venue.Bid()]));
        var answer = await venue.Venue.Send([order], Stop);

        Assert.Null(answer.Failure);
        Assert.Equal([new OrderEvent.Placed(order.Id)], answer.News);
        Assert.Equal(VenueOrderStatus.Live, Ok(await venue.Venue.Order(order.Id, Stop))!.Status);
    }

    public static TheoryData<RejectCode> Refusals =>
    [
        RejectCode.BreaksTick, RejectCode.BelowMinimum, RejectCode.InvalidAmounts, RejectCode.InvalidExpiration, RejectCode.NotEnoughBalance,
        RejectCode.FokNotFilled, RejectCode.FakNotFilled, RejectCode.InvalidToken, RejectCode.InvalidSignature, RejectCode.MarketNotReady,
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_exchange_refuses_is_proven_and_has_its_code(RejectCode code)
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        var bid = venue.Bid();
        if (code is RejectCode.MarketNotReady) venue.Exchange.Exchange.Life.Close(venue.Condition);

        var answer = await venue.Send(code switch
        {
            RejectCode.BreaksTick => venue.Bid(cash: 105_000),
            RejectCode.BelowMinimum => venue.Bid(cash: 40_000, shares: 4_000_000),
            RejectCode.InvalidAmounts => venue.Bid(cash: 50_010, shares: 5_001_000),
            RejectCode.InvalidExpiration => bid with { ExpirationSeconds = 1_900_000_000 },
            RejectCode.NotEnoughBalance => venue.Bid(cash: 10_000_000_000_000, shares: 1_000_000_000_000_000),
            RejectCode.FokNotFilled => venue.Bid(cash: 1_000_000, shares: 100_000_000, OrderType.Fok),
            RejectCode.FakNotFilled => venue.Bid(cash: 1_000_000, shares: 100_000_000, OrderType.Fak),
            RejectCode.InvalidToken => bid with { Order = bid.Order with { Token = new TokenId("7") } },
            RejectCode.InvalidSignature => bid with { Order = bid.Order with { NegRisk = true } },
            _ => bid,
        });

        Assert.Equal(code, Assert.IsType<OrderEvent.Rejected>(Assert.Single(answer.News)).Code);
        Assert.Equal(code, Assert.IsType<VenueFailure.Rejected>(answer.Failure).Code);
        Assert.Null(answer.Failure.Rest);
        Assert.Empty(Ok(await venue.Venue.OpenOrders(Stop)));
    }

    [Fact]
    public async Task A_second_post_of_an_order_says_that_the_first_one_is_there()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        var orders = venue.Venue.Sign([venue.Bid()]);
        await venue.Venue.Send(orders, Stop);

        var again = await venue.Venue.Send(orders, Stop);

        Assert.IsType<OrderEvent.Unanswered>(Assert.Single(again.News));
        Assert.Equal(RejectCode.Duplicated, Assert.IsType<VenueFailure.Rejected>(again.Failure).Code);
    }

    [Fact]
    public async Task A_batch_is_answered_leg_by_leg()
    {
        await using var venue = await VenueOverHttp.Start(Stop);

        var answer = await venue.Send(venue.Bid(), venue.Bid(cash: 40_000, shares: 4_000_000), venue.Bid());

        Assert.Null(answer.Failure);
        Assert.Equal(["Placed", "Rejected", "Placed"], answer.News.Select(news => news.GetType().Name));
        Assert.Equal(RejectCode.BelowMinimum, ((OrderEvent.Rejected)answer.News[1]).Code);
        Assert.Equal((0, 1), (venue.Door.Count("POST /order"), venue.Door.Count("POST /orders")));
    }

    [Fact]
    public async Task A_429_is_never_accepted_and_says_how_long_to_wait()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        await venue.Break("rate-limit-429", milliseconds: 60_000);

        var answer = await venue.Send(venue.Bid());

        Assert.Equal(RejectCode.RateLimited, Assert.IsType<OrderEvent.Rejected>(Assert.Single(answer.News)).Code);
        Assert.InRange(Assert.IsType<VenueFailure.RetryAfter>(answer.Failure).Wait.TotalSeconds, 50, 60);
        Assert.Equal(1, venue.Door.Count("POST /order"));
        Assert.Empty(Ok(await venue.Venue.OpenOrders(Stop)));
    }

    [Fact]
    public async Task In_a_restart_nobody_knows_what_became_of_the_order()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        await venue.Break("restart-425", milliseconds: 90_000);

        var answer = await venue.Send(venue.Bid());

        Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News));
        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<VenueFailure.RetryAfter>(answer.Failure).Wait);
        Assert.Equal(1, venue.Door.Count("POST /order"));
    }

    [Theory]
    [InlineData("PostOnly", RejectCode.PostOnlyMode, 78)]
    [InlineData("CancelOnly", RejectCode.CancelOnlyMode, 10)]
    [InlineData("Disabled", RejectCode.TradingDisabled, 10)]
    public async Task A_mode_refuses_orders_alone_and_in_a_batch_for_a_time(string mode, RejectCode code, int seconds)
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        venue.Enter(Enum.Parse<Mode>(mode), mode == "PostOnly" ? 79_000 : 0);

        var alone = await venue.Send(venue.Bid());
        var batch = await venue.Send(venue.Bid(), venue.Bid());

        foreach (var answer in new[] { alone, batch })
        {
            Assert.All(answer.News, news => Assert.Equal(code, Assert.IsType<OrderEvent.Rejected>(news).Code));
            Assert.InRange(Assert.IsType<VenueFailure.RetryAfter>(answer.Failure).Wait.TotalSeconds, seconds, seconds + 1);
        }

        var canceled = await venue.Venue.CancelAll(Stop);
        if (mode == "Disabled") Assert.IsType<VenueFailure.RetryAfter>(Assert.IsType<VenueAnswer<CancelAnswer>.Unavailable>(canceled).Failure);
        else Ok(canceled);
    }

    [Fact]
    public async Task An_answer_lost_after_the_order_was_taken_leaves_it_unanswered_until_it_is_found_by_its_id()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        await venue.Break("lost-answer");
        var order = Assert.Single(venue.Venue.Sign([venue.Bid()]));

        var answer = await venue.Venue.Send([order], Stop);

        Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News));
        var how = Assert.IsType<VenueFailure.Unanswered>(answer.Failure).Why; // Closed or reset, as the moment has it.
        Assert.True(how.Contains("prematurely", StringComparison.Ordinal) || how.Contains("transport connection", StringComparison.Ordinal), how);
        Assert.Equal(1, venue.Door.Count("POST /order"));
        Assert.Equal([new OrderEvent.Placed(order.Id)], Ok(await venue.Venue.Order(order.Id, Stop))!.News());
    }

    /// <summary>The exchange's own fault answers 500; a 503 that says no mode comes from the door, after the exchange took the order.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_after_the_order_was_taken_is_not_posted_again(int status)
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        if (status == 500) await venue.Break("error-after-accept");
        else venue.Door.SaysAfterwards("POST /order", status, """{"error":"upstream connect error"}""");
        var order = Assert.Single(venue.Venue.Sign([venue.Bid()]));

        var answer = await venue.Venue.Send([order], Stop);

        Assert.StartsWith($"HTTP {status}", Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News)).Why, StringComparison.Ordinal);
        Assert.Equal(1, venue.Door.Count("POST /order"));
        Assert.Equal(order.Id, Assert.Single(Ok(await venue.Venue.OpenOrders(Stop))).Id);
    }

    [Fact]
    public async Task An_order_that_is_not_answered_in_time_is_not_posted_again()
    {
        await using var venue = await VenueOverHttp.Start(Stop, change: options => options with { OrderTimeout = TimeSpan.FromMilliseconds(300) });
        venue.Door.KeepsQuiet("POST /order");

        var answer = await venue.Send(venue.Bid());

        Assert.Equal("timed out", Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News)).Why);
        Assert.Equal(1, venue.Door.Count("POST /order"));
    }

    [Fact]
    public async Task A_refused_connection_sent_nothing_and_leaves_nothing_open()
    {
        var port = FreePort();
        await using var services = VenueOverHttp.Services(VenueOverHttp.OptionsAt(new Uri($"http://127.0.0.1:{port}")), TimeProvider.System);
        var venue = services.GetRequiredService<IVenue>();

        var answer = await venue.Send(venue.Sign([ScriptedVenue.Intent(salt: 1), ScriptedVenue.Intent(salt: 2)]), Stop);

        Assert.IsType<VenueFailure.Down>(answer.Failure);
        Assert.All(answer.News, news => Assert.Equal(RejectCode.NotSent, Assert.IsType<OrderEvent.Rejected>(news).Code));
        Assert.All(answer.News, news => Assert.StartsWith("not sent: ", ((OrderEvent.Rejected)news).Why, StringComparison.Ordinal));
        Assert.IsType<VenueFailure.Down>(Assert.IsType<VenueAnswer<Usd>.Unavailable>(await venue.Cash(Stop)).Failure);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_sent_nothing_either()
    {
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hole.Listen(0);
        var address = (IPEndPoint)hole.LocalEndPoint!;
        Socket[] crowd = [.. Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        Task[] waiting = [.. crowd.Select(socket => socket.ConnectAsync(address, Stop).AsTask())];
        await Task.WhenAny(waiting); // Its queue holds one; who comes later is not answered.
        var options = VenueOverHttp.OptionsAt(new Uri($"http://{address}")) with { OrderConnectTimeout = TimeSpan.FromMilliseconds(300), ConnectTimeout = TimeSpan.FromMinutes(1) };
        await using var services = VenueOverHttp.Services(options, TimeProvider.System);
        var venue = services.GetRequiredService<IVenue>();

        var answer = await venue.Send(venue.Sign([ScriptedVenue.Intent()]), Stop);

        Assert.Contains("timed out", Assert.IsType<VenueFailure.Down>(answer.Failure).Why, StringComparison.Ordinal);
        Assert.Equal(RejectCode.NotSent, Assert.IsType<OrderEvent.Rejected>(Assert.Single(answer.News)).Code);
        foreach (var socket in crowd) socket.Dispose();
        await Task.WhenAll(waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>A proxy's, not the venue's: decompressing throws what no error of a network is.</summary>
    [Fact]
    public async Task An_answer_that_cannot_be_decompressed_is_no_answer()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        venue.Door.Says("POST /order", 200, "no gzip", ("Content-Encoding", "gzip")).Says("DELETE /cancel-all", 200, "no gzip", ("Content-Encoding", "gzip"));

        Assert.IsType<OrderEvent.Unanswered>(Assert.Single((await venue.Send(venue.Bid())).News));
        Assert.IsType<VenueAnswer<CancelAnswer>.Unavailable>(await venue.Venue.CancelAll(Stop));
    }

    /// <summary>The venue's words become facts.</summary>
    [Fact]
    public async Task An_answer_that_repeats_our_passphrase_is_told_without_it()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        var passphrase = venue.Options.Credentials!.Reveal().Passphrase;
        venue.Door.Says("POST /order", 400, $$"""{"error":"what is POLY_PASSPHRASE {{passphrase}}?"}""");

        var answer = await venue.Send(venue.Bid());

        var why = Assert.IsType<OrderEvent.Unanswered>(Assert.Single(answer.News)).Why;
        Assert.Contains($"what is POLY_PASSPHRASE {new string('*', passphrase.Length)}?", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_key_is_unauthorized_and_its_orders_are_proven_refused()
    {
        await using var venue = await VenueOverHttp.Start(Stop);
        Assert.Equal([venue.Options.Credentials!.Reveal().ApiKey], Ok(await venue.Account.ApiKeys(Stop)));
        Assert.Null(await venue.Account.DeleteApiKey(Stop));

        var answer = await venue.Send(venue.Bid());

        Assert.Equal(RejectCode.Unauthorized, Assert.IsType<OrderEvent.Rejected>(Assert.Single(answer.News)).Code);
        Assert.Equal("HTTP 401: Unauthorized/Invalid api key", Assert.IsType<VenueFailure.Unauthorized>(answer.Failure).Why);
        Assert.IsType<VenueFailure.Unauthorized>(await venue.Venue.Heartbeat(Stop));
    }

    [Fact]
    public async Task An_order_signed_for_the_wrong_version_is_followed_by_one_for_the_right_one()
    {
        await using var venue = await VenueOverHttp.Start(Stop, "protocol-v2");
        var condition = venue.Exchange.Exchange.World.Conditions.First(one => one.ProtocolV2);
        var wrong = venue.Bid(condition: condition);
        wrong = wrong with { Order = wrong.Order with { Protocol = ProtocolVersion.V1 } };

        var refused = await venue.Send(wrong);
        var next = Assert.Single(venue.Venue.Sign([wrong]));
        var taken = await venue.Venue.Send([next], Stop);

        Assert.Equal(RejectCode.VersionMismatch, Assert.IsType<OrderEvent.Rejected>(Assert.Single(refused.News)).Code);
        Assert.Null(venue.Venue.WhyNot(wrong.Order.Condition));
        Assert.Equal(ProtocolVersion.V2, next.Intent.Order.Protocol); // What is journaled is what was signed.
        Assert.NotEqual(refused.News[0].Order, next.Id);
        Assert.IsType<OrderEvent.Placed>(Assert.Single(taken.News));
        Assert.Equal(1, venue.Door.Count($"GET /clob-markets/{condition.Id}"));
    }

    [Fact]
    public async Task A_version_that_is_refused_and_listed_all_the_same_is_not_signed_for_again_for_ten_minutes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var venue = await VenueOverHttp.Start(Stop, time: time);
        venue.Door.Says("POST /order", 400, """{"error":"order_version_mismatch"}""");
        var bid = venue.Bid();

        await venue.Send(bid);

        Assert.Contains("V1", venue.Venue.WhyNot(bid.Order.Condition), StringComparison.Ordinal);
        Assert.Null(venue.Venue.WhyNot(new ConditionId("0xother")));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(venue.Venue.WhyNot(bid.Order.Condition));
    }

    [Fact]
    public async Task One_wrong_version_in_a_request_does_not_speak_against_its_other_conditions()
    {
        await using var venue = await VenueOverHttp.Start(Stop, "protocol-v2");
        var changed = venue.Bid(condition: venue.Exchange.Exchange.World.Conditions.First(one => one.ProtocolV2));
        changed = changed with { Order = changed.Order with { Protocol = ProtocolVersion.V1 } };
        var sound = venue.Bid();
        venue.Door.Says("POST /orders", 400, """{"error":"order_version_mismatch"}""");

        await venue.Send(changed, sound);

        Assert.Equal((null, null), (venue.Venue.WhyNot(changed.Order.Condition), venue.Venue.WhyNot(sound.Order.Condition)));
        Assert.Equal([ProtocolVersion.V2, ProtocolVersion.V1], venue.Venue.Sign([changed, sound]).Select(order => order.Intent.Order.Protocol));
    }

    [Fact]
    public async Task A_version_that_cannot_be_read_again_waits_for_a_moment()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var venue = await VenueOverHttp.Start(Stop, time: time);
        venue.Door.Says("POST /order", 400, """{"error":"order_version_mismatch"}""").Says($"GET /clob-markets/{venue.Condition.Id}", 404, "");
        var bid = venue.Bid();

        await venue.Send(bid);

        Assert.Contains("does not say", venue.Venue.WhyNot(bid.Order.Condition), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(venue.Venue.WhyNot(bid.Order.Condition));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static T Ok<T>(VenueAnswer<T> answer) =>
        answer is VenueAnswer<T>.Ok(var value) ? value : throw new Xunit.Sdk.XunitException(((VenueAnswer<T>.Unavailable)answer).Why);
}
