using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The journal. One writer commits whatever waits in one transaction: facts, and the tables made from them. Whoever appends waits for that
/// commit. The database must have been prepared (<see cref="Schema.PrepareJournal"/>, <see cref="PostgresDatabase.Open"/>).
/// </summary>
public sealed class SqlJournal : IJournal, IAsyncDisposable
{
    private const int WaitingMax = 4_096;
    private const int BatchMax = 256;
    private const int PageSize = 1_000;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly IDatabase _database;
    private readonly TimeSpan _patience;
    private readonly Channel<Entry> _queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly KeptConnection _connection;
    private readonly AppendMark _mark;
    private readonly Task _writing;
    private long? _inDoubt; // The fence of those who were told that nobody knows.

    public SqlJournal(IDatabase database) : this(database, patience: TimeSpan.FromSeconds(10))
    {
    }

    /// <param name="patience">How long a database that lost a commit's answer is asked for it, while whoever appended waits.</param>
    internal SqlJournal(IDatabase database, TimeSpan patience)
    {
        (_database, _patience, _connection, _mark) = (database, patience, new KeptConnection(database), new AppendMark(database.Dialect));
        _writing = Task.Run(WriteAll);
    }

    /// <summary>How many transactions were committed; with many appenders far fewer than appends.</summary>
    public long Commits { get; private set; }

    /// <summary>
    /// Throws <see cref="FencedException"/>, or <see cref="StorageException"/> when nothing was written. Where the exception says that nobody knows, and
    /// the facts turn out to be there, they raise the fence before anything else is appended: whoever was told so is a gateway of the past then.
    /// </summary>
    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        var entry = new Entry(facts, [.. facts.Select(fact => DomainJson.Write(fact))], fence);
        try
        {
            await _queue.Writer.WriteAsync(entry);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageException($"{_database.Name} is closed; nothing was written", e);
        }

        await entry.Done.Task;
    }

    public async IAsyncEnumerable<Fact> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var connection = await Task.Run(() => Told(_database.OpenReader), cancellation);
        var last = 0L;
        while (true)
        {
            // Page by page: a reader that stays on one snapshot would keep the log file from shrinking.
            var page = await Task.Run(() => Told(() => Page(connection, last)), cancellation);
            foreach (var (n, fact) in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return fact;
                last = n;
            }

            if (page.Count < PageSize) yield break;
        }
    }

    public Task<long> RaiseFence() => Alone(Raise);

    /// <summary>Empties the tables made from facts and makes them again, in one transaction. Returns the number of facts.</summary>
    public Task<long> Rebuild() => Alone(statements =>
    {
        statements.Scalar(_database.Dialect.HoldFence); // Nobody appends meanwhile.
        var tables = new ProjectionWriter(statements);
        tables.Clear();

        var facts = 0L;
        for (var (last, more) = (0L, true); more;)
        {
            var page = Page(statements.Rows("SELECT n, body FROM facts WHERE n > @after ORDER BY n LIMIT @page", new { after = last, page = PageSize }));
            foreach (var (n, fact) in page) tables.Apply(last = n, fact);
            facts += page.Count;
            more = page.Count == PageSize;
        }

        tables.Complete();
        return facts;
    });

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        _connection.Dispose();
    }

    private static long Raise(Statements statements) => (long)statements.Scalar("UPDATE fence SET token = token + 1 RETURNING token")!;

    /// <summary>On a connection of its own, and not on the caller's thread: a database may take its time.</summary>
    private Task<T> Alone<T>(Func<Statements, T> work) => Task.Run(async () =>
    {
        using var connection = new KeptConnection(_database);
        try
        {
            return await connection.InTransaction(work);
        }
        catch (Exception e) when (_database.Explain(e) is { } told)
        {
            throw told;
        }
    });

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
        var newest = 0L;
        try
        {
            await _connection.InTransaction(statements => newest = Append(statements, batch));
            Committed(batch, newest);
        }
        catch (InDoubtException e)
        {
            await Clear(batch, newest, e);
        }
        catch (Exception e) when (!_database.IsOfRow(e) && _database.Explain(e) is { } told)
        {
            Fail(batch, told);
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
    private long Append(Statements statements, IReadOnlyList<Entry> batch)
    {
        var newest = (long)statements.Scalar(_database.Dialect.HoldFence)!;
        if (_inDoubt == newest && _mark.IsThere(statements)) newest = Raise(statements);
        else _inDoubt = null;

        var ours = batch.Where(entry => entry.Fence == newest).ToList();
        if (ours.Count == 0) return newest;

        var tables = new ProjectionWriter(statements);
        foreach (var entry in ours)
        {
            for (var i = 0; i < entry.Facts.Length; i++) tables.Append(entry.Facts[i], entry.Bodies[i]);
        }

        _mark.Leave(statements);
        tables.Complete();
        return newest;
    }

    /// <summary>
    /// The commit's answer is lost, the commit perhaps not: asks until the database says. It says when the transaction has ended, because that one
    /// holds the fence, and whoever asks waits for it.
    /// </summary>
    private async Task Clear(IReadOnlyList<Entry> batch, long newest, InDoubtException lost)
    {
        for (var asking = Stopwatch.StartNew(); ; await Task.Delay(AskAgainAfter))
        {
            try
            {
                var isThere = await _connection.InTransaction(statements => statements.Scalar(_database.Dialect.HoldFence) is long && _mark.IsThere(statements));
                if (isThere) Committed(batch, newest);
                else Fail(batch, _database.Explain(lost) ?? lost.InnerException!);
                return;
            }
            catch (Exception e) when (_database.Explain(e) is { } told)
            {
                if (asking.Elapsed < _patience) continue;

                _inDoubt = newest;
                Fail(batch, new StorageException($"{told.Message}. It was lost during a commit: nobody knows whether that one was written", lost));
                return;
            }
        }
    }

    private void Committed(IReadOnlyList<Entry> batch, long newest)
    {
        Commits++;
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

    private List<(long N, Fact Fact)> Page(DbConnection connection, long after)
    {
        using var command = connection.Question("SELECT n, body FROM facts WHERE n > @after ORDER BY n LIMIT @page", ("@after", after), ("@page", PageSize));
        return Page(command.ExecuteReader());
    }

    private List<(long N, Fact Fact)> Page(DbDataReader rows)
    {
        using (rows)
        {
            List<(long N, Fact Fact)> page = [];
            while (rows.Read()) page.Add((rows.GetInt64(0), Parse(rows.GetInt64(0), rows.GetString(1))));
            return page;
        }
    }

    private T Told<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (_database.Explain(e) is { } told)
        {
            throw told;
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
            throw new StorageException($"{_database.Name}: fact {n} cannot be read ({e.Message}); restore a backup or run the version that wrote it", e);
        }
    }

    private sealed record Entry(ImmutableArray<Fact> Facts, ImmutableArray<string> Bodies, long Fence)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
