using Microsoft.Data.Sqlite;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo on a directory that it cannot or must not use ends at once, with one line that says what to do.</summary>
[Collection(nameof(EndToEnd))]
public sealed class DirectoryTests : IDisposable
{
    private const string PublicKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // Hardhat's account 0.
    private static readonly (string, string)[] Nowhere = [("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/")];
    private static readonly Identity Paper = Identity.Paper(137, new Uri("http://127.0.0.1:1"));

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_directory, "data");

    private string Journal => DataDirectory.JournalFile(Data);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_silo_on_the_same_directory_is_told_who_holds_it()
    {
        Configure();
        await using var first = Programs.Silo([], _directory, Nowhere);
        await first.Line("silo ", Cancellation);
        Configure(); // Other ports.

        Assert.Contains($"(pid {first.Id} since ", await Refused(exitCode: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Real_orders_on_a_paper_directory_are_refused_naming_both()
    {
        Configure();
        Open();

        var line = await Refused(
            exitCode: 2, ("DRY_RUN", "false"), ("PRIVATE_KEY", PublicKey), ("CLOB_API_KEY", "k"), ("CLOB_API_SECRET", "c2VjcmV0"), ("CLOB_API_PASSPHRASE", "p"));

        Assert.Contains("belongs to (paper, chain 137, 127.0.0.1:1, wallet paper)", line, StringComparison.Ordinal);
        Assert.Contains("not to (live, chain 137, 127.0.0.1:1, wallet 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_journal_points_to_a_backup()
    {
        Configure();
        Open();
        await File.WriteAllTextAsync(Journal, "no database at all, and longer than a header of one hundred bytes is: " + new string('x', 200), Cancellation);

        Assert.Contains("is damaged or not a database; restore a backup", await Refused(exitCode: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_left_alone()
    {
        Configure();
        Open();
        Execute("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('PolyArb.Storage.migrations.sqlite.journal.999_later.sql', '2030')");

        Assert.Contains("was written by a newer version (it has 999_later.sql)", await Refused(exitCode: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_another_program_has_locked_says_so()
    {
        Configure();
        Open();
        await using var other = new SqliteConnection($"Data Source={Journal};Pooling=False");
        await other.OpenAsync(Cancellation);
        await using var command = other.CreateCommand();
        command.CommandText = "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE fence SET token = token;";
        await command.ExecuteNonQueryAsync(Cancellation);

        Assert.Contains("is locked by another process", await Refused(exitCode: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_read_only_says_so()
    {
        using var disk = SmallDisk.Mount(Data, "1m");
        Configure();
        disk.Remount("ro");

        var line = await Refused(exitCode: 2);

        Assert.Contains(Data, line, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", line, StringComparison.Ordinal);
    }

    private void Open() => DataDirectory.Open(Data, Paper, TimeProvider.System).Dispose();

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The one line it says.</summary>
    private async Task<string> Refused(int exitCode, params (string Name, string Value)[] environment)
    {
        await using var silo = Programs.Silo([], _directory, [.. Nowhere, .. environment]);
        var ended = await silo.End(Cancellation);

        Assert.True(ended.ExitCode == exitCode, $"{ended.ExitCode}: {ended.Output}{ended.Error}");
        return Assert.Single(ended.Error.Trim().Split('\n'));
    }

    private void Configure() =>
        File.WriteAllText(Path.Combine(_directory, "config.yaml"), $"silo:\n  port: {Programs.FreePort()}\n  gateway_port: {Programs.FreePort()}\nweb:\n  port: off\n");
}
