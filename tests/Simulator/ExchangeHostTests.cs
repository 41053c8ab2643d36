using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class ExchangeHostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_of_every_book_verifies_against_its_hash_once_its_batch_is_complete()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 11, SpeedPercent = 1_000 }, Stop);
        var conditions = host.Exchange.World.Conditions;
        var tokens = conditions.SelectMany(c => c.Tokens).ToArray();
        using var feed = await FeedClient.ConnectAsync(
            host.Port, "market", new { assets_ids = tokens, type = "market", custom_feature_enabled = true }, Stop);
        using var dump = JsonDocument.Parse((await feed.NextAsync(Stop))!);
        var books = dump.RootElement.EnumerateArray().ToDictionary(
            b => b.Text("asset_id"), b => new WatchedBook(b, conditions.First(c => c.Id == b.Text("market")).NegRisk));
        Assert.Equal(tokens.Length, books.Count);
        foreach (var book in dump.RootElement.EnumerateArray()) Assert.True(books[book.Text("asset_id")].Proves(book.Text("timestamp"), book.Text("hash")));

        // A batch of a token ends where its (timestamp, hash) changes; the state before the next one must have matched.
        Dictionary<string, (string Timestamp, string Hash)> open = [];
        HashSet<string> kinds = [];
        var proven = 0;
        while (proven < 3_000)
        {
            using var frame = JsonDocument.Parse((await feed.NextAsync(Stop))!);
            var kind = frame.RootElement.Text("event_type");
            kinds.Add(kind);
            if (kind == "book")
            {
                books[frame.RootElement.Text("asset_id")].Again(frame.RootElement);
                continue;
            }

            if (kind != "price_change") continue;

            var timestamp = frame.RootElement.Text("timestamp");
            foreach (var change in frame.RootElement.GetProperty("price_changes").EnumerateArray())
            {
                var token = change.Text("asset_id");
                var state = (timestamp, change.Text("hash"));
                if (open.TryGetValue(token, out var before) && before != state)
                {
                    Assert.True(books[token].Proves(before.Timestamp, before.Hash));
                    proven++;
                }

                open[token] = state;
                books[token].Apply(change);
            }
        }

        Assert.Superset(new HashSet<string> { "book", "price_change", "best_bid_ask", "last_trade_price" }, kinds);
    }

    [Fact]
    public async Task A_signed_order_is_taken_matched_told_and_settled_and_the_ledger_agrees()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        using var user = await FeedClient.UserAsync(host.Port, wallet, Stop);
        var condition = host.Exchange.World.Conditions.First(c => c.NegRisk);
        var ask = host.Exchange.MarketOf(condition).Top(1).Ask!.Value;

        // Twenty shares at the ask's own price.
        var body = wallet.Order(condition.Tokens[1], negRisk: true, "BUY", 20L * ask * 100, 20_000_000, "GTC");
        var (status, answer) = await wallet.SendAsync(HttpMethod.Post, "/order", body, Stop);
        var told = await user.UntilAsync(f => f.Text("event_type") == "trade" && f.Text("status") == "CONFIRMED", Stop);
        var (_, trades) = await wallet.SendAsync(HttpMethod.Get, "/data/trades?id=" + answer.GetProperty("tradeIDs")[0].GetString(), null, Stop);
        using var ledger = JsonDocument.Parse(await http.GetStringAsync("/sim/ledger", Stop));
        var account = ledger.RootElement.GetProperty("accounts").GetProperty(TestWallet.Address.ToLowerInvariant());

        Assert.Equal(200, status);
        Assert.Equal(("matched", "20"), (answer.Text("status"), answer.Text("takingAmount")));
        Assert.Equal(
            ["PLACEMENT", "TRADE/MATCHED", "UPDATE", "TRADE/MINED", "TRADE/CONFIRMED"],
            told.Select(f => f.Text("type") == "TRADE" ? "TRADE/" + f.Text("status") : f.Text("type")));
        Assert.Equal("CONFIRMED", trades.GetProperty("data")[0].Text("status"));
        Assert.Equal("20", account.GetProperty("positions").Text(condition.Tokens[1]));
        Assert.Equal("MATCHED", account.GetProperty("orders")[0].Text("status"));
        Assert.Equal(answer.Text("orderID"), account.GetProperty("trades")[0].Text("orderId"));
        host.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public async Task A_request_that_breaks_the_engine_is_its_failure()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var condition = host.Exchange.World.Conditions.First(c => c.NegRisk);
        var ask = host.Exchange.MarketOf(condition).Top(1).Ask!.Value;
        var body = wallet.Order(condition.Tokens[1], negRisk: true, "BUY", 20L * ask * 100, 20_000_000, "GTC");
        using var bad = await http.PostAsync("/books", new StringContent("{{"), Stop);
        Assert.Null(host.Failure);

        lock (host.Exchange.Gate)
        {
            host.Exchange.ChecksMoney = true;
            host.Exchange.Ledger.Account(TestWallet.Address).Pay(1);
        }

        using var request = wallet.Request(HttpMethod.Post, "/order", System.Text.Encoding.UTF8.GetBytes(body));
        using var signed = await http.SendAsync(request, Stop);

        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, signed.StatusCode);
        Assert.Contains("differ from issued", host.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_request_given_up_or_badly_sent_is_no_failure(bool isGivenUp, bool isValid)
    {
        var requests = new RequestFailures();
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(isGivenUp) };

        Exception thrown = isValid ? new IOException("reset") : new BadHttpRequestException("no HTTP");
        await Assert.ThrowsAsync(thrown.GetType(), () => requests.InvokeAsync(http, _ => throw thrown));
        Assert.Null(requests.First);

        // The engine broke, whether the sender is still there or not.
        await Assert.ThrowsAsync<OverflowException>(() => requests.InvokeAsync(http, _ => throw new OverflowException()));
        Assert.IsType<OverflowException>(requests.First);
    }

    [Fact]
    public async Task A_resting_order_can_be_read_and_canceled_once()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var condition = host.Exchange.World.Conditions[0];
        var body = wallet.Order(condition.Tokens[0], negRisk: false, "BUY", 2_500_000, 5_000_000, "GTC", postOnly: true);

        var (_, placed) = await wallet.SendAsync(HttpMethod.Post, "/order", body, Stop);
        var (again, duplicate) = await wallet.SendAsync(HttpMethod.Post, "/order", body, Stop);
        var id = placed.Text("orderID");
        var (_, order) = await wallet.SendAsync(HttpMethod.Get, "/data/order/" + id, null, Stop);
        var (_, canceled) = await wallet.SendAsync(HttpMethod.Delete, "/order", $$"""{"orderID":"{{id}}"}""", Stop);
        var (_, gone) = await wallet.SendAsync(HttpMethod.Delete, "/order", $$"""{"orderID":"{{id}}"}""", Stop);

        Assert.Equal("live", placed.Text("status"));
        Assert.Equal((400, $"order {id} is invalid. Duplicated."), (again, duplicate.Text("error")));
        Assert.Equal(("LIVE", "0.5"), (order.Text("status"), order.Text("price")));
        Assert.Equal(id, canceled.GetProperty("canceled")[0].GetString());
        Assert.Equal("Order not found or already canceled", gone.GetProperty("not_canceled").Text(id));
    }

    [Fact]
    public async Task A_batch_answers_each_order_in_its_place_and_a_market_s_orders_go_together()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var (first, second) = (host.Exchange.World.Conditions[0], host.Exchange.World.Conditions[1]);
        string Bid(string token, long shares) => wallet.Order(token, negRisk: false, "BUY", shares * 500_000, shares * 1_000_000, "GTC");

        var batch = $"[{Bid(first.Tokens[0], 10)},{Bid(first.Tokens[1], 4)},{Bid(second.Tokens[1], 10)}]";
        var (_, answers) = await wallet.SendAsync(HttpMethod.Post, "/orders", batch, Stop);
        var (many, refused) = await wallet.SendAsync(
            HttpMethod.Post, "/orders", $"[{string.Join(',', Enumerable.Range(0, 16).Select(_ => Bid(first.Tokens[0], 10)))}]", Stop);
        var (_, canceled) = await wallet.SendAsync(
            HttpMethod.Delete, "/cancel-market-orders", $$"""{"market":"{{first.Id}}"}""", Stop);
        var (_, open) = await wallet.SendAsync(HttpMethod.Get, "/data/orders?market=" + second.Id, null, Stop);

        Assert.Equal(["live", "", "live"], answers.EnumerateArray().Select(a => a.Text("status")));
        Assert.EndsWith("Size (4) lower than the minimum: 5", answers[1].Text("errorMsg"), StringComparison.Ordinal);
        Assert.Equal((400, "Too many orders in payload: 16, max allowed: 15"), (many, refused.Text("error")));
        Assert.Equal([answers[0].Text("orderID")], canceled.GetProperty("canceled").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal([answers[2].Text("orderID")], open.GetProperty("data").EnumerateArray().Select(o => o.Text("id")));
    }

    [Fact]
    public async Task A_socket_that_leaves_a_token_hears_no_more_of_it_and_one_with_wrong_credentials_is_closed()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Quiet = true }, Stop);
        var (first, second) = (host.Exchange.World.Conditions[0], host.Exchange.World.Conditions[1]);
        using var feed = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = new[] { first.Tokens[0] }, type = "MARKET" }, Stop);
        var books = await feed.NextAsync(Stop);
        await feed.SendAsync($$"""{"assets_ids":["{{first.Tokens[0]}}"],"operation":"subscribe"}""", Stop);
        var nothing = await feed.NextAsync(Stop);
        await feed.SendAsync($$"""{"assets_ids":["{{first.Tokens[0]}}"],"operation":"unsubscribe"}""", Stop);
        await feed.SendAsync($$"""{"assets_ids":["{{second.Tokens[1]}}"],"operation":"subscribe"}""", Stop);
        var added = await feed.NextAsync(Stop);
        foreach (var condition in (Condition[])[first, second])
        {
            host.Exchange.Place(new OrderRequest(
                "0x" + condition.Id[^6..], "key", TestWallet.Address, condition, 0, Side.Buy,
                OrderType.Gtc, 100_000, 10_000_000, 0, PostOnly: true));
        }

        var heard = await feed.NextAsync(Stop);
        using var user = await FeedClient.ConnectAsync(
            host.Port, "user", new { auth = new { apiKey = "a", secret = "b", passphrase = "c" }, type = "user" }, Stop);

        Assert.StartsWith("[{", books, StringComparison.Ordinal);
        Assert.Equal("NO NEW ASSETS", nothing);
        Assert.Contains(second.Tokens[1], added, StringComparison.Ordinal);
        Assert.Contains(second.Id, heard, StringComparison.Ordinal);
        Assert.Null(await user.NextAsync(Stop));
    }

    [Fact]
    public async Task An_order_signed_for_the_other_exchange_or_sent_with_a_wrong_secret_is_refused()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        var (unknown, error) = await wallet.SendAsync(HttpMethod.Get, "/data/orders", null, Stop);
        await wallet.LogInAsync(Stop);
        var condition = host.Exchange.World.Conditions[0];
        var body = wallet.Order(condition.Tokens[0], negRisk: true, "BUY", 2_500_000, 5_000_000, "GTC");

        var (status, refused) = await wallet.SendAsync(HttpMethod.Post, "/order", body, Stop);

        Assert.Equal((401, "Unauthorized/Invalid api key"), (unknown, error.Text("error")));
        Assert.Equal((400, "invalid signature"), (status, refused.Text("error")));
    }

    [Fact]
    public async Task A_halted_exchange_takes_neither_orders_nor_cancels()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        using var halt = await http.PostAsync("/sim/halt", null, Stop);

        var (status, body) = await wallet.SendAsync(HttpMethod.Delete, "/cancel-all", null, Stop);

        Assert.Equal((503, "Trading is currently disabled. Check polymarket.com for updates"), (status, body.Text("error")));
    }
}
