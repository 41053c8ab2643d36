using System.Net;
using System.Net.Sockets;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo on a configuration, as a person starts it.</summary>
[Collection(nameof(EndToEnd))]
public sealed class SiloTests : IDisposable
{
    private const string PublicKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // Hardhat's account 0.

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Without_a_network_it_is_dry_paused_says_what_it_cannot_reach_and_answers()
    {
        var port = Programs.FreePort();
        Configure(port, "");
        await using var silo = Programs.Silo(["--data", "d"], _directory, ("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/"));
        await silo.Line("silo ", Cancellation);

        var status = (await Programs.Client(port, Cancellation, "status", "--json")).Json;

        Assert.Equal("PAUSED", status.GetProperty("state").GetString());
        Assert.True(status.GetProperty("dryRun").GetBoolean());
        await silo.Line(line => line.Contains("No catalogue from http://127.0.0.1:1/", StringComparison.Ordinal), Cancellation);
        await silo.Signal("TERM");
        var ended = await silo.End(Cancellation);
        Assert.Equal(0, ended.ExitCode);
        Assert.False(ended.Output.Contains("   at ", StringComparison.Ordinal), ended.Output); // A dead network is no bug: no stack traces.
    }

    /// <summary>Else it would trade the key's own address, and its directory would be bound to the other.</summary>
    [Fact]
    public async Task A_wallet_that_its_signature_type_does_not_fit_is_refused()
    {
        Configure(Programs.FreePort(), "");
        await using var silo = Programs.Silo(
            ["--data", "d"], _directory, ("DRY_RUN", "false"), ("PRIVATE_KEY", PublicKey), ("FUNDER", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"),
            ("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/"));

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("signature type 0 is the key's own address, 0xf39F", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory, "d")));
    }

    [Fact]
    public async Task A_terminal_that_goes_away_ends_it_in_good_order()
    {
        Configure(Programs.FreePort(), "");
        await using var silo = Running.Start( // Whoever runs the tests may have told all his programs to ignore it.
            "env", ["--default-signal=HUP", Programs.PathOf("silo", "polyarb-silo"), "--data", "d"], _directory,
            [("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/")]);
        await silo.Line("silo ", Cancellation);

        await silo.Signal("HUP");

        var ended = await silo.End(Cancellation);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Stopped: ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_silo_on_the_same_ports_is_refused_so_that_no_command_reaches_the_wrong_one()
    {
        var port = Programs.FreePort();
        Configure(port, "");
        (string, string)[] nowhere = [("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/")];
        await using var first = Programs.Silo(["--data", "one"], _directory, nowhere);
        await first.Line("silo ", Cancellation);
        await using var second = Programs.Silo(["--data", "two"], _directory, nowhere);

        var ended = await second.End(Cancellation);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("is taken", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_for_the_pages_that_is_taken_ends_it_with_2_and_one_line_and_touches_nothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        Configure(Programs.FreePort(), "", web: $"{taken}");
        await using var silo = Programs.Silo(["--data", "d"], _directory, ("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/"));

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"config.yaml: web.port = \"{taken}\": is taken", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory, "d")));
    }

    [Fact]
    public async Task A_dry_run_killed_between_a_fill_and_its_confirmation_finishes_its_basket_afterwards()
    {
        await using var exchange = Programs.Exchange("serve", "--port", "0", "--seed", "5", "--speed", "3");
        var url = (await exchange.Line("listening on ", Cancellation))["listening on ".Length..];
        var port = Programs.FreePort();
        Configure(port, "");
        (string, string)[] paper =
        [
            ("CLOB_REST_URL", url), ("CLOB_WS_URL", url.Replace("http", "ws", StringComparison.Ordinal) + "/ws/"), ("START_PAUSED", "false"), ("MARKETS", "all"),
        ];
        await using (var first = Programs.Silo(["--data", "d"], _directory, paper))
        {
            await first.Line("silo ", Cancellation);
            await Until(async () => (await Programs.Client(port, Cancellation, "fills", "--json")).Json.GetArrayLength() > 0);
            await first.Signal("KILL");
            await first.End(Cancellation);
        }

        await using var second = Programs.Silo(["--data", "d"], _directory, paper);
        await second.Line("silo ", Cancellation);
        await Until(async () => await Open(port) == 0);
        Assert.NotEqual(0, (await Programs.Client(port, Cancellation, "baskets", "--json")).Json.GetArrayLength());

        static async Task<int> Open(int port) => (await Programs.Client(port, Cancellation, "baskets", "--json")).Json
            .EnumerateArray().Count(basket => basket.GetProperty("state").GetString() == "OPEN");
    }

    [Fact]
    public async Task A_bad_value_ends_it_with_2_and_one_line_that_says_where_what_and_what_is_legal()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "config.yaml"), "risk:\n  max_total_exposure: lots\n", Cancellation);
        await using var silo = Programs.Silo([], _directory);

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("config.yaml: risk.max_total_exposure = \"lots\": must be dollars", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.Trim().Split('\n'));
        Assert.False(Directory.Exists(Path.Combine(_directory, "data")));
    }

    [Fact]
    public async Task Mode_live_on_the_command_line_is_checked_as_live_whatever_BOT_MODE_says()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "config.yaml"), "", Cancellation);
        await using var silo = Programs.Silo(
            ["--mode", "live"], _directory, ("BOT_MODE", "backtest"), ("DRY_RUN", "false"), ("CLOB_REST_URL", "http://127.0.0.1:1"));

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("live trading needs PRIVATE_KEY", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_the_middle_of_trading_it_comes_back_paused_with_the_venues_ledger()
    {
        await using var exchange = Programs.Exchange("serve", "--port", "0", "--seed", "5", "--speed", "3");
        var url = (await exchange.Line("listening on ", Cancellation))["listening on ".Length..];
        var port = Programs.FreePort();
        Configure(port, "");
        (string, string)[] live =
        [
            ("CLOB_REST_URL", url), ("CLOB_WS_URL", url.Replace("http", "ws", StringComparison.Ordinal) + "/ws/"), ("DRY_RUN", "false"),
            ("START_PAUSED", "false"), ("MARKETS", "all"), ("PRIVATE_KEY", PublicKey),
        ];
        await using (var first = Programs.Silo(["--data", "d"], _directory, live))
        {
            await first.Line("silo ", Cancellation);
            await Until(async () => (await Programs.Client(port, Cancellation, "baskets", "--json")).Json.GetArrayLength() > 0);
            await first.Signal("KILL");
            await first.End(Cancellation);
        }

        await using var second = Programs.Silo(["--data", "d"], _directory, live);
        await second.Line("silo ", Cancellation);
        Assert.Equal("PAUSED", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
        await Until(async () => !(await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("recovering").GetBoolean());

        using var http = new HttpClient();
        var differences = await Settled(port, http, new Uri(url));
        Assert.Empty(differences);
    }

    /// <summary>Polls both ledgers until they agree, or says where they differ when the trades had time to settle.</summary>
    private static async Task<string[]> Settled(int port, HttpClient http, Uri exchange)
    {
        string[] differences = [];
        for (var round = 0; round < 20; round++)
        {
            differences = await Ledgers.Differences(port, http, exchange, Cancellation);
            if (differences.Length == 0) break;
        }

        return differences;
    }

    /// <summary>Asks again and again, for a minute and a half at most: a program that hangs fails here and not the whole run.</summary>
    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await holds()) deadline.Token.ThrowIfCancellationRequested();
    }

    private void Configure(int gatewayPort, string more, string web = "off") =>
        File.WriteAllText(Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {gatewayPort}\nweb:\n  port: {web}\n{more}");
}
