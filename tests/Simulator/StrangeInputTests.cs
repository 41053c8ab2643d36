using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>What a stranger may send: whatever it is, the answer is a refusal in words, and the engine goes on.</summary>
public sealed class StrangeInputTests : IAsyncLifetime
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e3", "1.5", "9007199254740993", "9223372036854775808", "1e400", "[]", "[[]]", "{}", "\"\"", "\"0\"", "\"-1\"", "\"+5\"",
        "\"007\"", "\" 1\"", "\"9999999999999999\"", "\"99999999999999999999999999\"", "\"0x\"", "\"0x12\"", "\"NaN\"", "\"buy\"", "\"GTD\"", "\"FOK\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"", "\"0x00000000000000000000000000000000000000a1\"",
        "\"1" + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"",
    ];

    private ExchangeHost _host = null!;
    private HttpClient _http = null!;
    private TestWallet _wallet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ExchangeHost.StartAsync(
            new ExchangeOptions { Quiet = true, Limits = new PolyArb.Simulator.Api.RateLimits.LimitOptions(Percent: 0) }, Stop);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_host.Port}"), Timeout = TimeSpan.FromSeconds(20) };
        _wallet = new TestWallet(_http);
        await _wallet.LogInAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_request_with_any_field_replaced_is_answered_in_words_and_breaks_nothing()
    {
        await Mutations.SampleAsync(
            async mutation =>
            {
                var (method, path, body) = Requests()[mutation.Request % Requests().Count];
                var (status, answer) = await SendAsync(method, path, Mutated(body, mutation));

                Assert.True(status is >= 200 and < 500, $"{method} {path} {Mutated(body, mutation)}: {status} {answer}");
                if (status >= 400) Assert.Contains("\"error", answer, StringComparison.Ordinal);
            },
            iter: 600,
            threads: 1);

        await AssertSoundAsync();
    }

    [Theory]
    [InlineData("/gamma/markets", "limit offset order ascending id condition_ids clob_token_ids volume_num_min end_date_max closed active tag_id")]
    [InlineData("/gamma/markets/keyset", "limit after_cursor order liquidity_num_max start_date_min")]
    [InlineData("/gamma/events", "limit offset order slug include_markets")]
    [InlineData("/data-api/positions", "user limit offset sizeThreshold market redeemable")]
    [InlineData("/data-api/trades", "user limit offset market side takerOnly")]
    [InlineData("/prices-history", "market interval fidelity startTs endTs")]
    [InlineData("/builder/trades", "builder_code id market asset_id before after next_cursor")]
    [InlineData("/markets", "next_cursor")]
    [InlineData("/price", "token_id side")]
    [InlineData("/data/orders", "id market asset_id next_cursor")]
    [InlineData("/data/trades", "id maker_address before after next_cursor")]
    [InlineData("/balance-allowance", "asset_type token_id signature_type")]
    [InlineData("/notifications", "ids")]
    [InlineData("/order-scoring", "order_id")]
    public async Task A_question_with_any_parameter_is_answered_in_words(string path, string parameters)
    {
        string[] values = ["", "-1", "0", "1e9", "2147483647", "2147483648", "99999999999999999999", "%ff", "%00", "%ud800", "MjE0NzQ4MzY0Nw==", "LTE=", "=", "x", ",", "0001-01-01", "9999-12-31T23:59:59-14:00", "true"];
        foreach (var name in parameters.Split(' '))
        {
            foreach (var value in values.Append(TestWallet.Address).Append(_host.Exchange.World.Conditions[0].Tokens[0]))
            {
                foreach (var method in path == "/notifications" ? [HttpMethod.Get, HttpMethod.Delete] : (HttpMethod[])[HttpMethod.Get])
                {
                    var asked = $"{path}?user={TestWallet.Address}&{name}={value}&market={_host.Exchange.World.Conditions[0].Tokens[0]}";
                    var (status, answer) = await SendAsync(method, asked, []);
                    Assert.True(status is 200 or 400 or 404 or 422, $"{method} {asked}: {status} {answer}");
                }
            }
        }
    }

    [Fact]
    public async Task A_socket_outlives_any_frame()
    {
        var token = _host.Exchange.World.Conditions[0].Tokens[0];
        string[] frames = [$$"""{"assets_ids":["{{token}}"],"type":"market","custom_feature_enabled":true,"operation":"subscribe","initial_dump":true}"""];
        await Mutations.SampleAsync(
            async mutation =>
            {
                using var feed = await FeedClient.ConnectAsync(_host.Port, "market", new { assets_ids = Array.Empty<string>() }, Stop);
                await feed.SendAsync(Mutated(frames[0], mutation), Stop);
                await feed.SendAsync("PING", Stop);
                string? heard;
                do heard = await feed.NextAsync(Stop);
                while (heard is not null and not "PONG");
                Assert.Equal("PONG", heard);
            },
            iter: 60,
            threads: 1);

        await AssertSoundAsync();
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("{\"orderID\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":\"x\"}")]
    [InlineData("[\"\\udc00x\"]")]
    [InlineData("nothing")]
    public async Task Text_that_is_no_unicode_or_no_json_is_no_payload(string body)
    {
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Delete, "/order"), (HttpMethod.Delete, "/orders"), (HttpMethod.Post, "/books")])
        {
            Assert.Equal(400, (await SendAsync(method, path, Encoding.UTF8.GetBytes(body))).Status);
            Assert.Equal(400, (await SendAsync(method, path, [.. "[\""u8, 0xFF, .. "\"]"u8])).Status);
        }
    }

    [Fact]
    public async Task A_nonce_that_no_chain_could_hold_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/api-key");
        request.Headers.TryAddWithoutValidation("POLY_ADDRESS", TestWallet.Address);
        request.Headers.TryAddWithoutValidation("POLY_TIMESTAMP", DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("POLY_NONCE", new string('9', 100));
        request.Headers.TryAddWithoutValidation("POLY_SIGNATURE", "0x" + new string('1', 130));
        using var answer = await _http.SendAsync(request, Stop);

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_path_is_signed_as_it_is_sent()
    {
        var (status, body) = await _wallet.SendAsync(HttpMethod.Get, "/data/order/0x1%2f2%20x%27", null, Stop);

        Assert.Equal((404, "Order not found"), (status, body.Text("error")));
    }

    [Theory]
    [InlineData(1, "0x70997970c51812dc3a010c7d01b50e0d17dc79c8")]
    [InlineData(2, "0x00000000000000000000000000000000000000a1")]
    [InlineData(1, TestWallet.Address)]
    [InlineData(0, "0x70997970c51812dc3a010c7d01b50e0d17dc79c8")]
    public async Task Nobody_spends_what_is_in_somebody_else_s_wallet(int signatureType, string maker)
    {
        var condition = _host.Exchange.World.Conditions[0];
        var body = _wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 500_000, 5_000_000, "GTC", maker: maker, signatureType: signatureType);

        var (status, refused) = await _wallet.SendAsync(HttpMethod.Post, "/order", body, Stop);

        Assert.Equal((400, "invalid signature"), (status, refused.Text("error")));
    }

    [Theory]
    [InlineData((1L << 53) - 1, 200)]
    [InlineData(1L << 53, 400)]
    public async Task A_salt_is_a_number_that_json_can_carry_everywhere(long salt, int status)
    {
        var condition = _host.Exchange.World.Conditions[0];
        var body = _wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 500_000, 5_000_000, "GTC", salt: salt);

        Assert.Equal(status, (await _wallet.SendAsync(HttpMethod.Post, "/order", body, Stop)).Status);
    }

    private static Gen<Mutation> Mutations => Gen.Select(
        Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, Values.Length + 1], (request, place, value) => new Mutation(request, place, value));

    private List<(HttpMethod Method, string Path, string Body)> Requests()
    {
        var condition = _host.Exchange.World.Conditions[0];
        var order = _wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 2_500_000, 5_000_000, "GTC");
        var account = TestWallet.Address;
        return
        [
            (HttpMethod.Post, "/order", order),
            (HttpMethod.Post, "/order", order),
            (HttpMethod.Post, "/orders", $"[{order},{order}]"),
            (HttpMethod.Delete, "/order", """{"orderID":"0x1"}"""),
            (HttpMethod.Delete, "/orders", """["0x1","0x2"]"""),
            (HttpMethod.Delete, "/cancel-market-orders", $$"""{"market":"{{condition.Id}}","asset_id":"1"}"""),
            (HttpMethod.Post, "/v1/heartbeats", """{"heartbeat_id":""}"""),
            (HttpMethod.Post, "/orders-scoring", """["0x1"]"""),
            (HttpMethod.Delete, "/auth/readonly-api-key", """{"key":"x"}"""),
            (HttpMethod.Post, "/books", $$"""[{"token_id":"{{condition.Tokens[0]}}","side":"BUY"}]"""),
            (HttpMethod.Post, "/prices", $$"""[{"token_id":"{{condition.Tokens[0]}}","side":"BUY"}]"""),
            (HttpMethod.Post, "/sim/split", $$"""{"account":"{{account}}","condition":"{{condition.Id}}","amount":"5"}"""),
            (HttpMethod.Post, "/sim/merge", $$"""{"account":"{{account}}","condition":"{{condition.Id}}","amount":1}"""),
            (HttpMethod.Post, "/sim/convert", $$"""{"account":"{{account}}","event":"{{condition.Id}}","amount":"1","questions":[0,1]}"""),
            (HttpMethod.Post, "/sim/transfer", $$"""{"account":"{{account}}","to":"{{account}}","amount":"1","token":""}"""),
            (HttpMethod.Post, "/sim/redeem", $$"""{"account":"{{account}}","condition":"{{condition.Id}}"}"""),
            (HttpMethod.Post, "/sim/tick", $$"""{"condition":"{{condition.Id}}","tick":"0.01"}"""),
            (HttpMethod.Post, "/sim/list", """{"question":"Will it?","tick":"0.01","hydrationMs":5}"""),
            (HttpMethod.Post, "/sim/mode", """{"mode":"normal","durationMs":1}"""),
        ];
    }

    /// <summary>The JSON with one of its values replaced or left out; everything else as it was.</summary>
    private static string Mutated(string body, Mutation mutation)
    {
        var root = JsonNode.Parse(body)!;
        List<JsonNode> places = [];
        Collect(root, places);
        var chosen = places[mutation.Place % places.Count];
        const string Mark = "here-it-goes";
        if (mutation.Value >= Values.Length && chosen.Parent is JsonObject parent)
        {
            parent.Remove(chosen.GetPropertyName());
            return root.ToJsonString();
        }

        var value = Values[mutation.Value % Values.Length];
        if (chosen == root) return value;

        chosen.ReplaceWith(Mark);
        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        places.Add(node);
        var children = node switch
        {
            JsonObject json => json.Select(p => p.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>()) Collect(child, places);
    }

    private async Task<(int Status, string Answer)> SendAsync(HttpMethod method, string path, string body) =>
        await SendAsync(method, path, Encoding.UTF8.GetBytes(body));

    private async Task<(int Status, string Answer)> SendAsync(HttpMethod method, string path, byte[] body)
    {
        using var request = _wallet.Request(method, path, body);
        using var answer = await _http.SendAsync(request, Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private async Task AssertSoundAsync()
    {
        Assert.Null(_host.Failure);
        var condition = _host.Exchange.World.Conditions[0];
        lock (_host.Exchange.Gate) _host.Exchange.Mode.Set(PolyArb.Simulator.Engine.Mode.Normal);
        var order = _wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 500_000, 5_000_000, "GTC");
        Assert.Equal(200, (await _wallet.SendAsync(HttpMethod.Post, "/order", order, Stop)).Status);
        lock (_host.Exchange.Gate) _host.Exchange.Ledger.AssertConserved();
    }

    private sealed record Mutation(int Request, int Place, int Value);
}
