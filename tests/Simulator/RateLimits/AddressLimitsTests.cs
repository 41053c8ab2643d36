using PolyArb.Simulator.Api.RateLimits;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator.RateLimits;

public sealed class AddressLimitsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The venue's table, as it holds for ten seconds (protocol 9.1).</summary>
    [Theory]
    [InlineData("GET", "/ok", 100)]
    [InlineData("GET", "/book", 1_500)]
    [InlineData("GET", "/price", 1_500)]
    [InlineData("GET", "/midpoint", 1_500)]
    [InlineData("POST", "/books", 500)]
    [InlineData("POST", "/prices", 500)]
    [InlineData("POST", "/midpoints", 500)]
    [InlineData("GET", "/prices-history", 1_000)]
    [InlineData("GET", "/tick-size", 200)]
    [InlineData("GET", "/balance-allowance", 200)]
    [InlineData("GET", "/balance-allowance/update", 50)]
    [InlineData("GET", "/data/orders", 500)]
    [InlineData("GET", "/data/trades", 500)]
    [InlineData("GET", "/data/order/0x1", 900)]
    [InlineData("GET", "/notifications", 125)]
    [InlineData("GET", "/auth/api-keys", 100)]
    [InlineData("POST", "/order", 5_000)]
    [InlineData("DELETE", "/order", 5_000)]
    [InlineData("POST", "/orders", 2_000)]
    [InlineData("DELETE", "/orders", 2_000)]
    [InlineData("DELETE", "/cancel-all", 250)]
    [InlineData("DELETE", "/cancel-market-orders", 1_500)]
    [InlineData("GET", "/spread", 9_000)]
    [InlineData("GET", "/gamma/tags", 4_000)]
    [InlineData("GET", "/gamma/events", 500)]
    [InlineData("GET", "/gamma/markets/keyset", 300)]
    [InlineData("GET", "/data-api/trades", 200)]
    [InlineData("GET", "/data-api/positions", 150)]
    [InlineData("GET", "/data-api/value", 1_000)]
    public void A_path_takes_so_many_requests_in_ten_seconds(string method, string path, int max)
    {
        var world = new ApiWorld();
        var limits = new AddressLimits(new LimitOptions(), world.Exchange.Agenda);

        for (var i = 0; i < max; i++) Assert.Null(limits.Refusal("a", method, path));
        var refusal = limits.Refusal("a", method, path);

        Assert.Equal(429, refusal!.Status);
        Assert.Equal(("Retry-After", "11"), Assert.Single(refusal.Headers));
        Assert.Null(limits.Refusal("b", method, path));
    }

    [Fact]
    public void Trading_has_a_second_limit_for_ten_minutes()
    {
        var world = new ApiWorld();
        var limits = new AddressLimits(new LimitOptions(), world.Exchange.Agenda);
        var taken = 0;
        for (var i = 0; i < 50; i++)
        {
            while (limits.Refusal("a", "DELETE", "/cancel-all") is null) taken++;
            world.Pass(TimeSpan.FromSeconds(10.1));
        }

        Assert.Equal(6_000, taken);
    }

    [Fact]
    public void Reads_of_the_ledger_share_one_limit_beside_their_own()
    {
        var limits = new AddressLimits(new LimitOptions(), new ApiWorld().Exchange.Agenda);
        for (var i = 0; i < 500; i++) Assert.Null(limits.Refusal("a", "GET", "/data/orders"));
        for (var i = 0; i < 400; i++) Assert.Null(limits.Refusal("a", "GET", "/data/trades"));

        Assert.NotNull(limits.Refusal("a", "GET", "/data/trades"));
        Assert.NotNull(limits.Refusal("a", "GET", "/data/order/0x1"));
        Assert.Null(limits.Refusal("a", "GET", "/book"));
    }

    [Fact]
    public void The_window_slides()
    {
        var world = new ApiWorld();
        var limits = new AddressLimits(new LimitOptions(), world.Exchange.Agenda);
        for (var i = 0; i < 100; i++) limits.Refusal("a", "GET", "/ok");

        world.Pass(TimeSpan.FromSeconds(15)); // Half of the hundred still counts.
        var taken = 0;
        while (limits.Refusal("a", "GET", "/ok") is null) taken++;

        Assert.Equal(50, taken);
    }

    [Fact]
    public void One_factor_scales_every_limit_and_zero_lifts_them()
    {
        var half = new AddressLimits(new LimitOptions(Percent: 50), new ApiWorld().Exchange.Agenda);
        var none = new AddressLimits(new LimitOptions(Percent: 0), new ApiWorld().Exchange.Agenda);
        for (var i = 0; i < 50; i++) Assert.Null(half.Refusal("a", "GET", "/ok"));

        Assert.NotNull(half.Refusal("a", "GET", "/ok"));
        for (var i = 0; i < 101; i++) Assert.Null(none.Refusal("a", "GET", "/ok"));
    }

    [Fact]
    public async Task An_exchange_counts_unless_it_is_its_own_control()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        List<int> answers = [];
        for (var i = 0; i < 210; i++)
        {
            using var answer = await http.GetAsync("/ok", Stop);
            answers.Add((int)answer.StatusCode);
        }

        using var control = await http.GetAsync("/sim/health", Stop);

        Assert.All(answers.Take(100), status => Assert.Equal(200, status));
        Assert.Contains(429, answers);
        Assert.Equal(200, (int)control.StatusCode);
    }
}
