using System.Text.Json;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class SimWireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_order_is_written_down_as_it_arrives_also_one_that_is_refused_with_the_connection_it_came_over()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        var condition = host.Exchange.World.Conditions.First(c => c.NegRisk);
        using var one = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        using var other = new HttpClient { BaseAddress = one.BaseAddress };
        var (mine, same) = (new TestWallet(one), new TestWallet(other));
        await mine.LogInAsync(Stop);
        await same.LogInAsync(Stop);
        var order = mine.Order(condition.Tokens[1], negRisk: true, "BUY", 1_000_000, 10_000_000, "GTC");
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var (_, taken) = await mine.SendAsync(HttpMethod.Post, "/order", order, Stop);
        var (refused, _) = await mine.SendAsync(HttpMethod.Post, "/orders", $"[{order}]", Stop);
        await same.SendAsync(HttpMethod.Post, "/order", same.Order(condition.Tokens[0], negRisk: true, "BUY", 1_000_000, 10_000_000, "GTC", salt: 99), Stop);

        var arrivals = await Read(one, "/sim/arrivals");
        Assert.Equal([1, 2, 3], arrivals.EnumerateArray().Select(arrival => arrival.GetProperty("n").GetInt32()));
        Assert.Equal(200, refused); // Each leg has its own answer.
        var (ids, ports) = (Of("id", id => id.GetString()!), Of("port", port => port.GetInt32()));
        Assert.Equal((taken.Text("orderID"), ids[0]), (ids[0], ids[1]));
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Equal(ports[0], ports[1]);
        Assert.NotEqual(ports[0], ports[2]);
        Assert.All(Of("at", at => at.GetInt64()), at => Assert.InRange(at, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        Assert.Equal(ids[2], Assert.Single((await Read(one, "/sim/arrivals?after=2")).EnumerateArray()).Text("id"));

        T[] Of<T>(string name, Func<JsonElement, T> read) => [.. arrivals.EnumerateArray().Select(arrival => read(arrival.GetProperty(name)))];
    }

    [Fact]
    public async Task Who_listens_to_a_token_is_told_until_he_leaves()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        var tokens = host.Exchange.World.Conditions[0].Tokens;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        using var both = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = tokens, type = "market" }, Stop);
        await both.NextAsync(Stop);
        using var one = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = tokens.Take(1), type = "market" }, Stop);
        await one.NextAsync(Stop);

        var followed = (await Read(http, "/sim/sockets")).GetProperty("tokens");

        Assert.Equal(2, followed.EnumerateObject().Count());
        var (first, second) = (Ports(followed, tokens[0]), Ports(followed, tokens[1]));
        Assert.Equal((2, 1), (first.Distinct().Count(), second.Length));
        Assert.Contains(second[0], first);

        await both.SendAsync($$"""{"operation":"unsubscribe","assets_ids":["{{tokens[0]}}"]}""", Stop);
        await both.SendAsync("PING", Stop);
        while (await both.NextAsync(Stop) is not "PONG")
        {
        }

        followed = (await Read(http, "/sim/sockets")).GetProperty("tokens");
        Assert.Equal(first.Except(second), Ports(followed, tokens[0]));
        Assert.Equal(second, Ports(followed, tokens[1]));
    }

    [Fact]
    public async Task A_socket_of_the_user_channel_is_told_too()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        using var user = await FeedClient.UserAsync(host.Port, wallet, Stop);

        var sockets = await Read(http, "/sim/sockets");

        Assert.Single(sockets.GetProperty("users").EnumerateArray());
        Assert.Empty(sockets.GetProperty("tokens").EnumerateObject());
    }

    private static int[] Ports(JsonElement followed, string token) => [.. followed.GetProperty(token).EnumerateArray().Select(port => port.GetInt32())];

    private static async Task<JsonElement> Read(HttpClient http, string path)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), Stop));
        return json.RootElement.Clone();
    }
}
