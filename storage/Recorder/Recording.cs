using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>Reads what was recorded: an events.db (also while it is written, also a copy) or a capture file.</summary>
public static class Recording
{
    private static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <summary>All inputs in their order, each a value of its own. Throws <see cref="StorageException"/>.</summary>
    public static async IAsyncEnumerable<CaptureLine> Read(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await ReadHeader(path, cancellation); // What is no recording is said at once.
        using var reader = RecordingReader.Open(path);
        var batch = new InputBatch();
        while (reader.Read(batch))
        {
            for (var i = 0; i < batch.Inputs.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (sequence, at, kind, text, connection) = batch.Inputs[i];
                yield return new CaptureLine(sequence, at, connection, kind, Encoding.UTF8.GetString(text.Span));
            }
        }
    }

    /// <summary>A capture file's header, or that of the capture an events.db was made of; null for one that a silo recorded. Throws <see cref="StorageException"/>.</summary>
    public static async Task<CaptureHeader?> ReadHeader(string path, CancellationToken cancellation) =>
        IsDatabase(path) ? HeaderOfDatabase(path) : await CaptureFile.ReadHeader(path, cancellation);

    /// <summary>About how many inputs there are, for who shows how far it is; null where only reading would tell.</summary>
    public static long? Count(string path)
    {
        if (!IsDatabase(path)) return null;

        using var connection = ReadOnlyDatabase.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT max(n) FROM events) - (SELECT min(n) FROM events) + 1";
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>
    /// The number of the first row of an events.db whose seal does not fit the row and those before it: changed, swapped, or
    /// after a deleted one. Null when all fit. Rows deleted at the end leave no trace, and the oldest may go by retention.
    /// </summary>
    public static long? BrokenSeal(string path)
    {
        if (!IsDatabase(path)) return null; // A capture has none: its digests have to do.

        using var connection = ReadOnlyDatabase.Open(path);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT n, t, CAST(c AS BLOB), CAST(s AS BLOB), CAST(m AS BLOB), CAST(seal AS BLOB) FROM events ORDER BY n";
            using var rows = command.ExecuteReader();
            var last = Anchor.Read(connection).Seal;
            while (rows.Read())
            {
                var expected = Seal.Next(last, rows.GetInt64(0), rows.GetInt64(1), Bytes(rows, 2), Bytes(rows, 3), Bytes(rows, 4));
                last = Bytes(rows, 5);
                if (!expected.AsSpan().SequenceEqual(last)) return rows.GetInt64(0);
            }

            return null;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, path);
        }
    }

    /// <summary>An events.db, by its name or its content; else it is taken for a capture. Throws <see cref="StorageException"/> when there is nothing to read.</summary>
    public static bool IsDatabase(string path)
    {
        // Never open a database by hand that this process may have open: closing it would drop SQLite's locks (POSIX).
        if (path.EndsWith(".db", StringComparison.Ordinal) || File.Exists(path + "-wal")) return true;

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> start = stackalloc byte[16];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(SqliteMagic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be read ({e.Message}); check the path", e);
        }
    }

    private static CaptureHeader? HeaderOfDatabase(string path)
    {
        using var connection = ReadOnlyDatabase.Open(path);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'header'";
            if ((long)command.ExecuteScalar()! == 0) return null; // Written by an older version.

            command.CommandText = "SELECT m FROM header";
            return command.ExecuteScalar() is string text ? CaptureFile.ParseHeader(path, text) : null;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, path);
        }
    }

    private static byte[] Bytes(SqliteDataReader rows, int column) => rows.GetFieldValue<byte[]>(column);
}
