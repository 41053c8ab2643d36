using Microsoft.Data.Sqlite;
using PolyArb.Domain;

namespace PolyArb.Storage;

/// <summary>
/// Deletes the oldest rows of an events.db, a few at a time through the writers' gate, so that the recorder never waits long. The file does
/// not shrink: what is freed is written to again.
/// </summary>
/// <param name="age">Older rows go.</param>
/// <param name="bytesMax">While what is in use is more, the oldest rows go.</param>
public sealed class EventRetention(GatedSqliteDataSource source, TimeSpan age, long bytesMax)
{
    private const int BatchMax = 1_000;

    /// <summary>Deletes the oldest rows that are due, no more than one batch; returns how many. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> Cut(Instant now, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            if (Due(connection, now + -age) is not { } last) return 0;

            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.Parameters.AddWithValue("@last", last);
            command.CommandText = "INSERT OR REPLACE INTO anchor (id, n, seal) SELECT 1, n, seal FROM events WHERE n = @last";
            command.ExecuteNonQuery();
            command.CommandText = "DELETE FROM events WHERE n <= @last";
            var rows = command.ExecuteNonQuery();
            transaction.Commit();
            return rows;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, source.File);
        }
    }

    /// <summary>
    /// The number up to which rows are in the older half of what may be kept: who began there should begin anew, or nobody can play it again
    /// when they are gone. Throws <see cref="StorageException"/>.
    /// </summary>
    public long OlderHalf(Instant now)
    {
        using var connection = ReadOnlyDatabase.Open(source.File);
        try
        {
            if (Ends(connection) is not var (first, last)) return 0;

            var used = BytesInUse(connection);
            var bySize = used > bytesMax / 2 ? first + (long)((Int128)(last - first) * (used - (bytesMax / 2)) / used) : 0;
            return Math.Max(bySize, LastBefore(connection, first, last, now + (-age / 2)));
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, source.File);
        }
    }

    /// <summary>The last row of a batch that is due; null when none is.</summary>
    private long? Due(SqliteConnection connection, Instant horizon)
    {
        var isTooBig = BytesInUse(connection) > bytesMax;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT n, t FROM events ORDER BY n LIMIT @batch";
        command.Parameters.AddWithValue("@batch", BatchMax);
        using var rows = command.ExecuteReader();
        long? last = null;
        while (rows.Read() && (isTooBig || rows.GetInt64(1) < horizon.Micros)) last = rows.GetInt64(0);
        return last;
    }

    private static (long First, long Last)? Ends(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT min(n) FROM events), (SELECT max(n) FROM events)"; // Apart, each is one look.
        using var row = command.ExecuteReader();
        return row.Read() && !row.IsDBNull(0) ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    /// <summary>Times hardly ever run backwards: a search by halves is near enough, and reads a few dozen rows.</summary>
    private static long LastBefore(SqliteConnection connection, long first, long last, Instant horizon)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT t FROM events WHERE n >= @n ORDER BY n LIMIT 1";
        var n = command.Parameters.Add("@n", SqliteType.Integer);
        var (low, high) = (first - 1, last); // Low is before the horizon, or before all.
        while (low < high)
        {
            n.Value = high - ((high - low) / 2);
            if ((long)command.ExecuteScalar()! < horizon.Micros) low = (long)n.Value;
            else high = (long)n.Value - 1;
        }

        return low < first ? 0 : low;
    }

    private static long BytesInUse(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        return (long)command.ExecuteScalar()!;
    }
}
