using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>A reader's own connection: it sees what is committed and never waits for a writer, nor a writer for it.</summary>
internal static class ReadOnlyDatabase
{
    private const int CannotOpen = 14;

    /// <summary>Throws <see cref="StorageException"/> when the file is missing or not a database.</summary>
    public static SqliteConnection Open(string file)
    {
        if (!File.Exists(file)) throw new StorageException($"{file} does not exist; check the data directory");

        try
        {
            return Connect(file);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == CannotOpen && !File.Exists(file + "-wal"))
        {
            // A finished copy in a directory that we may not write to: nobody changes it, so no shared memory file is needed.
            return OpenImmutable(file);
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    private static SqliteConnection OpenImmutable(string file)
    {
        try
        {
            return Connect($"{new Uri(Path.GetFullPath(file)).AbsoluteUri}?immutable=1");
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    private static SqliteConnection Connect(string dataSource)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = dataSource,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema"; // Opening alone reads nothing.
            command.ExecuteScalar();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
