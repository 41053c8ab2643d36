using System.Globalization;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;

namespace PolyArb.Storage;

/// <summary>A journal is in place again.</summary>
/// <param name="State">In which the next silo starts.</param>
/// <param name="Replaced">The directory with what was there before; null when nothing was.</param>
public sealed record Restored(long Facts, TradingState State, long Fence, string? Replaced);

/// <summary>
/// Puts a backup in the place of a directory's journal. The next start finds a history: a fence above both, and as its last fact who
/// restored it, PAUSED, or SAFE where it was SAFE or FLATTENING.
/// </summary>
public static class Restore
{
    /// <summary>There from the moment a file is moved until all are in place; no silo starts meanwhile.</summary>
    private const string MarkerName = "polyarb.restoring";

    /// <summary>
    /// Holds the directory's lock, so no silo runs there. Throws <see cref="DataDirectoryException"/> or <see cref="StorageException"/>;
    /// what was there is untouched then, unless the marker says otherwise.
    /// </summary>
    /// <param name="journal">Name or path of polyarb.db; a relative one starts at the directory.</param>
    public static async Task<Restored> Run(string directory, string journal, string backup, string by, TimeProvider time)
    {
        directory = Path.GetFullPath(directory);
        journal = Path.Combine(directory, journal);
        backup = Path.GetFullPath(backup);
        var found = Backup.Sound(backup);
        var owner = DataDirectory.JournalOwner(backup) ?? throw new StorageException($"{backup} does not say whose it is; name a file that `polyarb-client backup` made");
        DataDirectory.Create(directory);
        using var held = DirectoryLock.Take(Path.Combine(directory, DataDirectory.LockName), time.GetUtcNow());
        if (OwnerBefore(directory, journal) is { } ours) DataDirectory.Compare(directory, ours, owner);

        var prepared = $"{journal}.restored";
        foreach (var leftover in (string[])[prepared, $"{prepared}-wal", $"{prepared}-shm"]) File.Delete(leftover);
        Backup.Copy(backup, prepared);
        Schema.PrepareJournal(prepared);
        var (state, fence) = await Adopt(prepared, FenceOf(journal), $"restored from {Path.GetFileName(backup)}, whose last fact is of {found.LastAt}", by, time);
        return new Restored(found.Facts, state, fence, Swap(directory, journal, prepared, time.GetUtcNow()));
    }

    /// <summary>Throws <see cref="DataDirectoryException"/> where one was cut short.</summary>
    internal static void MustBeFinished(string directory)
    {
        if (File.Exists(Path.Combine(directory, MarkerName)))
            throw new DataDirectoryException($"a restore of {directory} did not finish; run `polyarb-client restore FILE --data {directory}` again");
    }

    private static async Task<(TradingState State, long Fence)> Adopt(string file, long fenceBefore, string reason, string by, TimeProvider time)
    {
        using var source = GatedSqliteDataSource.Durable(file);
        Raise(file, fenceBefore);
        long fence;
        TradingState state;
        await using (var journal = new SqlJournal(source))
        {
            fence = await journal.RaiseFence();
            Fact.StateChanged? last = null;
            await foreach (var fact in journal.ReadAll(CancellationToken.None)) last = fact as Fact.StateChanged ?? last;
            state = KillSwitch.AtStart(last?.To, startPaused: true);
            var now = Instant.From(time.GetUtcNow());
            await journal.Append([new Fact.StateChanged(now, last?.To ?? TradingState.Paused, state, (last?.Epoch ?? 0) + 1, by, reason)], fence);
        }

        return (state, fence);
    }

    /// <summary>A gateway of the journal that is replaced must not be taken for one of this.</summary>
    private static void Raise(string file, long atLeast) =>
        Change(file, "UPDATE fence SET token = max(token, @least)", command => command.Parameters.AddWithValue("@least", atLeast));

    private static string? Swap(string directory, string journal, string prepared, DateTimeOffset now)
    {
        Change(prepared, "PRAGMA journal_mode=DELETE", _ => { }); // One file to move, and none that another log could be taken for.
        var marker = Path.Combine(directory, MarkerName);
        using (var file = new FileStream(marker, FileMode.Create, FileAccess.Write)) file.Flush(flushToDisk: true);
        Flush(directory);

        string[] before = [.. new[] { journal, $"{journal}-wal", $"{journal}-shm" }.Where(File.Exists)];
        var aside = before.Length == 0 ? null : Aside(Path.GetDirectoryName(journal)!, now);
        foreach (var file in before) File.Move(file, Path.Combine(aside!, Path.GetFileName(file)));
        File.Move(prepared, journal);
        Flush(Path.GetDirectoryName(journal)!);
        File.Delete(marker);
        Flush(directory);
        return aside;
    }

    private static string Aside(string directory, DateTimeOffset now)
    {
        var name = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var paths = Enumerable.Range(1, 1_000).Select(round => Path.Combine(directory, round == 1 ? $"replaced-{name}" : $"replaced-{name}-{round}"));
        return Directory.CreateDirectory(paths.First(path => !Path.Exists(path))).FullName;
    }

    /// <summary>Null where nobody knows any more: a damaged journal is what a backup is for.</summary>
    private static Identity? OwnerBefore(string directory, string journal)
    {
        try
        {
            return DataDirectory.OwnerOf(directory, journal);
        }
        catch (StorageException)
        {
            return null;
        }
    }

    /// <summary>0 where there is none, or none that can be read.</summary>
    private static long FenceOf(string journal)
    {
        if (!File.Exists(journal)) return 0;

        try
        {
            using var connection = ReadOnlyDatabase.Open(journal);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT token FROM fence";
            return command.ExecuteScalar() as long? ?? 0;
        }
        catch (Exception e) when (e is SqliteException or StorageException)
        {
            return 0; // It is being replaced because of that.
        }
    }

    private static void Change(string file, string sql, Action<SqliteCommand> fill)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            fill(command);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    private static void Flush(string directory)
    {
        if (!OperatingSystem.IsWindows()) Posix.Flush(directory);
    }
}
