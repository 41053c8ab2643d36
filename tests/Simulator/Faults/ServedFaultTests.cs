using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

/// <summary>Faults over HTTP and websockets.</summary>
public sealed class ServedFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_posted_and_read_back_with_what_fired()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = Client(host);
        await PlanAsync(host, http, """{"seed":5,"faults":[{"kind":"ws-freeze","durationMs":60000},{"kind":"drop-book","atMs":9000,"everyMs":10}]}""");
        await PlanAsync(host, http, "faults:\n  - kind: tick-change\n");
        using var json = JsonDocument.Parse(await http.GetStringAsync("/sim/faults", Stop));

        var plans = json.RootElement.GetProperty("plans");
        Assert.Equal(2, plans.GetArrayLength());
        Assert.Equal(5, plans[0].GetProperty("seed").GetInt32());
        Assert.Equal("drop-book", plans[0].GetProperty("faults")[1].Text("kind"));
        Assert.Equal(9_000, plans[0].GetProperty("faults")[1].GetProperty("atMs").GetInt32());
        Assert.Equal(["ws-freeze", "tick-change"], json.RootElement.GetProperty("fired").EnumerateArray().Select(f => f.Text("kind")));
        Assert.Equal("begins, for 60000 ms", json.RootElement.GetProperty("fired")[0].Text("detail"));
    }

    [Theory]
    [InlineData("faults:\n  - kind: ws-frieze", "line 2: faults[0].kind: must be one of ")]
    [InlineData("""{"faults":[{"kind":"drop-book","token":"77"}]}""", "faults[0].token: no condition lists 77")]
    [InlineData("{", "neither YAML nor JSON")]
    public async Task A_plan_that_cannot_be_read_is_refused_with_its_complaint(string plan, string complaint)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = Client(host);
        using var answer = await http.PostAsync("/sim/faults", new StringContent(plan), Stop);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(complaint, json.RootElement.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_socket_still_answers_a_ping()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = Client(host);
        var token = host.Exchange.World.Conditions[0].Tokens[0];
        using var feed = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = new[] { token }, type = "market" }, Stop);
        Assert.StartsWith("[{", await feed.NextAsync(Stop), StringComparison.Ordinal);
        await PlanAsync(host, http, "faults: [{kind: ws-freeze, durationMs: 60000}]");
        Rest(host);
        await feed.SendAsync("PING", Stop);
        Assert.Equal("PONG", await feed.NextAsync(Stop));
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(1, 2)] // The user socket hears of every condition.
    public async Task Sockets_are_cut_without_a_close_frame(int? condition, int cut)
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = Client(host);
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var conditions = host.Exchange.World.Conditions;
        using var first = await ListenAsync(host, conditions[0].Tokens[0]);
        using var second = await ListenAsync(host, conditions[1].Tokens[0]);
        using var user = await FeedClient.ConnectAsync(
            host.Port, "user", new { auth = new { apiKey = wallet.Key, secret = wallet.Secret, passphrase = wallet.Passphrase }, type = "user" }, Stop);
        await user.SendAsync("PING", Stop);
        Assert.Equal("PONG", await user.NextAsync(Stop));

        var token = condition is { } index ? $", token: \"{conditions[index].Tokens[1]}\"" : "";
        await PlanAsync(host, http, $"faults: [{{kind: socket-close{token}}}]");

        await Assert.ThrowsAsync<WebSocketException>(() => second.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));
        await Assert.ThrowsAsync<WebSocketException>(() => user.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));
        if (condition is null) await Assert.ThrowsAsync<WebSocketException>(() => first.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));
        else
        {
            Rest(host);
            Assert.Contains("price_change", await first.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop), StringComparison.Ordinal);
        }

        Assert.Equal($"{cut} sockets cut off", Assert.Single(host.Exchange.Faults.Fired).Detail);
    }

    [Fact]
    public async Task An_order_is_carried_out_and_its_answer_is_lost_or_an_error()
    {
        List<string> log = [];
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false, FaultLog = log.Add }, Stop);
        using var http = Client(host);
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        var condition = host.Exchange.World.Conditions[0];
        await PlanAsync(host, http, "faults: [{kind: lost-answer}]");

        var lost = wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 2_500_000, 5_000_000, "GTC");
        await Assert.ThrowsAsync<HttpRequestException>(() => wallet.SendAsync(HttpMethod.Post, "/order", lost, Stop));
        await PlanAsync(host, http, "faults: [{kind: error-after-accept}]");
        var failed = "[" + wallet.Order(condition.Tokens[0], condition.NegRisk, "BUY", 2_000_000, 5_000_000, "GTC") + "]";
        var (status, error) = await wallet.SendAsync(HttpMethod.Post, "/orders", failed, Stop);
        var (_, open) = await wallet.SendAsync(HttpMethod.Get, "/data/orders", null, Stop);

        Assert.Equal((500, "could not insert order"), (status, error.Text("error")));
        Assert.Equal(["0.4", "0.5"], open.GetProperty("data").EnumerateArray().Select(o => o.Text("price")).Order());
        Assert.Equal(["fault lost-answer", "fault error-after-accept"], log.Select(line => string.Join(' ', line.Split(' ')[..2])));
    }

    [Fact]
    public async Task A_rate_limit_reaches_every_order_endpoint_and_no_other()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = Client(host);
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        await PlanAsync(host, http, "faults: [{kind: rate-limit-429, durationMs: 60000}]");

        (HttpMethod, string, string)[] requests =
        [
            (HttpMethod.Post, "/order", "{}"), (HttpMethod.Post, "/orders", "[]"), (HttpMethod.Delete, "/order", "{}"), (HttpMethod.Delete, "/orders", "[]"),
            (HttpMethod.Delete, "/cancel-all", ""), (HttpMethod.Delete, "/cancel-market-orders", "{}"),
        ];
        foreach (var (method, path, body) in requests) Assert.Equal((path, 429), (path, (await wallet.SendAsync(method, path, body, Stop)).Status));
        Assert.Equal(200, (await wallet.SendAsync(HttpMethod.Get, "/data/orders", null, Stop)).Status);
    }

    [Fact]
    public async Task A_plan_at_the_start_that_names_an_unknown_token_starts_nothing()
    {
        var plan = new FaultPlan(1, [new Fault(FaultKind.DropBook, 0, 0, 1, "77", 0)]);
        var error = await Assert.ThrowsAsync<FormatException>(() => ExchangeHost.StartAsync(new ExchangeOptions { Flow = false, Faults = plan }, Stop));
        Assert.Equal("faults[0].token: no condition lists 77", error.Message);
    }

    [Fact]
    public void The_plan_that_comes_with_the_program_has_every_kind()
    {
        var plan = FaultFile.Load("rough-day.yaml");
        Assert.Equal(Enum.GetValues<FaultKind>(), plan.Faults.Select(f => f.Kind).Distinct().Order());
    }

    [Fact]
    public void A_plan_that_is_not_there_or_broken_is_named()
    {
        Assert.StartsWith("nowhere.yaml: there is no such file, nor is it one of ", Assert.Throws<FormatException>(() => FaultFile.Load("nowhere.yaml")).Message, StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "faults:\n  - kind: nonsense\n");
        Assert.StartsWith($"{file}: line 2: faults[0].kind", Assert.Throws<FormatException>(() => FaultFile.Load(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_nobody_who_prints()
    {
        using var stuck = new StuckWriter();
        await using var printer = new LinePrinter(stuck);
        await Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) printer.Print("a line");
        }, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    private static HttpClient Client(ExchangeHost host) => new() { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };

    /// <summary>What is planned for now has taken hold when this returns.</summary>
    private static async Task PlanAsync(ExchangeHost host, HttpClient http, string plan)
    {
        using var answer = await http.PostAsync("/sim/faults", new StringContent(plan), Stop);
        answer.EnsureSuccessStatusCode();
        host.Exchange.Agenda.RunDue();
    }

    private static async Task<FeedClient> ListenAsync(ExchangeHost host, string token)
    {
        var feed = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = new[] { token }, type = "market" }, Stop);
        Assert.StartsWith("[{", await feed.NextAsync(Stop), StringComparison.Ordinal);
        return feed;
    }

    private static void Rest(ExchangeHost host) => host.Exchange.Place(new OrderRequest(
        "0x" + Guid.NewGuid().ToString("N"), "key", TestWallet.Address, host.Exchange.World.Conditions[0], 0, Side.Buy, OrderType.Gtc, 100_000, 10_000_000, 0,
        PostOnly: true));

    private sealed class StuckWriter : TextWriter
    {
        private readonly TaskCompletionSource _never = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value) => _never.Task;
    }
}
