using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>The README's first command, the client beside it, and the replay of what it recorded.</summary>
[Collection(nameof(EndToEnd))]
public sealed class DemoTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_demo_trades_obeys_its_client_balances_and_replays_to_the_same_digest()
    {
        // A .env that looks alive must not be touched, whatever it says.
        await File.WriteAllTextAsync(Path.Combine(_directory, ".env"), "PRIVATE_KEY=not even hex\nCLOB_REST_URL=https://clob.polymarket.com\nDRY_RUN=false\n", Cancellation);
        var (data, reportFile) = (Path.Combine(_directory, "data"), Path.Combine(_directory, "r.json"));
        await using var demo = Programs.Silo(
            ["--demo", "--seed", "7", "--data", data, "--report", reportFile], _directory, ("MARKETS", "nonsense"), ("CLOB_REST_URL", "http://127.0.0.1:1"));
        var port = Programs.PortOf(await demo.Line("silo ", Cancellation));
        Assert.StartsWith("exchange http://127.0.0.1:", await demo.Line("exchange ", Cancellation), StringComparison.Ordinal);

        await Obeys(port);
        await IsHealthy((await demo.Line("dashboard http://127.0.0.1:", Cancellation))["dashboard ".Length..]);
        await demo.Line(line => BasketsIn(line) >= 3, Cancellation);
        await demo.Signal("INT");

        var ended = await demo.End(Cancellation);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var report = new Ended(0, await File.ReadAllTextAsync(reportFile, Cancellation), "").Json;
        Assert.True(report.GetProperty("proofs").GetProperty("ok").GetInt64() > 1_000, ended.Output);
        Assert.Equal(0, report.GetProperty("proofs").GetProperty("failed").GetInt64());
        Assert.True(report.GetProperty("baskets").GetProperty("completed").GetInt32() > 0, ended.Output);
        Assert.True(report.GetProperty("ledgerMatchesVenue").GetBoolean(), ended.Output + ended.Error);
        Assert.NotEqual(0, decimal.Parse(report.GetProperty("lockedProfit").GetString()!, CultureInfo.InvariantCulture)); // Three baskets may lose: rivals are quick.

        await Replays(Path.Combine(data, "events.db"), report.GetProperty("decisionsDigest").GetString()!);
    }

    [Fact]
    public async Task A_fault_plan_that_the_exchange_cannot_read_is_bad_usage()
    {
        var plan = Path.Combine(_directory, "bad.yaml");
        await File.WriteAllTextAsync(plan, "faults: [{kind: no_such_fault}]\n", Cancellation);
        await using var demo = Programs.Silo(["--demo", "--data", Path.Combine(_directory, "data"), "--faults", plan], _directory);

        var ended = await demo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("bad.yaml", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
    }

    private static async Task IsHealthy(string dashboard)
    {
        using var http = new HttpClient();
        Assert.Equal("RUNNING\n", await http.GetStringAsync(dashboard + "/healthz", Cancellation));
    }

    private static async Task Obeys(int port)
    {
        var status = await Programs.Client(port, Cancellation, "status", "--json");
        Assert.Equal("RUNNING", status.Json.GetProperty("state").GetString());

        Assert.Equal(0, (await Programs.Client(port, Cancellation, "pause")).ExitCode);
        Assert.Equal("PAUSED", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
        Assert.Equal(2, (await Programs.Client(port, Cancellation, "resume")).ExitCode); // Wants a reason.
        Assert.Equal(0, (await Programs.Client(port, Cancellation, "resume", "--reason", "test")).ExitCode);
        Assert.Equal("RUNNING", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());

        var unknown = await Programs.Client(port, Cancellation, "markets", "off", "0xdead");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Single(unknown.Error.Trim().Split('\n'));
        Assert.Contains("0xdead", unknown.Error, StringComparison.Ordinal);

        var market = (await Programs.Client(port, Cancellation, "markets", "list", "--json")).Json[0].GetProperty("id").GetString()!;
        Assert.Equal(0, (await Programs.Client(port, Cancellation, "markets", "off", market)).ExitCode);
        Assert.False((await Programs.Client(port, Cancellation, "markets", "list", "--json")).Json[0].GetProperty("enabled").GetBoolean());
        Assert.Equal(0, (await Programs.Client(port, Cancellation, "markets", "on", market)).ExitCode);
    }

    private async Task Replays(string events, string digest)
    {
        var same = await Verify(events);
        Assert.True(same.ExitCode == 0, same.Output + same.Error);
        Assert.Equal(digest, same.Json.GetProperty("decisions_digest").GetString());

        var portfolio = same.Json.GetProperty("portfolio");
        Assert.True(portfolio.GetProperty("approved").GetInt64() > 0 && portfolio.GetProperty("refused").GetInt64() > 0, same.Output);
        Assert.Equal(0, same.Json.GetProperty("uncovered").GetProperty("portfolio_turns").GetInt64() + same.Json.GetProperty("uncovered").GetProperty("turns").GetInt64());

        foreach (var (from, to) in ((string, string)[])[("--events", "day.jsonl.gz"), ("day.jsonl.gz", "again.db")])
        {
            string[] asked = from == "--events" ? ["capture", "export", from, events, "--out", In(to)] : ["capture", "import", In(from), "--out", In(to)];
            var made = await Programs.Client(1, Cancellation, asked);
            Assert.True(made.ExitCode == 0, made.Error);
            var again = await Verify(In(to));
            Assert.True(again.ExitCode == 0, again.Output + again.Error);
            Assert.Equal(digest, again.Json.GetProperty("decisions_digest").GetString());
        }

        await Shows(
            """
            UPDATE events SET m = replace(m, '"price_changes":', '"price_chang3s":')
            WHERE n = (SELECT n FROM events WHERE s = 'market' AND m LIKE '%price_changes%' ORDER BY n LIMIT 1 OFFSET 500) RETURNING n
            """);
        await Shows("DELETE FROM events WHERE n = (SELECT n FROM events WHERE s = 'turn' AND c = 'portfolio' ORDER BY n LIMIT 1 OFFSET 50) RETURNING n + 1");
        await Shows(
            """
            UPDATE events SET m = (SELECT m FROM events AS later WHERE later.n > events.n AND s = 'answer' AND c = 'portfolio' ORDER BY n LIMIT 1)
            WHERE n = (SELECT n FROM events WHERE s = 'answer' AND c = 'portfolio' ORDER BY n LIMIT 1 OFFSET 50) RETURNING n
            """);

        async Task Shows(string tampering)
        {
            var changed = Path.Combine(_directory, $"{Guid.NewGuid()}.db");
            File.Copy(events, changed);
            long at;
            await using (var connection = new SqliteConnection($"Data Source={changed};Pooling=False"))
            {
                connection.Open();
                await using var command = connection.CreateCommand();
                command.CommandText = tampering;
                at = (long)(await command.ExecuteScalarAsync(Cancellation))!;
            }

            var diverged = await Verify(changed);
            Assert.Equal(1, diverged.ExitCode);
            Assert.NotEqual(digest, diverged.Json.GetProperty("decisions_digest").GetString());
            Assert.Equal(at, diverged.Json.GetProperty("divergence").GetProperty("n").GetInt64());
        }
    }

    private string In(string name) => Path.Combine(_directory, name);

    private async Task<Ended> Verify(string events)
    {
        await using var silo = Programs.Silo(["--mode", "backtest", "--events", events, "--replay", "verify"], _directory);
        return await silo.End(Cancellation);
    }

    /// <summary>How many baskets a line of the demo counts; -1 in any other line.</summary>
    private static int BasketsIn(string line) =>
        line.Split(' ') is var words && Array.IndexOf(words, "baskets") is > 0 and var at && int.TryParse(words[at + 1], out var count) ? count : -1;
}

/// <summary>One at a time: each of these runs whole programs on the same two cores.</summary>
[CollectionDefinition(nameof(EndToEnd), DisableParallelization = true)]
public sealed class EndToEnd;
