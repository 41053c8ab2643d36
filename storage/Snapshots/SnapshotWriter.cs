using System.Globalization;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;

namespace PolyArb.Storage;

/// <summary>
/// The snapshot tables beside the journal. Handing a row over is a place in a bounded queue. Every few seconds what waits is written, some hundred
/// rows at a time through the writers' gate; a commit waits for no disk, since the journal's next one takes it along, and a power loss may cost the
/// last rows. So the journal waits for it a few milliseconds, and nobody else does.
/// </summary>
public sealed class SnapshotWriter : IAsyncDisposable
{
    private const int BatchMax = 250;

    /// <summary>Rows of a table that are deleted in one transaction.</summary>
    private const int CutMax = 500;

    private static readonly TimeSpan CutPeriod = TimeSpan.FromMinutes(1);

    private readonly IDatabase _database;
    private readonly KeptConnection _connection;
    private readonly SnapshotLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly Lock _gate = new();
    private readonly Queue<SnapshotRow> _waiting = [];
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private long _dropped;
    private bool _isHigh;
    private bool _isFailing;

    /// <param name="database">Prepared, as for the journal.</param>
    /// <param name="report">Gets one line when rows pile up, and when writing begins to fail; must not throw.</param>
    public SnapshotWriter(IDatabase database, SnapshotLimits limits, TimeProvider time, Action<string> report)
    {
        (_database, _limits, _time, _report) = (database, limits, time, report);
        _connection = new KeptConnection(database, isRelaxed: true);
        _writing = Task.Run(WriteAll);
    }

    /// <summary>Rows that will never be written: no room, or no disk.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Never waits and never throws.</summary>
    public void Keep(SnapshotRow row)
    {
        bool isNewlyHigh;
        lock (_gate)
        {
            if (_waiting.Count >= _limits.WaitingMax || _ending.Task.IsCompleted)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            _waiting.Enqueue(row);
            isNewlyHigh = !_isHigh && _waiting.Count >= _limits.HighWatermark;
            _isHigh |= isNewlyHigh;
        }

        if (isNewlyHigh) _report($"snapshots pile up: {_limits.HighWatermark} rows wait, the disk is too slow");
    }

    /// <summary>Writes what waits, for as long as a stop may wait for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.TrySetResult();
        await Task.WhenAny(_writing, Task.Delay(_limits.FlushTimeout, _time));
    }

    private async Task WriteAll()
    {
        var lastCut = _time.GetTimestamp();
        while (await Rest())
        {
            await Flush();
            if (_time.GetElapsedTime(lastCut) < CutPeriod) continue;

            await Cut();
            lastCut = _time.GetTimestamp();
        }

        await Flush();
        _connection.Dispose();
    }

    /// <summary>False: it is the end.</summary>
    private async Task<bool> Rest()
    {
        await Task.WhenAny(_ending.Task, Task.Delay(_limits.FlushInterval, _time));
        return !_ending.Task.IsCompleted;
    }

    private async Task Flush()
    {
        while (Batch() is { Count: > 0 } batch)
        {
            await Guarded(connection =>
            {
                foreach (var row in batch) Insert(connection, row);
                return batch.Count;
            }, lostIfFailed: batch.Count);
        }
    }

    private List<SnapshotRow> Batch()
    {
        lock (_gate)
        {
            List<SnapshotRow> batch = [];
            while (batch.Count < BatchMax && _waiting.TryDequeue(out var row)) batch.Add(row);
            _isHigh &= _waiting.Count >= _limits.HighWatermark / 2; // Else a queue around the mark would report at each row.
            return batch;
        }
    }

    private async Task Cut()
    {
        var now = Instant.From(_time.GetUtcNow());
        foreach (var (table, age) in ((string, TimeSpan)[])
            [("pnl_snapshots", _limits.Retention), ("latency_metrics", _limits.Retention), ("book_snapshots", _limits.BookRetention)])
        {
            while (!_ending.Task.IsCompleted && await Guarded(connection => Delete(connection, table, now + -age), lostIfFailed: 0) == CutMax)
            {
                await Task.Yield(); // Others pass the gate in between.
            }
        }
    }

    /// <summary>One transaction; how many rows it was about, 0 when it failed.</summary>
    private async Task<int> Guarded(Func<Statements, int> work, int lostIfFailed)
    {
        try
        {
            var rows = await _connection.InTransaction(work);
            _isFailing = false;
            return rows;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Interlocked.Add(ref _dropped, lostIfFailed);
            if (!_isFailing) _report($"snapshots are not written: {(_database.Explain(e) ?? e).Message}");
            _isFailing = true;
            return 0;
        }
    }

    private static int Delete(Statements statements, string table, Instant horizon) => statements.Change(
        $"DELETE FROM {table} WHERE n IN (SELECT n FROM {table} WHERE at < @horizon ORDER BY at LIMIT {CutMax})", new { horizon = horizon.Micros });

    private static void Insert(Statements statements, SnapshotRow row)
    {
        switch (row)
        {
            case SnapshotRow.Money money:
                statements.Execute(
                    """
                    INSERT INTO pnl_snapshots (at, state, cash, equity, exposure, realized, hourly, daily, drawdown, open_orders, unresolved_orders)
                    VALUES (@at, @state, @cash, @equity, @exposure, @realized, @hourly, @daily, @drawdown, @open, @unresolved)
                    """,
                    new
                    {
                        at = money.At.Micros,
                        state = money.State.ToString(),
                        cash = money.Cash.Micros,
                        equity = money.Equity?.Micros,
                        exposure = money.Exposure.Micros,
                        realized = money.Realized.Micros,
                        hourly = money.Hourly?.Micros,
                        daily = money.Daily?.Micros,
                        drawdown = money.Drawdown?.Micros,
                        open = money.OpenOrders,
                        unresolved = money.UnresolvedOrders,
                    });
                break;
            case SnapshotRow.Latency latency:
                statements.Execute(
                    "INSERT INTO latency_metrics (at, series, samples, mean, p50, p95, p99) VALUES (@at, @series, @samples, @mean, @p50, @p95, @p99)",
                    new
                    {
                        at = latency.At.Micros,
                        series = latency.Series,
                        samples = latency.Samples,
                        mean = latency.Mean,
                        p50 = latency.P50,
                        p95 = latency.P95,
                        p99 = latency.P99,
                    });
                break;
            case SnapshotRow.Book book:
                statements.Execute(
                    """
                    INSERT INTO book_snapshots (at, market, condition, life, proof, bids, asks)
                    VALUES (@at, @market, @condition, @life, @proof, @bids, @asks)
                    """,
                    new
                    {
                        at = book.At.Micros,
                        market = book.Market.Text,
                        condition = book.Condition.Text,
                        life = book.Life,
                        proof = book.Proof,
                        bids = Json(book.Bids),
                        asks = Json(book.Asks),
                    });
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static string Json(IEnumerable<Level> levels)
    {
        var text = new StringBuilder("[");
        foreach (var level in levels)
        {
            if (text.Length > 1) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"[{level.Price.Ticks},{level.Size.Micros}]");
        }

        return text.Append(']').ToString();
    }
}
