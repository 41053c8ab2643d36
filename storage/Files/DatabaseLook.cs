using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PolyArb.Storage;

/// <summary>What a database file looks like from outside.</summary>
public abstract record DatabaseLook
{
    private DatabaseLook()
    {
    }

    /// <summary>Not there yet: a silo creates it.</summary>
    public sealed record Absent : DatabaseLook;

    /// <param name="ScriptsMissing">Migrations the next start will run.</param>
    public sealed record Sound(long Bytes, int ScriptsMissing) : DatabaseLook;

    /// <summary>Readable and of a known schema, but reading all of it takes longer than was given.</summary>
    public sealed record Unfinished(long Bytes) : DatabaseLook;

    /// <param name="Why">One line with what to do about it.</param>
    public sealed record Broken(string Why) : DatabaseLook;

    /// <summary>
    /// Reads all of polyarb.db on a read-only connection: no lock of the directory is taken, and a writer never waits for it. Blocks until
    /// done or given up.
    /// </summary>
    public static DatabaseLook AtJournal(string file, CancellationToken giveUp) => At(file, Schema.Journal, giveUp);

    /// <summary>The same for events.db.</summary>
    public static DatabaseLook AtEvents(string file, CancellationToken giveUp) => At(file, Schema.Events, giveUp);

    private static DatabaseLook At(string file, string scripts, CancellationToken giveUp)
    {
        if (!File.Exists(file)) return new Absent();

        var bytes = new FileInfo(file).Length;
        try
        {
            using var connection = ReadOnlyDatabase.Open(file);
            using var interrupt = giveUp.Register(() => raw.sqlite3_interrupt(connection.Handle));
            if (Schema.Newer(connection, scripts) is { } unknown) return new Broken(Schema.WrittenByNewer(file, unknown));

            var missing = Schema.Missing(connection, scripts);
            giveUp.ThrowIfCancellationRequested();
            return FirstFault(connection) is { } fault
                ? new Broken($"{file} is damaged ({fault}); restore a backup")
                : new Sound(bytes, missing);
        }
        catch (OperationCanceledException)
        {
            return new Unfinished(bytes);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            return new Unfinished(bytes);
        }
        catch (SqliteException e)
        {
            return new Broken(StorageException.From(e, file).Message);
        }
        catch (StorageException e)
        {
            return new Broken(e.Message);
        }
    }

    private static string? FirstFault(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        command.CommandTimeout = 0;
        return command.ExecuteScalar() is string and not "ok" and var fault ? ((string)fault).ReplaceLineEndings(" ") : null;
    }
}
