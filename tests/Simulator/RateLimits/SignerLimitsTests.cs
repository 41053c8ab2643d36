using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.RateLimits;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator.RateLimits;

public sealed class SignerLimitsTests
{
    private static readonly SignerCost One = new(1, Cancels: false, CountsCanceled: false);

    private readonly ApiWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_bucket_is_waited_for_until_the_last_thousandth_is_there()
    {
        var bucket = new TokenBucket(rate: 3, burst: 1, now: 0);
        Assert.True(bucket.TryTake(1, now: 0));

        Assert.Equal(334, bucket.WaitFor(1, now: 0));
        Assert.False(bucket.TryTake(1, now: 333));
        Assert.True(bucket.TryTake(1, now: 334));
    }

    [Theory]
    [InlineData("POST", "/order", "{}", 1, false, false)]
    [InlineData("POST", "/orders", "[1,2,3]", 3, false, false)]
    [InlineData("DELETE", "/order", "{}", 1, true, false)]
    [InlineData("DELETE", "/orders", "[1,2]", 2, true, false)]
    [InlineData("DELETE", "/cancel-all", "{}", 1, true, true)]
    [InlineData("DELETE", "/cancel-market-orders", "{}", 1, true, true)]
    [InlineData("GET", "/data/orders", "{}", 0, false, false)]
    public void Orders_and_cancels_cost_what_the_venue_says(string method, string path, string body, long tokens, bool cancels, bool counts) =>
        Assert.Equal(new SignerCost(tokens, cancels, counts), SignerCost.Of(method, path, ApiWorld.Json(body)));

    [Fact]
    public async Task A_burst_is_let_through_then_refused_until_the_bucket_fills_again()
    {
        var limits = Enforced();
        for (var i = 0; i < 60; i++) Assert.Equal(200, (await Ask(limits, One)).Status);

        var refused = await Ask(limits, One);
        _world.Pass(TimeSpan.FromMilliseconds(25)); // 40 a second.
        var next = await Ask(limits, One);

        Assert.Equal(429, refused.Status);
        Assert.Equal(("1", "0"), (Header(refused, "Retry-After"), Header(refused, "Poly-RateLimit-Remaining")));
        Assert.Equal(("1800000001", "Standard"), (Header(refused, "Poly-RateLimit-Reset"), Header(refused, "Poly-RateLimit-Tier")));
        Assert.Equal((200, "0"), (next.Status, Header(next, "Poly-RateLimit-Remaining")));
    }

    [Fact]
    public async Task A_batch_is_let_through_whole_or_not_at_all_and_one_above_the_burst_never()
    {
        var limits = Enforced();
        var first = await Ask(limits, One with { Tokens = 50 });
        var second = await Ask(limits, One with { Tokens = 11 });
        var third = await Ask(limits, One with { Tokens = 10 });
        var huge = await Ask(limits, One with { Tokens = 61 });

        Assert.Equal((200, 429, 200, 429), (first.Status, second.Status, third.Status, huge.Status));
        Assert.Equal("10", Header(second, "Poly-RateLimit-Remaining"));
        Assert.Equal("1", Header(second, "Retry-After"));
        Assert.Null(Header(huge, "Retry-After"));
    }

    [Fact]
    public async Task Orders_and_cancels_and_signers_have_buckets_of_their_own()
    {
        var limits = Enforced();
        await Ask(limits, One with { Tokens = 60 });

        Assert.Equal(429, (await Ask(limits, One)).Status);
        Assert.Equal("119", Header(await Ask(limits, One with { Cancels = true }), "Poly-RateLimit-Remaining"));
        Assert.Equal("59", Header(await Ask(limits, One, account: 1), "Poly-RateLimit-Remaining"));
    }

    [Fact]
    public async Task A_warning_lets_everything_through_and_says_what_it_would_have_refused()
    {
        var limits = new SignerLimits(new LimitOptions(), _world.Exchange);
        var within = await Ask(limits, One with { Tokens = 60 });
        var beyond = await Ask(limits, One);

        Assert.Equal((200, null), (within.Status, Header(within, "Poly-RateLimit-Warning")));
        Assert.Equal((200, "true"), (beyond.Status, Header(beyond, "Poly-RateLimit-Warning")));
    }

    [Fact]
    public async Task What_a_cancel_all_canceled_is_charged_afterwards_even_below_zero()
    {
        var limits = Enforced();
        var all = new SignerCost(1, Cancels: true, CountsCanceled: true);
        var answer = Answer.Object(json => json.WriteStrings("canceled", Enumerable.Repeat("0x1", 200)));

        var swept = await limits.RunAsync(ApiWorld.Key(0), all, () => Task.FromResult(answer));
        var next = await Ask(limits, One with { Cancels = true });

        Assert.Equal((200, "-81"), (swept.Status, Header(swept, "Poly-RateLimit-Remaining")));
        Assert.Equal((429, "2"), (next.Status, Header(next, "Retry-After"))); // 82 tokens at 80 a second.
    }

    [Fact]
    public void A_bucket_without_overdraft_stops_at_zero()
    {
        var bucket = new TokenBucket(rate: 10, burst: 20, now: 0);

        bucket.Charge(50, overdraft: false, now: 0);

        Assert.Equal(0, bucket.Remaining);
        Assert.True(bucket.TryTake(1, now: 100));
    }

    [Fact]
    public async Task Volume_lifts_a_signer_to_another_tier_at_the_next_refresh()
    {
        var limits = Enforced();
        Assert.Equal("Standard", Tier());
        for (var i = 0; i < 76; i++) _world.Trade(4_000, 1_000); // 400 pUSD each.
        Assert.Equal("Standard", Tier());

        _world.Pass(TimeSpan.FromHours(3));

        Assert.Equal("Copper", Tier());
        Assert.Equal("89", Header(await Ask(limits, One with { Tokens = 1 }), "Poly-RateLimit-Remaining"));
        _world.Pass(TimeSpan.FromDays(31));
        Assert.Equal("Standard", Tier());

        string Tier() => limits.Tier(ApiWorld.Key(0)).Json().Text("tier");
    }

    [Fact]
    public async Task An_order_s_answer_carries_the_headers()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var spy = new HeaderSpy();
        using var http = new HttpClient(spy) { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);

        var (status, body) = await wallet.SendAsync(HttpMethod.Delete, "/cancel-all", null, Stop);

        Assert.Equal((200, JsonValueKind.Array), (status, body.GetProperty("canceled").ValueKind));
        Assert.Equal("119", spy.Remaining);
    }

    private SignerLimits Enforced() => new(new LimitOptions(SignersEnforced: true), _world.Exchange);

    private static async Task<Answer> Ask(SignerLimits limits, SignerCost cost, int account = 0) =>
        await limits.RunAsync(ApiWorld.Key(account), cost, () => Task.FromResult(Answer.Ok));

    private static string? Header(Answer answer, string name) => answer.Headers.FirstOrDefault(h => h.Name == name).Value;

    /// <summary>Keeps the last answer's balance of tokens.</summary>
    private sealed class HeaderSpy() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? Remaining { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Remaining = answer.Headers.TryGetValues("Poly-RateLimit-Remaining", out var values) ? values.Single() : null;
            return answer;
        }
    }
}
