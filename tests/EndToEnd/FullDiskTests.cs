using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo whose disk fills up while it trades.</summary>
[Collection(nameof(EndToEnd))]
public sealed class FullDiskTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_pauses_says_so_kills_in_memory_and_once_there_is_room_the_kill_is_durable()
    {
        using var disk = SmallDisk.Mount(Path.Combine(_directory, "data"), "48m");
        await using var exchange = Programs.Exchange("serve", "--port", "0", "--seed", "5", "--speed", "3");
        var url = (await exchange.Line("listening on ", Cancellation))["listening on ".Length..];
        var port = Programs.FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {port}\nweb:\n  port: off\n", Cancellation);
        (string, string)[] paper =
        [
            ("CLOB_REST_URL", url), ("CLOB_WS_URL", url.Replace("http", "ws", StringComparison.Ordinal) + "/ws/"), ("START_PAUSED", "false"), ("MARKETS", "all"),
        ];
        await using (var silo = Programs.Silo([], _directory, paper))
        {
            await silo.Line("silo ", Cancellation);
            await Until(async () => (await Programs.Client(port, Cancellation, "fills", "--json")).Json.GetArrayLength() > 0);

            disk.Fill();
            await Until(async () => await State(port) == "PAUSED");
            var status = await Programs.Client(port, Cancellation, "status");
            Assert.Contains("the journal cannot be written", status.Output, StringComparison.Ordinal);
            Assert.Contains("NOT WRITTEN, so nothing is sent: no space left for", status.Output, StringComparison.Ordinal);

            var kill = await Programs.Client(port, Cancellation, "kill", "--reason", "the disk is full");
            Assert.Equal(1, kill.ExitCode);
            Assert.Contains("NOT durable", kill.Error, StringComparison.Ordinal);
            Assert.Equal("SAFE", await State(port));

            await Until(async () => (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("inputsLost").GetInt64() > 0);
            await silo.Line(line => line.Contains("inputs are being lost", StringComparison.Ordinal), Cancellation); // The recorder says so once.
            disk.Free();
            await Until(async () => (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("journal").GetString() == "");
            Assert.Equal("SAFE", await State(port));
            await silo.Signal("KILL");
            await silo.End(Cancellation);
        }

        await using var again = Programs.Silo([], _directory, paper);
        await again.Line("silo ", Cancellation);
        Assert.Equal("SAFE", await State(port));
    }

    private static async Task<string?> State(int port) => (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString();

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await holds()) deadline.Token.ThrowIfCancellationRequested();
    }
}
