using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private static readonly Identity Live = Identity.Live(137, new Uri("https://clob.polymarket.com"), "0xf39f");
    private static readonly Identity Paper = Identity.Paper(137, new Uri("https://clob.polymarket.com"));

    private readonly TempDirectory _directory = new();

    private string Data => _directory["data"];

    private string File => _directory["b.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_backup_taken_while_a_silo_writes_is_whole_and_holds_nobody_up()
    {
        using var open = Open();
        await using var journal = new SqlJournal(open.Journal);
        await journal.Append([Given.Error("before")], fence: 0);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) await journal.Append([Given.Error($"{i}")], fence: 0);
        }, TestContext.Current.CancellationToken);

        var made = Backup.Take(DataDirectory.JournalFile(Data), File);
        await journal.Append([Given.Error("after")], fence: 0);
        await stop.CancelAsync();
        await writing;

        Assert.True(made.Facts >= 1);
        Assert.Equal(Given.Noon, made.LastAt);
        var errors = new JournalReader(File).Errors();
        Assert.Equal(made.Facts, errors.Length);
        Assert.Equal("before", errors[^1].What); // The newest comes first.
        Assert.DoesNotContain(errors, error => error.What == "after");
        Assert.Equal(["b.db", "data"], Names(_directory.Root));
    }

    /// <summary>They are no facts, and most of the file: 48 copies of them would fill the disk that the journal is on.</summary>
    [Fact]
    public async Task Book_snapshots_are_left_out_and_figures_are_not()
    {
        await Write(Given.Error("old"));
        var journal = DataDirectory.JournalFile(Data);
        Rows.Change(journal, $"INSERT INTO book_snapshots (at, market, condition, life, proof, bids, asks) VALUES (1, 'm', 'c', 'Synced', 'Proven', '{new string('x', 500_000)}', '[]')");
        Rows.Change(journal, "INSERT INTO latency_metrics (at, series, samples, mean, p50, p95, p99) VALUES (1, 's', 1, 1, 1, 1, 1)");

        var made = Backup.Take(journal, File);

        Assert.Equal(["0 | 1 | 1"], Rows.Of(File, "SELECT (SELECT count(*) FROM book_snapshots), (SELECT count(*) FROM latency_metrics), (SELECT count(*) FROM errors)"));
        Assert.Equal(["1"], Rows.Of(journal, "SELECT count(*) FROM book_snapshots"));
        Assert.InRange(made.Bytes, 1, 400_000);
    }

    [Fact]
    public async Task What_was_backed_up_is_back_and_what_came_later_is_kept_aside()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        await Write(Given.Error("new"));

        var restored = await Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System);

        Assert.Equal(["old"], new JournalReader(DataDirectory.JournalFile(Data)).Errors().Select(error => error.What));
        Assert.Equal(["new", "old"], new JournalReader(Path.Combine(restored.Replaced!, "polyarb.db")).Errors().Select(error => error.What));
        Assert.Equal(restored.Replaced, Assert.Single(Directory.EnumerateDirectories(Data, "replaced-*")));
        Assert.DoesNotContain(Names(Data), name => name.Contains("restor", StringComparison.Ordinal));
        Open().Dispose();
    }

    /// <summary>The last state before the backup, and the one that a silo finds.</summary>
    [Theory]
    [InlineData(null, TradingState.Paused)]
    [InlineData(TradingState.Running, TradingState.Paused)]
    [InlineData(TradingState.Paused, TradingState.Paused)]
    [InlineData(TradingState.Flattening, TradingState.Safe)]
    [InlineData(TradingState.Safe, TradingState.Safe)]
    public async Task A_restored_journal_is_no_first_start_and_says_who_restored_it(TradingState? stored, TradingState expected)
    {
        await Write(stored is { } state ? [new Fact.StateChanged(Given.Noon, TradingState.Paused, state, 7, "test", "x")] : []);
        Backup.Take(DataDirectory.JournalFile(Data), File);
        for (var i = 0; i < 5; i++) await Raised();
        var before = await Raised();

        var restored = await Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System);

        Assert.True(restored.Fence > before, $"{restored.Fence} after {before}");
        var last = Assert.IsType<Fact.StateChanged>((await Facts())[^1]);
        Assert.Equal((expected, stored is null ? 1L : 8L, "ann@desk"), (last.To, last.Epoch, last.By));
        Assert.Contains("restored from b.db", last.Reason, StringComparison.Ordinal);
        Assert.Equal(expected, restored.State);
    }

    [Fact]
    public async Task An_empty_directory_can_be_restored_into()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);

        var restored = await Restore.Run(_directory["other"], "polyarb.db", File, "ann@desk", TimeProvider.System);

        Assert.Null(restored.Replaced);
        DataDirectory.Open(_directory["other"], Live, TimeProvider.System).Dispose();
        Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_directory["other"], Paper, TimeProvider.System));
    }

    [Fact]
    public async Task A_damaged_journal_is_what_a_backup_is_for()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        System.IO.File.WriteAllText(DataDirectory.JournalFile(Data), "no database at all, and longer than a header of one hundred bytes is: " + new string('x', 200));
        System.IO.File.Delete(Path.Combine(Data, "identity.json"));
        Assert.Throws<StorageException>(() => Open());

        await Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System);

        Open().Dispose();
    }

    [Fact]
    public async Task While_a_silo_holds_the_directory_nothing_is_restored_and_the_holder_is_named()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        using var open = Open();

        var refusal = await Assert.ThrowsAsync<DataDirectoryException>(() => Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System));

        Assert.Contains($"pid {Environment.ProcessId} since", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Data, "replaced-*"));
    }

    [Fact]
    public async Task The_backup_of_another_wallet_is_refused_naming_both()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        DataDirectory.Open(_directory["paper"], Paper, TimeProvider.System).Dispose();

        var refusal = await Assert.ThrowsAsync<DataDirectoryException>(
            () => Restore.Run(_directory["paper"], "polyarb.db", File, "ann@desk", TimeProvider.System));

        Assert.Contains($"({Paper})", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"({Live})", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_backup_of_a_newer_version_is_refused()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        Rows.Change(File, "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('PolyArb.Storage.migrations.sqlite.journal.999_later.sql', '2030')");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System));

        Assert.Contains("999_later.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["old"], new JournalReader(DataDirectory.JournalFile(Data)).Errors().Select(error => error.What));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no database at all, and longer than a header of one hundred bytes is, so that it is read as one: xxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task What_is_no_backup_is_refused(string text)
    {
        await Write(Given.Error("old"));
        System.IO.File.WriteAllText(File, text);

        await Assert.ThrowsAsync<StorageException>(() => Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System));

        Assert.Equal(["old"], new JournalReader(DataDirectory.JournalFile(Data)).Errors().Select(error => error.What));
    }

    [Fact]
    public async Task A_restore_that_was_cut_short_keeps_every_silo_out_until_it_is_done_again()
    {
        await Write(Given.Error("old"));
        Backup.Take(DataDirectory.JournalFile(Data), File);
        System.IO.File.WriteAllText(Path.Combine(Data, "polyarb.restoring"), "");
        System.IO.File.Move(DataDirectory.JournalFile(Data), _directory["moved"]); // As far as it came.

        var refusal = Assert.Throws<DataDirectoryException>(() => Open());
        Assert.Contains("restore FILE", refusal.Message, StringComparison.Ordinal);

        await Restore.Run(Data, "polyarb.db", File, "ann@desk", TimeProvider.System);
        Open().Dispose();
    }

    [Fact]
    public async Task No_file_is_overwritten_and_none_left_half_written()
    {
        await Write(Given.Error("old"));
        System.IO.File.WriteAllText(File, "mine");

        Assert.Contains("exists already", Assert.Throws<StorageException>(() => Backup.Take(DataDirectory.JournalFile(Data), File)).Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => Backup.Take(DataDirectory.JournalFile(Data), _directory["absent/b.db"]));
        Assert.Throws<StorageException>(() => Backup.Take(_directory["nothing.db"], _directory["c.db"]));

        Assert.Equal("mine", System.IO.File.ReadAllText(File));
        Assert.Equal(["b.db", "data"], Names(_directory.Root));
    }

    private DataDirectory Open() => DataDirectory.Open(Data, Live, TimeProvider.System);

    private async Task Write(params Fact[] facts)
    {
        using var open = Open();
        await using var journal = new SqlJournal(open.Journal);
        var fence = await journal.RaiseFence();
        if (facts.Length > 0) await journal.Append([.. facts], fence);
    }

    private async Task<long> Raised()
    {
        using var open = Open();
        await using var journal = new SqlJournal(open.Journal);
        return await journal.RaiseFence();
    }

    private async Task<Fact[]> Facts()
    {
        using var open = Open();
        await using var journal = new SqlJournal(open.Journal);
        List<Fact> facts = [];
        await foreach (var fact in journal.ReadAll(TestContext.Current.CancellationToken)) facts.Add(fact);
        return [.. facts];
    }

    private static string[] Names(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
