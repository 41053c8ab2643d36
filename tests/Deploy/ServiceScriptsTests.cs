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
    public async Task After_a_good_backup_only_the_newest_are_kept()
    {
        foreach (var day in (string[])["20260101", "20260102", "20260103"]) Touch($"polyarb-{day}T000000Z.db");
        Touch("mine.db");

        var (exitCode, output) = await Backup("echo \"$*\" > \"$2\"");

        Assert.True(exitCode == 0, output);
        var kept = Kept();
        Assert.Equal(["mine.db", "polyarb-20260103T000000Z.db"], kept[..2]);
        var made = Assert.Single(kept[2..]);
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

    private Task<(int ExitCode, string Output)> Backup(string client)
    {
        var (_, path) = _server.Instead("client", $"#!/bin/sh\n{client}\n");
        return Tool.RunWith([("KEEP", "2"), ("POLYARB_CLIENT", Path.Combine(path.Split(':')[0], "client"))], "sh", "deploy/systemd/polyarb-backup.sh", "/the/data", _directory.Root);
    }

    private void Touch(string name) => File.WriteAllText(Path.Combine(_directory.Root, name), "");

    private string[] Kept() => [.. Directory.EnumerateFiles(_directory.Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
