using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>`watch` in a real terminal.</summary>
[Collection(nameof(EndToEnd))]
public sealed partial class WatchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_screen_moves_with_the_demo_fits_the_window_and_leaves_the_terminal_as_it_was()
    {
        await using var demo = Programs.Silo(["--demo", "--seed", "5"], _directory);
        var port = (await demo.Line("silo ", Cancellation)).Split(':')[^1].Trim();
        await using var terminal = await Tmux.Start(_directory, width: 140, height: 45);
        await terminal.Type("echo before; stty -g > before");
        await terminal.Type($"{Watch(port)}; stty -g > after");

        var first = await terminal.Until(screen => screen.Contains("PolyArb RUNNING", StringComparison.Ordinal) && screen.Contains("legs", StringComparison.Ordinal));
        Assert.Equal(("0", "1"), await terminal.Modes());
        Assert.DoesNotContain("before", first, StringComparison.Ordinal);
        foreach (var panel in (string[])["edges of", "money", "latency", "orders", "what happened", "errors", "q leaves"]) Assert.Contains(panel, first, StringComparison.Ordinal);
        await terminal.Until(screen => Uptime(screen) > Uptime(first) && screen.Contains("OrderChanged", StringComparison.Ordinal));

        await terminal.Resize(90, 30);
        var small = await terminal.Until(screen => Rows(screen) is { Length: 30 } rows && rows[^1].StartsWith("q leaves", StringComparison.Ordinal));
        Assert.All(Rows(small).Where(row => row.StartsWith('╭')), border => Assert.Equal(90, border.Length));
        await terminal.Resize(160, 50);
        var large = await terminal.Until(screen => Rows(screen) is { Length: 50 } rows && rows[^1].StartsWith("q leaves", StringComparison.Ordinal));
        Assert.All(Rows(large).Where(row => row.StartsWith('╭')), border => Assert.Equal(160, border.Length));

        await terminal.Press("q");
        var after = await terminal.Until(screen => screen.Contains("left 0", StringComparison.Ordinal));
        Assert.Contains("before", after, StringComparison.Ordinal);
        Assert.DoesNotContain("q leaves", after, StringComparison.Ordinal);
        Assert.Equal(("1", "0"), await terminal.Modes());
        await Written("after");
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_directory, "before"), Cancellation), await File.ReadAllTextAsync(Path.Combine(_directory, "after"), Cancellation));
    }

    [Fact]
    public async Task A_silo_that_is_restarted_is_waited_for_and_Ctrl_C_leaves_too()
    {
        (string, string)[] nowhere = [("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/")];
        var port = Programs.FreePort();
        await File.WriteAllTextAsync(Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {port}\n", Cancellation);
        await using var terminal = await Tmux.Start(_directory, width: 120, height: 40);
        await using (var silo = Programs.Silo([], _directory, nowhere))
        {
            await silo.Line("silo ", Cancellation);
            await terminal.Type(Watch($"{port}"));
            await terminal.Until(screen => screen.Contains("PolyArb PAUSED", StringComparison.Ordinal));
            silo.Kill();
            await terminal.Until(screen => screen.Contains("reconnecting: ", StringComparison.Ordinal));
        }

        await using (var silo = Programs.Silo([], _directory, nowhere))
        {
            await silo.Line("silo ", Cancellation);
            await terminal.Until(screen => screen.Contains("PolyArb PAUSED", StringComparison.Ordinal) && !screen.Contains("reconnecting", StringComparison.Ordinal));
        }

        await terminal.Press("C-c");
        await terminal.Until(screen => screen.Contains("left 0", StringComparison.Ordinal));
        Assert.Equal(("1", "0"), await terminal.Modes());
    }

    /// <summary>A busy machine may take longer over the first connection than the client waits.</summary>
    private static string Watch(string port) =>
        $"for try in 1 2 3 4 5; do {Programs.PathOf("client", "polyarb-client")} watch --silo localhost:{port}; code=$?; [ $code = 3 ] || break; done; echo left $code";

    /// <summary>Of the silo, as the first line has it.</summary>
    private static TimeSpan Uptime(string screen) => Up().Match(screen) is { Success: true } match ? TimeSpan.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : default;

    private static string[] Rows(string screen) => screen.TrimEnd('\n').Split('\n');

    private async Task Written(string file)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!File.Exists(Path.Combine(_directory, file)) || new FileInfo(Path.Combine(_directory, file)).Length == 0) await Task.Delay(20, deadline.Token);
    }

    [GeneratedRegex(@"up (\d\d:\d\d:\d\d)")]
    private static partial Regex Up();
}
