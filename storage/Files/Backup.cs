using Microsoft.Data.Sqlite;
using PolyArb.Domain;

namespace PolyArb.Storage;

/// <summary>A journal in one file.</summary>
/// <param name="Facts">How many it holds.</param>
/// <param name="LastAt">When the last of them happened; null when there is none.</param>
public sealed record BackupFile(string File, long Bytes, long Facts, Instant? LastAt);

/// <summary>
/// Copies of polyarb.db, which is all that a history is: facts, tables and grain storage. What was recorded is not part of it, nor are
/// the book snapshots: they are no facts, and by far the most of the file.
/// </summary>
public static class Backup
{
    /// <summary>
    /// Copies as of one moment with SQLite's online backup, also while a silo writes: no lock is taken, and nobody waits. The copy is
    /// read and checked before it gets its name. Throws <see cref="StorageException"/>, and leaves nothing behind then.
    /// </summary>
    public static BackupFile Take(string journal, string file)
    {
        file = Path.GetFullPath(file);
        if (Path.Exists(file)) throw new StorageException($"{file} exists already; name another file");

        var unfinished = $"{file}.unfinished";
        try
        {
            File.Delete(unfinished);
            Copy(journal, unfinished);
            LeaveOutBooks(unfinished);
            var made = Sound(unfinished) with { File = file };
            File.Move(unfinished, file);
            if (!OperatingSystem.IsWindows()) Posix.Flush(Path.GetDirectoryName(file)!);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{file} cannot be written ({e.Message}); name another file", e);
        }
        finally
        {
            if (Directory.Exists(Path.GetDirectoryName(file))) File.Delete(unfinished);
        }
    }

    /// <summary>One file, without a log beside it. Where it is written it is on disk.</summary>
    internal static void Copy(string journal, string file)
    {
        using var source = ReadOnlyDatabase.Open(journal);
        try
        {
            using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            target.Open();
            source.BackupDatabase(target);
            using var command = target.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=DELETE";
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    private static void LeaveOutBooks(string file)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'book_snapshots'"; // Of an older version it has none.
            if ((long)command.ExecuteScalar()! == 0) return;

            command.CommandTimeout = 0;
            command.CommandText = "DELETE FROM book_snapshots; VACUUM";
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    /// <summary>Every page read, and of a schema this program knows. Throws <see cref="StorageException"/>.</summary>
    internal static BackupFile Sound(string file)
    {
        switch (DatabaseLook.AtJournal(file, CancellationToken.None))
        {
            case DatabaseLook.Absent:
                throw new StorageException($"{file} does not exist; name a file that `polyarb-client backup` made");
            case DatabaseLook.Broken(var why):
                throw new StorageException(why);
        }

        using var connection = ReadOnlyDatabase.Open(file);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*), max(at) FROM facts";
            using var row = command.ExecuteReader();
            row.Read();
            return new BackupFile(file, new FileInfo(file).Length, row.GetInt64(0), row.IsDBNull(1) ? null : new Instant(row.GetInt64(1)));
        }
        catch (SqliteException e)
        {
            throw new StorageException($"{file} is no journal ({e.Message}); name a file that `polyarb-client backup` made", e);
        }
    }
}
