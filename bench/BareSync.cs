using System.Diagnostics;
using PolyArb.Storage;

namespace PolyArb.Bench;

/// <summary>
/// The floor under a journal's transaction: as many pages as it writes, appended to a file that keeps its length, and synced. Paced as orders are.
/// </summary>
internal sealed class BareSync : IDisposable
{
    private const int Page = 4_096;
    private const int PagesMax = 1_000; // As a log of SQLite's, which is then begun again.

    private readonly FileInfo _file = new(Path.Combine(Directory.CreateTempSubdirectory("polyarb-bench-").FullName, "pages"));
    private readonly FileStream _pages;

    public BareSync()
    {
        _pages = new FileStream(_file.FullName, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        _pages.Write(new byte[PagesMax * Page]);
        _pages.Flush(flushToDisk: true);
    }

    /// <summary>Microseconds of each.</summary>
    public Task<List<double>> Run(int pages, int perSecond, TimeSpan time) => Task.Factory.StartNew(() =>
    {
        var (micros, page) = (new List<double>(), new byte[Page]);
        Random.Shared.NextBytes(page);
        for (var (start, next) = (Stopwatch.GetTimestamp(), 0); Stopwatch.GetElapsedTime(start) < time; Native.Sleep(TimeSpan.FromSeconds(1) / perSecond))
        {
            if (next + pages > PagesMax) next = 0;
            _pages.Position = (long)next * Page;
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < pages; i++) _pages.Write(page);
            RandomAccess.FlushToDisk(_pages.SafeFileHandle);
            micros.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            next += pages;
        }

        return micros;
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>How many pages SQLite writes to its log for a basket of so many legs, all indexes included.</summary>
    public static async Task<int> PagesOf(int legs)
    {
        const int baskets = 10;
        var directory = Directory.CreateTempSubdirectory("polyarb-bench-");
        try
        {
            var file = Path.Combine(directory.FullName, "polyarb.db");
            Schema.PrepareJournal(file);
            await using var source = GatedSqliteDataSource.Durable(file);
            await using var journal = new SqlJournal(source);
            var fence = await journal.RaiseFence();
            for (var i = 0; i < 200; i++) await journal.Append([DurableTransactions.Opened($"warm-{i}", legs)], fence); // Pages fill: the tables are no longer one each.

            var pages = 0L;
            for (var i = 0; i < baskets; i++)
            {
                Checkpoint(file);
                await journal.Append([DurableTransactions.Opened($"b-{i}", legs)], fence);
                pages += (new FileInfo(file + "-wal").Length - 32) / (Page + 24);
            }

            return (int)(pages / baskets);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public void Dispose()
    {
        _pages.Dispose();
        _file.Directory!.Delete(recursive: true);
    }

    /// <summary>Empties the log.</summary>
    private static void Checkpoint(string file)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }
}
