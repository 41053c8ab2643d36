using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using PolyArb.Tests.EndToEnd;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`doctor` against the local exchange, and against venues of which one thing is wrong.</summary>
public sealed partial class DoctorTests : IAsyncLifetime
{
    private static readonly string[] OfTheAccount =
        ["key", "credentials", "closed-only", "wallet", "collateral", "allowance-standard", "allowance-neg-risk", "user-channel"];

    private ExchangeHost _exchange = null!;
    private Middleman _venue = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _exchange = await ExchangeHost.StartAsync(new ExchangeOptions(), Stop);
        _venue = await Middleman.Before(_exchange);
    }

    public async ValueTask DisposeAsync()
    {
        await _venue.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    [Fact]
    public async Task Against_the_local_exchange_everything_passes()
    {
        using var person = Operator.At(_exchange);

        var said = await person.Run("doctor", "--json");

        Assert.All(said.Json.EnumerateArray(), check => Assert.Equal(("PASS", ""), (check.Text("status"), check.Text("remedy"))));
        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.Equal(
            ["configuration", "env-file", "disk", "database", "clob-rest", "clock", "gamma", "market-stream", "user-stream", "region", "version", "key",
                "credentials", "closed-only", "wallet", "collateral", "allowance-standard", "allowance-neg-risk", "allowance-v3", "market", "fee", "books", "user-channel"],
            said.Json.EnumerateArray().Select(check => check.Text("name")));
    }

    /// <summary>A condition, also one of an event, or the event itself; from the command line or the configuration.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task The_market_that_is_named_is_the_one_that_is_looked_at(bool isAsked, bool isEvent)
    {
        using var person = Operator.At(_exchange);
        var condition = _exchange.Exchange.World.Conditions.Last(c => c.NegRisk);
        var id = isEvent ? condition.NegRiskMarketId : condition.Id;
        if (!isAsked) person.Environment["MARKETS"] = id;

        var said = await person.Run(["doctor", "--json", .. isAsked ? (string[])["--market", id] : []]);

        Assert.Contains(isEvent ? condition.Event.Title : condition.Id, Found(said, "market").Detail, StringComparison.Ordinal);
        Assert.EndsWith(isAsked ? "as asked" : "of the configuration", Found(said, "market").Detail, StringComparison.Ordinal);
        Assert.All(["market", "fee", "books"], name => Assert.Equal("PASS", Found(said, name).Status));
    }

    [Fact]
    public async Task A_market_that_nobody_knows_cannot_be_looked_at()
    {
        using var person = Operator.At(_exchange);

        var said = await person.Run("doctor", "--json", "--market", "0x" + new string('9', 64));

        Assert.Equal("FAIL", Found(said, "market").Status);
        Assert.Contains("none of the 1 ids asked for was found", Found(said, "market").Detail, StringComparison.Ordinal);
        Assert.Equal("not checked because there is no market to look at", Found(said, "fee").Detail);
    }

    [Fact]
    public async Task A_market_that_is_closed_is_named_with_its_reason_and_not_waited_for()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_exchange.Port}") };
        var condition = _exchange.Exchange.World.Conditions[0].Id;
        using var closed = await http.PostAsync(new Uri("/sim/close", UriKind.Relative), Json($$"""{"condition":"{{condition}}"}"""), Stop);
        using var person = Operator.At(_exchange);

        var said = await person.Run("doctor", "--json", "--market", condition);

        Assert.True(closed.IsSuccessStatusCode);
        Assert.Equal((1, "FAIL"), (said.ExitCode, Found(said, "market").Status));
        Assert.Contains("is not traded: closed", Found(said, "market").Detail, StringComparison.Ordinal);
        Assert.Equal("not checked because there is no market to look at", Found(said, "books").Detail);
    }

    [Fact]
    public async Task Of_several_enabled_markets_one_that_is_traded_is_looked_at()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_exchange.Port}") };
        var (first, second) = (_exchange.Exchange.World.Conditions[0].Id, _exchange.Exchange.World.Conditions[1].Id);
        using var closed = await http.PostAsync(new Uri("/sim/close", UriKind.Relative), Json($$"""{"condition":"{{first}}"}"""), Stop);
        using var person = Operator.At(_exchange);
        person.Environment["MARKETS"] = $"{first},{second}";

        var said = await person.Run("doctor", "--json");

        Assert.Equal((0, "PASS"), (said.ExitCode, Found(said, "market").Status));
        Assert.Contains(second, Found(said, "market").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_that_disagree_about_the_fee_fail_and_the_books_are_looked_at_all_the_same()
    {
        var condition = _exchange.Exchange.World.Conditions[0].Id;
        using var person = Operator.At(_venue.Rewrites("GET /clob-markets", terms => terms.Replace("\"r\":0.0", "\"r\":0.1", StringComparison.Ordinal)).Port);

        var said = await person.Run("doctor", "--json", "--market", condition);

        Assert.Equal(("PASS", "FAIL", "PASS"), (Found(said, "market").Status, Found(said, "fee").Status, Found(said, "books").Status));
        Assert.Contains("fees disagree", Found(said, "fee").Detail, StringComparison.Ordinal);
    }

    /// <summary>Standard and neg-risk, all ticks, both protocols, held takers: the order of each is signed for its own contract.</summary>
    [Fact]
    public async Task Every_kind_of_market_passes_down_to_its_order()
    {
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Scenario = ScenarioFile.Load("full") }, Stop);
        var kinds = exchange.Exchange.World.Conditions.Where(condition => condition.Outcomes[0] == "Yes" && !condition.IsOther)
            .GroupBy(condition => (condition.NegRisk, condition.ProtocolV2, condition.Tick)).Select(kind => kind.First().Id).ToArray();
        using var person = Operator.At(exchange);

        foreach (var kind in kinds)
        {
            var said = await person.Run("doctor", "--place", "--json", "--market", kind);
            Assert.All(said.Json.EnumerateArray(), check => Assert.Equal(("PASS", ""), (check.Text("status"), check.Text("remedy"))));
            Assert.Equal("exchange V3 may take all there can be", Found(said, "allowance-v3").Detail);
        }

        Assert.InRange(kinds.Length, 6, 20);
    }

    [Fact]
    public async Task The_order_is_placed_seen_cancelled_and_gone_and_costs_nothing()
    {
        using var person = Operator.At(_venue.Port);
        var before = await Operator.Ledger(_exchange);

        var said = await person.Run("doctor", "--place");

        Assert.True(said.ExitCode == 0, said.Output);
        Assert.Contains("order", said.Output, StringComparison.Ordinal);
        Assert.Contains("placed, seen, cancelled, gone", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("24 passed, 0 to look at, 0 failed\n", said.Output, StringComparison.Ordinal);
        Assert.Single(_venue.Asked, "POST /order");
        Assert.Contains("\"postOnly\":true", Assert.Single(_venue.Posted), StringComparison.Ordinal);
        var after = await Operator.Ledger(_exchange);
        var order = Assert.Single(after.GetProperty("orders").EnumerateArray().ToArray());
        Assert.Equal(("BUY", "GTC", "0.01", "5", "0", "CANCELED"), (order.Text("side"), order.Text("type"), order.Text("price"), order.Text("size"), order.Text("matched"), order.Text("status")));
        Assert.Equal(before.Text("cash"), after.Text("cash"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task A_wallet_of_every_kind_passes_down_to_its_order(string type)
    {
        const string wallet = "0x2222222222222222222222222222222222222222";
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_exchange.Port}") };
        foreach (var (path, body) in new[]
        {
            ("/sim/wallets", $$"""{"account":"{{wallet}}","owner":"{{Operator.Address}}"}"""),
            ("/sim/transfer", $$"""{"account":"{{Operator.Address}}","to":"{{wallet}}","amount":"50"}"""),
        })
        {
            using var done = await http.PostAsync(new Uri(path, UriKind.Relative), Json(body), Stop);
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Stop));
        }

        using var person = Operator.At(_exchange);
        person.Environment["SIGNATURE_TYPE"] = type;
        person.Environment["FUNDER"] = wallet;

        var said = await person.Run("doctor", "--place", "--json");

        Assert.All(said.Json.EnumerateArray(), check => Assert.Equal(("PASS", ""), (check.Text("status"), check.Text("remedy"))));
        Assert.Equal("50 pUSD", Found(said, "collateral").Detail);
    }

    [Fact]
    public async Task Without_place_nothing_is_posted()
    {
        using var person = Operator.At(_venue.Port);

        await person.Run("doctor");

        Assert.DoesNotContain(_venue.Asked, asked => asked.Contains("/order", StringComparison.Ordinal) && !asked.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_without_a_key_is_well_and_says_what_was_not_looked_at()
    {
        using var person = Operator.At(_exchange, key: null);

        var said = await person.Run("doctor", "--place", "--json");

        Assert.Equal(0, said.ExitCode);
        foreach (var check in said.Json.EnumerateArray())
        {
            var isOfTheAccount = OfTheAccount.Append("order").Contains(check.Text("name"));
            Assert.Equal(isOfTheAccount ? "WARN" : "PASS", check.Text("status"));
            if (isOfTheAccount) Assert.Contains("no private key: not needed for dry run", check.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_configuration_that_is_not_valid_is_told_line_by_line_and_nothing_that_needs_it_is_skipped_in_silence()
    {
        using var person = Operator.At(_exchange);
        File.WriteAllText(person.Directory["config.yaml"], "risk: { max_total_exposure: abc }\nproof: { settle: 3 }");

        var said = await person.Run("doctor", "--json");

        Assert.Equal(1, said.ExitCode);
        Assert.Equal("FAIL", Found(said, "configuration").Status);
        Assert.Contains("risk.max_total_exposure", Found(said, "configuration").Detail, StringComparison.Ordinal);
        Assert.Contains("proof.settle", Found(said, "configuration").Detail, StringComparison.Ordinal);
        Assert.Equal(2, Found(said, "configuration").Detail.Split('\n').Length);
        Assert.Equal(23, said.Json.GetArrayLength());
        Assert.All(said.Json.EnumerateArray().Skip(3), check => Assert.Equal(("FAIL", "not checked because the configuration is not valid"), (check.Text("status"), check.Text("detail"))));
    }

    [Fact]
    public async Task A_file_of_secrets_that_others_can_read_is_a_warning()
    {
        using var person = Operator.At(_exchange, key: null);
        File.WriteAllText(person.Directory[".env"], $"PRIVATE_KEY={Operator.Key}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(person.Directory[".env"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var said = await person.Run("doctor", "--json");

        Assert.Equal((0, "WARN", "PASS"), (said.ExitCode, Found(said, "env-file").Status, Found(said, "credentials").Status));
    }

    [Fact]
    public async Task Hosts_that_are_not_there_fail_and_so_does_what_needs_them()
    {
        using var person = Operator.At(Programs.FreePort());

        var said = await person.Run("doctor", "--place", "--json");

        Assert.Equal(1, said.ExitCode);
        foreach (var host in (string[])["clob-rest", "gamma", "market-stream", "user-stream"])
        {
            Assert.Equal("FAIL", Found(said, host).Status);
            Assert.Contains("127.0.0.1", Found(said, host).Detail, StringComparison.Ordinal);
            Assert.NotEqual("", Found(said, host).Remedy);
        }

        foreach (var dependent in (string[])["clock", "version", "credentials", "closed-only", "wallet", "collateral", "allowance-standard", "user-channel", "market", "fee", "books", "order"])
        {
            Assert.Equal("FAIL", Found(said, dependent).Status);
            Assert.StartsWith("not checked because ", Found(said, dependent).Detail, StringComparison.Ordinal);
        }

        Assert.All(["configuration", "env-file", "disk", "database", "key"], name => Assert.Equal("PASS", Found(said, name).Status));
    }

    [Fact]
    public async Task A_host_that_takes_the_connection_and_says_nothing_costs_its_own_checks_and_no_more()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var person = Operator.At(_exchange);
        person.Environment["GAMMA_API_URL"] = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/gamma";
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var said = await person.Run("doctor", "--json", "--timeout", "3");

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
        Assert.Equal(("FAIL", "no answer within 3 s"), (Found(said, "gamma").Status, Found(said, "gamma").Detail));
        Assert.All(["market", "fee", "books", "allowance-v3"], name => Assert.Equal(("FAIL", "not checked because the catalogue does not answer"), (Found(said, name).Status, Found(said, name).Detail)));
        Assert.All(["clob-rest", "market-stream", "credentials", "collateral", "user-channel"], name => Assert.Equal("PASS", Found(said, name).Status));
    }

    [Fact]
    public async Task A_question_that_is_never_answered_costs_its_own_check_and_no_more()
    {
        using var person = Operator.At(_venue.Hangs("GET /auth/ban-status").Port);

        var said = await person.Run("doctor", "--json", "--timeout", "2");

        Assert.Equal(("FAIL", "no answer within 2 s"), (Found(said, "closed-only").Status, Found(said, "closed-only").Detail));
        Assert.All(said.Json.EnumerateArray().Where(check => check.Text("name") != "closed-only"), check => Assert.Equal("PASS", check.Text("status")));
    }

    [Theory]
    [InlineData(1, "PASS")]
    [InlineData(5, "WARN")]
    [InlineData(-5, "WARN")]
    [InlineData(400, "FAIL")]
    public async Task A_wrong_clock_is_told_and_requests_are_signed_with_the_venue_s(int seconds, string status)
    {
        using var person = Operator.At(_exchange);
        person.Time = new Shifted(TimeSpan.FromSeconds(seconds));

        var said = await person.Run("doctor", "--json");

        Assert.Equal((status, "PASS"), (Found(said, "clock").Status, Found(said, "credentials").Status));
        if (seconds > 1) Assert.Contains("ahead", Found(said, "clock").Detail, StringComparison.Ordinal);
        if (seconds < 0) Assert.Contains("behind", Found(said, "clock").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2VjcmV0", "Unauthorized/Invalid api key")]
    [InlineData("not base64!", "the API secret is not base64")]
    public async Task Credentials_that_the_venue_does_not_take_fail_and_so_does_what_needs_them(string secret, string words)
    {
        using var person = Operator.At(_exchange);
        var key = (await person.Run("keys", "create", "--json")).Json.Text("apiKey");
        foreach (var (name, value) in new[] { ("CLOB_API_KEY", key), ("CLOB_API_SECRET", secret), ("CLOB_API_PASSPHRASE", "planted-passphrase") }) person.Environment[name] = value;

        var said = await person.Run("doctor", "--json");

        Assert.Equal((1, "FAIL"), (said.ExitCode, Found(said, "credentials").Status));
        Assert.Contains(words, Found(said, "credentials").Detail, StringComparison.Ordinal);
        Assert.Contains("keys derive", Found(said, "credentials").Remedy, StringComparison.Ordinal);
        Assert.All(
            ["closed-only", "wallet", "collateral", "allowance-standard", "allowance-neg-risk", "user-channel"],
            name => Assert.Equal(("FAIL", "not checked because the venue did not take the credentials"), (Found(said, name).Status, Found(said, name).Detail)));
        Assert.All(["market", "fee", "books"], name => Assert.Equal("PASS", Found(said, name).Status));
    }

    [Fact]
    public async Task A_key_that_the_venue_does_not_list_is_not_proven()
    {
        using var person = Operator.At(_venue.Answers("GET /auth/api-keys", 200, """{"apiKeys":["another"]}""").Port);

        Assert.Equal("FAIL", Found(await person.Run("doctor", "--json"), "credentials").Status);
    }

    public static TheoryData<string, string, string, string, string> OneThingWrong => new()
    {
        // What is asked, what it answers, which check notices, how bad it is, what it says.
        { "GET /auth/ban-status/closed-only", """{"closed_only":true}""", "closed-only", "FAIL", "may only reduce" },
        { "GET /version", """{"version":4}""", "version", "FAIL", "version 4" },
        { "GET /version", """{"version":1}""", "version", "FAIL", "version 1" },
        { "GET /version", """{"version":3}""", "version", "PASS", "version 3" },
        { "GET /time", "noon", "clock", "FAIL", "does not tell its time" },
        { "GET /ok", "<html>captive portal</html>", "clob-rest", "FAIL", "web page" },
        { "GET /balance-allowance", """{"balance":"0","allowances":{}}""", "collateral", "WARN", "no pUSD" },
        { "GET /balance-allowance", """{"balance":"2500000"}""", "allowance-standard", "WARN", "does not say" },
        { "GET /balance-allowance", """{"balance":"2500000","allowance":"2500000"}""", "allowance-standard", "PASS", "2.5 pUSD" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{}}""", "allowance-standard", "FAIL", "may take nothing" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{"0xe2222d279d744050d28e00520010520000310f59":"1"}}""", "allowance-standard", "FAIL", "0xE111180000d2663C0091e4f400237545B87B996B" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{"0xe111180000d2663c0091e4f400237545b87b996b":"9999999"}}""", "allowance-neg-risk", "FAIL", "0xe2222d279d744050d28e00520010520000310F59" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{"0xe2222d279d744050d28e00520010520000310f59":"0"}}""", "allowance-neg-risk", "FAIL", "may take nothing" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{"0xe2222d279d744050d28e00520010520000310f59":"1000000"}}""", "allowance-neg-risk", "WARN", "only 1 pUSD of 2.5" },
        { "GET /balance-allowance", """{"balance":"2500000","allowances":{"0xe2222d279d744050d28e00520010520000310f59":"2500000"}}""", "allowance-neg-risk", "PASS", "2.5 pUSD" },
    };

    [Theory]
    [MemberData(nameof(OneThingWrong))]
    public async Task Each_check_notices_what_is_its_own(string asked, string answer, string check, string status, string words)
    {
        using var person = Operator.At(_venue.Answers(asked, 200, answer).Port);

        var found = Found(await person.Run("doctor", "--json"), check);

        Assert.Equal(status, found.Status);
        Assert.Contains(words, found.Detail + found.Remedy, StringComparison.Ordinal);
        Assert.Equal(status == "PASS", found.Remedy.Length == 0);
    }

    [Fact]
    public async Task The_venue_is_told_to_look_at_the_chain_before_anything_counts_as_missing()
    {
        var looked = false;
        _venue.Rewrites("GET /balance-allowance", answer => looked ? answer : """{"balance":"0","allowances":{}}""");
        _venue.Rewrites("GET /balance-allowance/update", answer =>
        {
            looked = true;
            return answer;
        });
        using var person = Operator.At(_venue.Port);

        var said = await person.Run("doctor", "--json");

        Assert.True(looked);
        Assert.All(["collateral", "allowance-standard", "allowance-neg-risk"], name => Assert.Equal("PASS", Found(said, name).Status));
    }

    [Fact]
    public async Task Money_behind_another_signature_type_is_pointed_at()
    {
        const string funder = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_exchange.Port}") };
        using var person = Operator.At(_exchange);
        var owner = await http.PostAsync(new Uri("/sim/wallets", UriKind.Relative), Json("""{"account":"0x1111111111111111111111111111111111111111","owner":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}"""), Stop);
        person.Environment["SIGNATURE_TYPE"] = "2";
        person.Environment["FUNDER"] = funder;

        var said = await person.Run("doctor", "--json");

        Assert.True(owner.IsSuccessStatusCode);
        Assert.Equal("WARN", Found(said, "wallet").Status);
        Assert.Contains("SIGNATURE_TYPE=0", Found(said, "wallet").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_book_whose_hash_is_not_the_venue_s_is_not_proven()
    {
        using var person = Operator.At(_exchange);
        person.Environment["CLOB_WS_URL"] = $"ws://127.0.0.1:{_venue.RewritesFrames("market", frame => Hashes().Replace(frame, "\"hash\":\"0000000000000000000000000000000000000000\"")).Port}/ws/";

        var said = await person.Run("doctor", "--json", "--timeout", "3");

        Assert.Equal(("FAIL", "PASS"), (Found(said, "books").Status, Found(said, "user-channel").Status));
        Assert.Contains("no proof of both books within 3 s: 0 hashes fit", Found(said, "books").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_token_whose_book_never_comes_is_noticed()
    {
        using var person = Operator.At(_exchange);
        var no = _exchange.Exchange.World.Conditions.SelectMany(condition => condition.Tokens.Skip(1)).ToHashSet();
        person.Environment["CLOB_WS_URL"] = $"ws://127.0.0.1:{_venue.RewritesFrames("market", frame => WithoutBooksOf(no, frame)).Port}/ws/";

        var said = await person.Run("doctor", "--json", "--timeout", "3");

        Assert.Equal("FAIL", Found(said, "books").Status);
        Assert.Contains("no books of both tokens within 3 s", Found(said, "books").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_channel_that_does_not_answer_after_the_credentials_fails()
    {
        using var person = Operator.At(_exchange);
        person.Environment["CLOB_WS_URL"] = $"ws://127.0.0.1:{_venue.RewritesFrames("user", _ => null).Port}/ws/";

        var said = await person.Run("doctor", "--json", "--timeout", "3");

        Assert.Equal(("FAIL", "PASS", "PASS"), (Found(said, "user-channel").Status, Found(said, "books").Status, Found(said, "user-stream").Status));
    }

    [GeneratedRegex("\"hash\":\"[0-9a-f]{40}\"")]
    private static partial Regex Hashes();

    private static string? WithoutBooksOf(HashSet<string> tokens, string frame)
    {
        if (!frame.StartsWith('[')) return frame.Contains("\"event_type\":\"book\"", StringComparison.Ordinal) ? null : frame;

        using var array = JsonDocument.Parse(frame);
        return $"[{string.Join(',', array.RootElement.EnumerateArray().Where(book => !tokens.Contains(book.Text("asset_id"))).Select(book => book.GetRawText()))}]";
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static (string Status, string Detail, string Remedy) Found(Said said, string name)
    {
        var check = Assert.Single(said.Json.EnumerateArray().Where(check => check.Text("name") == name).ToArray());
        return (check.Text("status"), check.Text("detail"), check.Text("remedy"));
    }
}
