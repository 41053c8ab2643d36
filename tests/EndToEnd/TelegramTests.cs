using System.Text;
using PolyArb.Tests.Silo.Alerts;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo as a person starts it, steered from a telephone.</summary>
[Collection(nameof(EndToEnd))]
public sealed class TelegramTests : IDisposable
{
    private const long Ann = 7_001;

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_silo_is_steered_tells_what_happens_ends_without_the_bot_api_and_leaves_no_secret_anywhere()
    {
        await using var api = await FakeBotApi.Start();
        await using var hook = await FakeEndpoint.Start();
        var port = Programs.FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "config.yaml"),
            $"""
            silo:
              port: {Programs.FreePort()}
              gateway_port: {port}
            web:
              port: off
            runtime:
              log_level: debug
            control:
              telegram_enabled: true
              telegram_allowlist: [{Ann}]
              telegram_api_url: {api.Url}
            """,
            Cancellation);
        var dotEnv = Path.Combine(_directory, ".env");
        await File.WriteAllTextAsync(dotEnv, $"TELEGRAM_BOT_TOKEN={FakeBotApi.Token}\nALERT_WEBHOOK_URL={hook.Url}\nDEAD_MAN_URL={hook.Url}/alive\n", Cancellation);

        await using var silo = Programs.Silo(["--data", "d"], _directory, ("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/"));
        await silo.Line("silo ", Cancellation);
        await Says("has started: PAUSED", api);
        api.Write(6_666, "status");
        await Says("This bot answers nobody", api);
        await Says("user 6666 somebody in chat 6666 is not on control.telegram_allowlist", api);
        api.Write(Ann, "kill from the beach");
        await Says($"SAFE by telegram:{Ann}: from the beach", api);
        Assert.Equal("SAFE", (await Programs.Client(port, Cancellation, "status", "--json")).Json.GetProperty("state").GetString());
        await Posted("\"level\":\"critical\"", hook);

        await api.Close();
        await silo.Signal("TERM");
        var ended = await silo.End(Cancellation);

        await Posted("has ended", hook);
        File.Delete(dotEnv);
        string[] secrets = [FakeBotApi.Token, FakeBotApi.Token.Split(':')[1], "planted-secret-path"];
        var files = Directory.GetFiles(_directory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("silo-", StringComparison.Ordinal));
        Assert.Equal([], secrets.Where((ended.Output + ended.Error).Contains));
        foreach (var file in files)
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation));
            Assert.Equal([], secrets.Where(text.Contains).Select(secret => $"{file}: {secret}"));
        }

        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task Telegram_without_a_token_is_exit_2_and_one_line()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "config.yaml"), "control: { telegram_enabled: true, telegram_allowlist: [7001] }\nweb: { port: off }\n", Cancellation);
        await using var silo = Programs.Silo(["--data", "d"], _directory);

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(
            "polyarb-silo: config.yaml: control.telegram_enabled = \"true\": needs TELEGRAM_BOT_TOKEN in the environment or .env\n", ended.Error.ReplaceLineEndings("\n"));
    }

    /// <summary>The bot says something with these words, whatever it says before.</summary>
    private static async Task Says(string words, FakeBotApi api)
    {
        while (!(await api.Next()).Text.Contains(words, StringComparison.Ordinal))
        {
            // Something else.
        }
    }

    private static async Task Posted(string words, FakeEndpoint hook)
    {
        while (!(await hook.Next()).Body.Contains(words, StringComparison.Ordinal))
        {
            // Something else.
        }
    }
}
