using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The journal in polyarb.db. One writer commits whatever waits in one transaction: facts, and the tables made from them.
/// Whoever appends waits for that commit. The file must have been prepared (<see cref="Schema.PrepareJournal"/>).
/// </summary>
public sealed class SqliteJournal : IJournal, IAsyncDisposable
{
    private const int WaitingMax = 4_096;
    private const int BatchMax = 256;
    private const int PageSize = 1_000;

    /// <summary>SQLite's code for a broken constraint: about the row, not about the file.</summary>
    private const int SqliteConstraint = 19;

    private readonly GatedSqliteDataSource _source;
    private readonly Channel<Entry> _queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly KeptConnection _connection;
    private readonly Task _writing;

    public SqliteJournal(GatedSqliteDataSource source)
    {
        (_source, _connection) = (source, new KeptConnection(source));
        _writing = Task.Run(WriteAll);
    }

    /// <summary>How many transactions were committed; with many appenders far fewer than appends.</summary>
    public long Commits { get; private set; }

    /// <summary>Throws <see cref="FencedException"/>, or <see cref="StorageException"/> when nothing was written.</summary>
    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        var entry = new Entry(facts, [.. facts.Select(fact => DomainJson.Write(fact))], fence);
        try
        {
            await _queue.Writer.WriteAsync(entry);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageException($"{_source.File} is closed; nothing was written", e);
        }

        await entry.Done.Task;
    }

    public async IAsyncEnumerable<Fact> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var connection = ReadOnlyDatabase.Open(_source.File);
        await Task.Yield();
        var last = 0L;
        while (true)
        {
            // Page by page: a reader that stays on one snapshot would keep the log file from shrinking.
            var page = Page(connection, last);
            foreach (var (n, fact) in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return fact;
                last = n;
            }

            if (page.Count < PageSize) yield break;
        }
    }

    public async Task<long> RaiseFence()
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE fence SET token = token + 1 RETURNING token";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, _source.File);
        }
    }

    /// <summary>Empties the tables made from facts and makes them again, in one transaction. Returns the number of facts.</summary>
    public async Task<long> Rebuild()
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            using var statements = new Statements(connection);
            using var transaction = statements.Begin();
            var tables = new ProjectionWriter(statements);
            tables.Clear();

            var facts = 0L;
            using (var rows = statements.Rows("SELECT n, body FROM facts ORDER BY n"))
            {
                for (; rows.Read(); facts++) tables.Apply(rows.GetInt64(0), Parse(rows.GetInt64(0), rows.GetString(1)));
            }

            tables.Complete();
            transaction.Commit();
            return facts;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, _source.File);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        _connection.Dispose();
    }

    private async Task WriteAll()
    {
        List<Entry> batch = new(BatchMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchMax && _queue.Reader.TryRead(out var entry)) batch.Add(entry);
            await Write(batch);
            batch.Clear();
        }
    }

    /// <summary>Answers every entry, one way or another. What is wrong with one entry must not fail its neighbours.</summary>
    private async Task Write(IReadOnlyList<Entry> batch)
    {
        try
        {
            Answer(batch, await Commit(batch));
        }
        catch (SqliteException e) when (e.SqliteErrorCode != SqliteConstraint)
        {
            Fail(batch, StorageException.From(e, _source.File));
        }
        catch (Exception e) when (batch.Count == 1)
        {
            Fail(batch, e);
        }
        catch (Exception)
        {
            foreach (var entry in batch) await Write([entry]);
        }
    }

    /// <summary>Writes the entries whose fence is the newest; returns the newest fence.</summary>
    private async Task<long> Commit(IReadOnlyList<Entry> batch)
    {
        var newest = await _connection.InTransaction(statements =>
        {
            var newest = (long)statements.Scalar("SELECT token FROM fence")!;
            var tables = new ProjectionWriter(statements);
            foreach (var entry in batch)
            {
                if (entry.Fence != newest) continue;

                for (var i = 0; i < entry.Facts.Length; i++) tables.Append(entry.Facts[i], entry.Bodies[i]);
            }

            tables.Complete();
            return newest;
        });
        Commits++;
        return newest;
    }

    private static void Answer(IReadOnlyList<Entry> batch, long newest)
    {
        foreach (var entry in batch)
        {
            if (entry.Fence == newest) entry.Done.SetResult();
            else if (entry.Fence < newest) entry.Done.SetException(new FencedException(entry.Fence, newest));
            else entry.Done.SetException(new InvalidOperationException($"fence {entry.Fence} was never given out, the newest is {newest}"));
        }
    }

    private static void Fail(IReadOnlyList<Entry> batch, Exception e)
    {
        foreach (var entry in batch) entry.Done.TrySetException(e);
    }

    private List<(long N, Fact Fact)> Page(SqliteConnection connection, long after)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT n, body FROM facts WHERE n > @after ORDER BY n LIMIT @page";
            command.Parameters.AddWithValue("@after", after);
            command.Parameters.AddWithValue("@page", PageSize);
            using var rows = command.ExecuteReader();
            List<(long N, Fact Fact)> page = [];
            while (rows.Read()) page.Add((rows.GetInt64(0), Parse(rows.GetInt64(0), rows.GetString(1))));
            return page;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, _source.File);
        }
    }

    private Fact Parse(long n, string body)
    {
        try
        {
            return DomainJson.Read<Fact>(body);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new StorageException($"{_source.File}: fact {n} cannot be read ({e.Message}); restore a backup or run the version that wrote it", e);
        }
    }

    private sealed record Entry(ImmutableArray<Fact> Facts, ImmutableArray<string> Bodies, long Fence)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
