using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>What a person does beside a running silo, with the programs as they are built.</summary>
[Collection(nameof(EndToEnd))]
public sealed class OperatorTests : IDisposable
{
    private static readonly (string, string)[] Nowhere = [("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/")];

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_directory, "data");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_silo_that_hangs_is_stopped_past_it_and_obeys_when_it_wakes()
    {
        var port = Configure();
        await using var silo = Programs.Silo([], _directory, Nowhere);
        await silo.Line("silo ", Cancellation);
        await silo.Signal("STOP");

        var killed = await Programs.Client(_directory, Nowhere, Cancellation, "kill", "--direct", "--reason", "it hangs");
        Assert.Equal((0, ""), (killed.ExitCode, killed.Error));
        Assert.True(new StopFile(Data).IsPresent);

        await silo.Signal("CONT");
        await Until(() => Task.FromResult(!new StopFile(Data).IsPresent));
        var status = (await Programs.Client(port, Cancellation, "status", "--json")).Json;
        Assert.Equal("SAFE", status.GetProperty("state").GetString());
        Assert.StartsWith("it hangs", status.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_control_token_a_silo_is_steered_by_nobody_and_read_by_all_of_this_machine()
    {
        var port = Configure();
        await using var silo = Programs.Silo([], _directory, [.. Nowhere, ("CONTROL_TOKEN", "sesame-sesame-sesame")]);
        await silo.Line("silo ", Cancellation);
        string[] kill = ["kill", "--reason", "test", "--silo", $"localhost:{port}"];

        Assert.Equal("PAUSED", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
        var without = await Programs.Client(Path.GetTempPath(), [], Cancellation, kill);
        var wrong = await Programs.Client(Path.GetTempPath(), [("CONTROL_TOKEN", "sesame-sesame-sesamE")], Cancellation, kill);
        Assert.Equal((1, 1), (without.ExitCode, wrong.ExitCode));
        Assert.Equal("polyarb-client: this silo wants its control token: set CONTROL_TOKEN in the environment or .env", without.Error.Trim());
        Assert.Equal("polyarb-client: CONTROL_TOKEN is not this silo's", wrong.Error.Trim());

        await File.WriteAllTextAsync(Path.Combine(_directory, ".env"), "CONTROL_TOKEN=sesame-sesame-sesame\n", Cancellation);
        var right = await Programs.Client(_directory, [], Cancellation, kill);
        Assert.DoesNotContain("token", right.Error, StringComparison.OrdinalIgnoreCase); // The venue is nowhere, so it cannot be confirmed.
        Assert.Equal("SAFE", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_backup_of_a_running_silo_is_restored_only_once_it_has_ended_and_starts_where_it_was()
    {
        var port = Configure();
        await using (var silo = Programs.Silo([], _directory, [.. Nowhere, ("START_PAUSED", "false")]))
        {
            await silo.Line("silo ", Cancellation);
            Assert.Equal("RUNNING", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());

            var backup = await Programs.Client(_directory, [], Cancellation, "backup", "b.db", "--json");
            Assert.True(backup.ExitCode == 0, backup.Error);
            Assert.True(backup.Json.GetProperty("facts").GetInt64() > 0);

            var refused = await Programs.Client(_directory, [], Cancellation, "restore", "b.db");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"pid {silo.Id} since", Assert.Single(refused.Error.Trim().Split('\n')), StringComparison.Ordinal);
            await silo.Signal("KILL");
            await silo.End(Cancellation);
        }

        var restored = await Programs.Client(_directory, [], Cancellation, "restore", "b.db", "--json");
        Assert.True(restored.ExitCode == 0, restored.Error);
        Assert.Equal("PAUSED", restored.Json.GetProperty("state").GetString());

        await using var again = Programs.Silo([], _directory, [.. Nowhere, ("START_PAUSED", "false")]);
        await again.Line("silo ", Cancellation);
        Assert.Equal("PAUSED", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_set_while_it_runs_holds_over_a_restart_and_a_reload_gives_back_what_the_file_says()
    {
        var port = Configure();
        await using (var silo = Programs.Silo([], _directory, Nowhere))
        {
            await silo.Line("silo ", Cancellation);

            var refused = await Programs.Client(port, Cancellation, "set", "risk.drawdown_limit=50", "max_legz=2", "risk.max_hourly_loss=0", "dry_run=false");
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.Equal(
                [
                    "polyarb-client: set: max_legz: no such parameter, or more than one: did you mean baskets.max_legs?",
                    "polyarb-client: set: runtime.dry_run: needs a restart: it is read at start only; change config.yaml and start again",
                    "polyarb-client: nothing was changed",
                ],
                refused.Error.Trim().Split('\n'));
            var illegal = await Programs.Client(port, Cancellation, "set", "risk.drawdown_limit=50", "risk.max_hourly_loss=0", "--json");
            Assert.Equal((1, false), (illegal.ExitCode, illegal.Json.GetProperty("applied").GetBoolean()));
            Assert.Equal("set: risk.max_hourly_loss = \"0\": must be dollars, more than 0, at most 6 decimals", illegal.Json.GetProperty("refused")[0].GetString());
            Assert.Equal(2, (await Programs.Client(port, Cancellation, "set", "drawdown_limit")).ExitCode);

            var set = await Programs.Client(port, Cancellation, "set", "drawdown_limit=50", "min_edge_threshold=0.02");
            Assert.Equal((0, ""), (set.ExitCode, set.Error));
            Assert.Equal(
                [
                    "thresholds.min_edge_threshold: 0.01 -> 0.02 (configured: 0.01)", "risk.drawdown_limit: 150 -> 50 (configured: 150)",
                    "in force now, and after a restart too: until `reload`, or until config.yaml says something else of it",
                ],
                set.Output.Trim().Split('\n'));
            await silo.Signal("KILL");
            await silo.End(Cancellation);
        }

        File.AppendAllText(Path.Combine(_directory, "config.yaml"), "thresholds:\n  min_edge_threshold: 0.03\n");
        await using var again = Programs.Silo([], _directory, Nowhere);
        await again.Line("silo ", Cancellation);
        var status = await Programs.Client(port, Cancellation, "status", "--json");
        var held = Assert.Single(status.Json.GetProperty("parameters").EnumerateArray());
        Assert.Equal(("risk.drawdown_limit", "50", "150"), (held.GetProperty("key").GetString(), held.GetProperty("value").GetString(), held.GetProperty("configured").GetString()));

        File.AppendAllText(Path.Combine(_directory, "config.yaml"), "risk:\n  max_daily_loss: 250\nruntime:\n  log_level: debug\n");
        var reloaded = await Programs.Client(port, Cancellation, "reload");
        Assert.Equal((0, ""), (reloaded.ExitCode, reloaded.Error));
        Assert.Equal(
            [
                "risk.max_daily_loss: 300 -> 250 (in force now)", "risk.drawdown_limit: 50 -> 150 (in force now)", "runtime.log_level: info -> debug (needs a restart)",
            ],
            reloaded.Output.Trim().Split('\n'));
        Assert.Empty((await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("parameters").EnumerateArray());
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await holds()) await Task.Delay(20, deadline.Token);
    }

    private int Configure()
    {
        var port = Programs.FreePort();
        File.WriteAllText(Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {port}\nweb:\n  port: off\n");
        return port;
    }
}
