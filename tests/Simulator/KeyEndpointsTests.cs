using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class KeyEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_nonce_has_one_key_which_is_created_once_derived_often_and_replaced_after_its_deletion()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        Task<(int Status, JsonElement Body)> Create(long nonce) => wallet.AskForKeyAsync(HttpMethod.Post, "/auth/api-key", nonce, Stop);
        Task<(int Status, JsonElement Body)> Derive(long nonce) => wallet.AskForKeyAsync(HttpMethod.Get, "/auth/derive-api-key", nonce, Stop);

        var (early, nothing) = await Derive(0);
        var (_, first) = await Create(0);
        var (twice, refused) = await Create(0);
        var (_, derived) = await Derive(0);
        var (_, other) = await Create(7);
        await wallet.LogInAsync(Stop);
        var (_, listed) = await wallet.SendAsync(HttpMethod.Get, "/auth/api-keys", null, Stop);
        await wallet.SendAsync(HttpMethod.Delete, "/auth/api-key", null, Stop);
        var (deleted, _) = await wallet.SendAsync(HttpMethod.Get, "/auth/api-keys", null, Stop);
        var (late, _) = await Derive(0);
        var (_, next) = await Create(0);

        Assert.Equal((400, "Could not derive api key!"), (early, nothing.Text("error")));
        Assert.Equal((400, "Could not create api key"), (twice, refused.Text("error")));
        Assert.Equal(first.GetRawText(), derived.GetRawText());
        Assert.Equal(
            new[] { first.Text("apiKey"), other.Text("apiKey") }.Order(StringComparer.Ordinal),
            listed.GetProperty("apiKeys").EnumerateArray().Select(k => k.GetString()));
        Assert.Equal((401, 400), (deleted, late));
        Assert.NotEqual(first.Text("apiKey"), next.Text("apiKey"));
    }

    [Theory]
    [InlineData("POST", "/order")]
    [InlineData("POST", "/orders")]
    [InlineData("DELETE", "/order")]
    [InlineData("DELETE", "/orders")]
    [InlineData("DELETE", "/cancel-all")]
    [InlineData("DELETE", "/cancel-market-orders")]
    [InlineData("POST", "/v1/heartbeats")]
    [InlineData("POST", "/heartbeats")]
    [InlineData("DELETE", "/notifications")]
    [InlineData("DELETE", "/auth/api-key")]
    [InlineData("POST", "/auth/readonly-api-key")]
    [InlineData("DELETE", "/auth/readonly-api-key")]
    [InlineData("POST", "/auth/builder-api-key")]
    [InlineData("DELETE", "/auth/builder-api-key")]
    [InlineData("GET", "/data/orders", true)]
    public async Task A_read_only_key_reads_and_does_nothing_else(string method, string path, bool reads = false)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var (_, reader) = await wallet.SendAsync(HttpMethod.Post, "/auth/readonly-api-key", null, Stop);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("POLY_ADDRESS", TestWallet.Address);
        request.Headers.TryAddWithoutValidation("POLY_API_KEY", reader.Text("apiKey"));

        using var answer = await http.SendAsync(request, Stop);

        Assert.Equal(reads ? 200 : 401, (int)answer.StatusCode);
        if (!reads) Assert.Equal("""{"error":"Invalid API key"}""", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public void A_request_names_the_wallet_of_its_key_and_a_read_only_key_ends_with_the_one_it_reads_for()
    {
        var keys = new KeyRing(new Ids(1), _ => { });
        var key = keys.Create(TestWallet.Address.ToLowerInvariant(), 0)!;
        var reader = keys.CreateReader(key);
        var clock = new FakeTimeProvider(ApiWorld.Start);
        var auth = new Authentication(keys, clock);
        HeaderDictionary Headers(string id, string address) => new()
        {
            ["POLY_API_KEY"] = id,
            ["POLY_PASSPHRASE"] = key.Passphrase,
            ["POLY_ADDRESS"] = address,
            ["POLY_TIMESTAMP"] = "1800000000",
            ["POLY_SIGNATURE"] = L2Hmac.Sign(key.Secret, "1800000000", "GET", "/x", []),
        };

        const string Other = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        Assert.Equal(key, auth.L2(Headers(key.Key, TestWallet.Address), "GET", "/x", []));
        Assert.Null(auth.L2(Headers(key.Key, Other), "GET", "/x", []));
        Assert.Null(auth.L2(Headers(key.Key, TestWallet.Address), "GET", "/x", "{}"u8));
        Assert.Equal(key, auth.Reader(Headers(reader, TestWallet.Address)));
        Assert.Null(auth.Reader(Headers(reader, Other)));
        keys.Delete(key);
        Assert.Null(auth.Reader(Headers(reader, TestWallet.Address)));
        Assert.Null(auth.L2(Headers(key.Key, TestWallet.Address), "GET", "/x", []));
    }

    [Theory]
    [InlineData(301, 0)]
    [InlineData(-310, 0)]
    [InlineData(0, 1)]
    public async Task A_wallet_s_request_that_is_stale_early_or_signed_for_another_nonce_is_refused(int secondsLate, long signedNonce)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);

        var (status, body) = await wallet.AskForKeyAsync(
            HttpMethod.Post, "/auth/api-key", 0, Stop, TimeSpan.FromSeconds(secondsLate), signedNonce);

        Assert.Equal((401, "Invalid L1 Request headers"), (status, body.Text("error")));
    }

    [Fact]
    public async Task A_deleted_key_loses_its_open_user_sockets()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var auth = new { apiKey = wallet.Key, secret = wallet.Secret, passphrase = wallet.Passphrase };
        using var user = await FeedClient.ConnectAsync(host.Port, "user", new { auth, type = "user" }, Stop);
        await user.SendAsync("PING", Stop);
        Assert.Equal("PONG", await user.NextAsync(Stop));

        await wallet.SendAsync(HttpMethod.Delete, "/auth/api-key", null, Stop);

        await Assert.ThrowsAsync<WebSocketException>(() => user.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task A_read_only_key_reads_what_its_owner_may_read_and_changes_nothing()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var token = host.Exchange.World.Conditions[0].Tokens[0];
        var (_, placed) = await wallet.SendAsync(
            HttpMethod.Post, "/order", wallet.Order(token, negRisk: false, "BUY", 2_500_000, 5_000_000, "GTC"), Stop);
        var (_, created) = await wallet.SendAsync(HttpMethod.Post, "/auth/readonly-api-key", null, Stop);
        var reader = created.Text("apiKey");

        var (_, orders) = await ReadAsync("/data/orders", HttpMethod.Get, TestWallet.Address);
        var (trading, refused) = await ReadAsync("/cancel-all", HttpMethod.Delete, TestWallet.Address);
        var (stranger, _) = await ReadAsync("/data/orders", HttpMethod.Get, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        var (_, listed) = await wallet.SendAsync(HttpMethod.Get, "/auth/readonly-api-keys", null, Stop);
        var (_, gone) = await wallet.SendAsync(HttpMethod.Delete, "/auth/readonly-api-key", $$"""{"key":"{{reader}}"}""", Stop);
        var (_, again) = await wallet.SendAsync(HttpMethod.Delete, "/auth/readonly-api-key", $$"""{"key":"{{reader}}"}""", Stop);
        var (after, _) = await ReadAsync("/data/orders", HttpMethod.Get, TestWallet.Address);

        Assert.Equal(placed.Text("orderID"), orders.GetProperty("data")[0].Text("id"));
        Assert.Equal((401, "Invalid API key"), (trading, refused.Text("error")));
        Assert.Equal((401, 401), (stranger, after));
        Assert.Equal(reader, Assert.Single(listed.EnumerateArray()).GetString());
        Assert.Equal((JsonValueKind.True, JsonValueKind.False), (gone.ValueKind, again.ValueKind));

        async Task<(int Status, JsonElement Body)> ReadAsync(string path, HttpMethod method, string address)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("POLY_API_KEY", reader);
            request.Headers.TryAddWithoutValidation("POLY_ADDRESS", address);
            using var answer = await http.SendAsync(request, Stop);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
            return ((int)answer.StatusCode, json.RootElement.Clone());
        }
    }

    [Fact]
    public async Task A_revoked_builder_key_stays_listed_with_its_end()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var (_, created) = await wallet.SendAsync(HttpMethod.Post, "/auth/builder-api-key", null, Stop);
        var (_, fresh) = await wallet.SendAsync(HttpMethod.Get, "/auth/builder-api-key", null, Stop);
        await wallet.SendAsync(HttpMethod.Delete, "/auth/builder-api-key", null, Stop);
        var (_, revoked) = await wallet.SendAsync(HttpMethod.Get, "/auth/builder-api-key", null, Stop);

        Assert.Equal(["key", "secret", "passphrase"], created.Names());
        Assert.Equal(created.Text("key"), fresh[0].Text("key"));
        Assert.Equal(["key", "createdAt"], fresh[0].Names());
        Assert.Equal(["key", "createdAt", "revokedAt"], revoked[0].Names());
    }
}
