using System.Globalization;
using System.Text;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A whole life of a silo with real orders, and every byte that it and its client left behind.</summary>
[Collection(nameof(EndToEnd))]
public sealed class SecretsTests : IDisposable
{
    private const string Key = "47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"; // Hardhat's account 4.
    private const string Token = "planted-control-token";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task No_secret_is_in_any_output_log_or_database_of_a_silo_that_traded_was_killed_and_ended()
    {
        await using var exchange = Programs.Exchange("serve", "--port", "0", "--seed", "5", "--speed", "3");
        var url = (await exchange.Line("listening on ", Cancellation))["listening on ".Length..];
        var port = Programs.FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {port}\nweb: {{ port: off }}\nruntime: {{ log_level: debug, dry_run: true }}\n", Cancellation);
        (string, string)[] live =
        [
            ("CLOB_REST_URL", url), ("CLOB_WS_URL", url.Replace("http", "ws", StringComparison.Ordinal) + "/ws/"), ("DRY_RUN", "false"),
            ("START_PAUSED", "false"), ("MARKETS", "all"),
        ];
        var keys = (await Programs.Client(_directory, [.. live, ("PRIVATE_KEY", Key)], Cancellation, "keys", "create", "--json")).Json;
        var (apiKey, secret, passphrase) = (keys.GetProperty("apiKey").GetString()!, keys.GetProperty("secret").GetString()!, keys.GetProperty("passphrase").GetString()!);
        var dotEnv = Path.Combine(_directory, ".env");
        await File.WriteAllTextAsync(
            dotEnv,
            $"PRIVATE_KEY=0x{Key}\nCLOB_API_KEY={apiKey}\nCLOB_API_SECRET={secret}\nCLOB_API_PASSPHRASE={passphrase}\nCONTROL_TOKEN={Token}\n", Cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(dotEnv, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        List<Ended> said = [];
        await using (var silo = Programs.Silo([], _directory, live))
        {
            await silo.Line("silo ", Cancellation);
            await Until(async () => await Client("fills", "--json") is { ExitCode: 0 } fills && fills.Json.GetArrayLength() > 0);
            foreach (var command in (string[])["status", "orders", "positions", "kill --reason enough", "backup b.db", "kill --direct"])
            {
                var ended = await Client(command.Split(' '));
                Assert.True(ended.ExitCode == 0, $"{command}: {ended.Error}");
            }

            await Client("doctor");
            await silo.Signal("TERM");
            said.Add(await silo.End(Cancellation));
        }

        Assert.Contains("chmod 600 .env", said[^1].Output, StringComparison.Ordinal);
        Assert.Contains("WRN environment: DRY_RUN = \"false\" overrules config.yaml: runtime.dry_run = \"true\"\n", said[^1].Output, StringComparison.Ordinal);
        File.Delete(dotEnv);
        var raw = Convert.FromHexString(Key);
        string[] secrets =
        [
            Key, Convert.ToBase64String(raw).TrimEnd('='), Convert.ToBase64String(raw).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            new System.Numerics.BigInteger(raw, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture), apiKey, secret, passphrase, Token,
        ];
        Assert.All(said, ended => Assert.Equal([], Found(ended.Output + ended.Error, secrets)));
        var files = Directory.GetFiles(_directory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("events.db", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("b.db", StringComparison.Ordinal));
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("silo-", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            Assert.Equal([], Found(Encoding.Latin1.GetString(bytes), secrets).Select(found => $"{file}: {found}"));
            Assert.True(bytes.AsSpan().IndexOf(raw) < 0, $"{file}: the key's bytes");
        }

        async Task<Ended> Client(params string[] arguments)
        {
            var ended = await Programs.Client(
                _directory, live, Cancellation, arguments[0] is "backup" or "doctor" || arguments.Contains("--direct") ? arguments : [.. arguments, "--silo", $"localhost:{port}"]);
            said.Add(ended);
            return ended;
        }
    }

    private static string[] Found(string text, string[] secrets) => [.. secrets.Where(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase))];

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await holds()) deadline.Token.ThrowIfCancellationRequested();
    }
}
