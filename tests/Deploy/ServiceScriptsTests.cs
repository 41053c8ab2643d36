using System.Net;
using System.Text.Json;
using PolyArb.Tests.EndToEnd;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Deploy;

/// <summary>What the backup's timer and a failed unit run.</summary>
public sealed class ServiceScriptsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Rehearsal _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task After_a_good_backup_the_newest_are_kept_and_of_days_before_them_the_last()
    {
        string[] lastOfDays = ["20260102T230000Z", "20260103T230000Z"]; // KEEP_DAYS=2.
        string[] newest = ["20260104T100000Z", "20260104T110000Z"]; // KEEP_NEWEST=3, with the one that is made.
        foreach (var stamp in (string[])["20260101T000000Z", "20260102T110000Z", .. lastOfDays, "20260103T220000Z", .. newest]) Touch($"polyarb-{stamp}.db");
        Touch("mine.db");

        var (exitCode, output) = await Backup("echo \"$*\" > \"$2\"");

        Assert.True(exitCode == 0, output);
        var kept = Kept();
        Assert.Equal(["mine.db", .. new[] { lastOfDays, newest }.SelectMany(stamps => stamps).Select(stamp => $"polyarb-{stamp}.db")], kept[..^1]);
        var made = kept[^1];
        Assert.Equal($"backup {_directory.Root}/{made} --data /the/data\n", await File.ReadAllTextAsync(Path.Combine(_directory.Root, made), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_backup_that_fails_fails_the_unit_and_removes_nothing()
    {
        foreach (var day in (string[])["20260101", "20260102", "20260103"]) Touch($"polyarb-{day}T000000Z.db");

        Assert.Equal(1, (await Backup("exit 1")).ExitCode);

        Assert.Equal(3, Kept().Length);
    }

    [Fact]
    public async Task A_disk_that_would_be_full_gets_no_backup_and_somebody_is_told()
    {
        Touch("polyarb-20260101T000000Z.db");
        var full = _server.Instead("df", "#!/bin/sh\necho Filesystem 1024-blocks Used Available\necho /dev/vda1 9000000 8000001 999999\n");

        var (exitCode, output) = await Backup("touch \"$2\"", full);

        Assert.Equal(1, exitCode);
        Assert.Contains("has 999 MB free, 1000 MB are needed", output, StringComparison.Ordinal);
        Assert.Single(Kept());
    }

    [Fact]
    public async Task The_room_that_is_needed_grows_with_the_last_backup_and_at_first_with_the_journal()
    {
        var tight = _server.Instead("df", "#!/bin/sh\necho Filesystem 1024-blocks Used Available\necho /dev/vda1 9000000 8000000 1000000\n");
        Assert.Equal(0, (await Backup("touch \"$2\"", tight)).ExitCode); // Nothing there yet says how large it will be.
        foreach (var made in Kept()) File.Delete(Path.Combine(_directory.Root, made));
        File.WriteAllBytes(Path.Combine(_server.Release, "polyarb.db"), new byte[100_000]);

        Assert.Equal(1, (await BackupOf(_server.Release, "touch \"$2\"", tight)).ExitCode);
        File.WriteAllBytes(Path.Combine(_directory.Root, "polyarb-20260101T000000Z.db"), new byte[100_000]);
        Assert.Equal(1, (await Backup("touch \"$2\"", tight)).ExitCode);
    }

    [Fact]
    public async Task The_webhooks_address_is_on_no_command_line()
    {
        var curl = _server.Instead("curl", "#!/bin/sh\necho \"arguments: $*\"\ncat\n");

        var (exitCode, output) = await Tool.RunWith(
            [curl, ("ALERT_WEBHOOK_URL", "https://chat.example/secret"), ("MONITOR_SERVICE_RESULT", "signal"), ("MONITOR_EXIT_STATUS", "KILL")],
            "sh", "deploy/systemd/polyarb-alert.sh", "polyarb.service");

        Assert.True(exitCode == 0, output);
        Assert.Equal(["url = \"https://chat.example/secret\""], output.Trim().Split('\n').Where(line => line.Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failed_unit_is_told_to_the_webhook_with_what_happened()
    {
        Tool.Need("curl", "curl");
        using var webhook = new HttpListener();
        var address = $"http://127.0.0.1:{Programs.FreePort()}/";
        webhook.Prefixes.Add(address);
        webhook.Start();
        var told = Answer(webhook);

        var (exitCode, output) = await Tool.RunWith(
            [("ALERT_WEBHOOK_URL", address), ("MONITOR_SERVICE_RESULT", "signal"), ("MONITOR_EXIT_STATUS", "KILL\"}")],
            "sh", "deploy/systemd/polyarb-alert.sh", "polyarb.service");

        Assert.True(exitCode == 0, output);
        using var json = JsonDocument.Parse(await told);
        var text = json.RootElement.GetProperty("text").GetString();
        Assert.Contains("polyarb.service on ", text, StringComparison.Ordinal);
        Assert.Contains("failed: signal, exit status KILL.", text, StringComparison.Ordinal); // Nothing that would end the JSON early.
        Assert.Equal(text, json.RootElement.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Without_a_webhook_the_journal_hears_that_nobody_was_told()
    {
        var (exitCode, output) = await Tool.RunWith(
            [("ALERT_WEBHOOK_URL", ""), ("MONITOR_SERVICE_RESULT", "exit-code"), ("MONITOR_EXIT_STATUS", "2")], "sh", "deploy/systemd/polyarb-alert.sh", "polyarb.service");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("nobody was told, ALERT_WEBHOOK_URL is empty: polyarb.service on ", output, StringComparison.Ordinal);
    }

    private static async Task<string> Answer(HttpListener webhook)
    {
        var request = await webhook.GetContextAsync();
        using var reader = new StreamReader(request.Request.InputStream);
        var text = await reader.ReadToEndAsync();
        request.Response.Close();
        return text;
    }

    private Task<(int ExitCode, string Output)> Backup(string client, params IEnumerable<(string Name, string Value)> environment) => BackupOf("/the/data", client, environment);

    private Task<(int ExitCode, string Output)> BackupOf(string data, string client, params IEnumerable<(string Name, string Value)> environment)
    {
        var (_, path) = _server.Instead("client", $"#!/bin/sh\n{client}\n");
        return Tool.RunWith(
            [("KEEP_NEWEST", "3"), ("KEEP_DAYS", "2"), ("KEEP_FREE_MB", "1000"), ("POLYARB_CLIENT", Path.Combine(path.Split(':')[0], "client")), .. environment],
            "sh", "deploy/systemd/polyarb-backup.sh", data, _directory.Root);
    }

    private void Touch(string name) => File.WriteAllText(Path.Combine(_directory.Root, name), "");

    private string[] Kept() => [.. Directory.EnumerateFiles(_directory.Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
