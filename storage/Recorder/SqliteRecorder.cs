using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// Keeps every input in events.db. Taking one is a copy under a short lock; a writer commits them in batches. What does not fit
/// the buffer or the disk is counted and leaves a gap in the numbers. The file must have been prepared
/// (<see cref="Schema.PrepareEvents"/>).
/// </summary>
public sealed class SqliteRecorder : IFrameTap, IAsyncDisposable
{
    private readonly int _batchMax;
    private readonly TimeSpan _batchDelay;
    private readonly EventWriter _writer;
    private readonly WaitingInputs _waiting;
    private readonly Action<string> _report;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _lock = new();
    private readonly List<(long Number, TaskCompletionSource Done)> _flushes = [];
    private readonly Task _writing;
    private long _written;
    private long _horizon;
    private long _reported;
    private bool _losing;
    private volatile bool _disposing;

    /// <summary>Throws <see cref="StorageException"/> when the file cannot be read.</summary>
    /// <param name="source">events.db.</param>
    /// <param name="report">Gets one line at the start of each burst of losses, from the writer; must not throw.</param>
    /// <param name="entriesMax">Inputs that may wait.</param>
    /// <param name="bytesMax">Bytes of text that may wait; of a text not made yet its estimate.</param>
    /// <param name="batchMax">Inputs in one transaction.</param>
    /// <param name="batchDelay">The longest an input waits for its transaction while the disk keeps up; 250 ms when null.</param>
    public SqliteRecorder(
        GatedSqliteDataSource source, Action<string> report, int entriesMax = 20_000, long bytesMax = 64 << 20, int batchMax = 1_000, TimeSpan? batchDelay = null)
    {
        (_batchMax, _batchDelay) = (batchMax, batchDelay ?? TimeSpan.FromMilliseconds(250));
        _writer = EventWriter.Open(source);
        _waiting = new WaitingInputs(_writer.Last, entriesMax, bytesMax);
        _report = report;
        _writing = Task.Run(WriteAll);
    }

    /// <summary>Inputs on disk since the start.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>The number of the last input that was lost, as far as the writer has found; 0 for none.</summary>
    public long LostUpTo => _writer.LostUpTo;

    /// <summary>Set by who deletes what is old.</summary>
    public long Horizon
    {
        get => Interlocked.Read(ref _horizon);
        set => Interlocked.Exchange(ref _horizon, value);
    }

    /// <summary>Inputs that wait for the writer now.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Inputs that were taken and will never be on disk.</summary>
    public long Lost => _waiting.Lost;

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        var (number, waiting) = _waiting.Take(kind, connection, text, at);
        if (waiting % _batchMax == 0) Wake();
        return number;
    }

    /// <summary>The text is made by the writer; if that throws, the input is lost and counted.</summary>
    public long Take(InputKind kind, string connection, Func<string> text, int bytes, Instant at)
    {
        var (number, waiting) = _waiting.Take(kind, connection, text, bytes, at);
        if (waiting % _batchMax == 0) Wake();
        return number;
    }

    /// <summary>Completes when everything taken before this call is on disk or counted as lost.</summary>
    public Task Flushed()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_writing.IsCompleted) return Task.CompletedTask;
            _flushes.Add((_waiting.Last, done));
        }

        Wake();
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Close();
        _disposing = true;
        Wake();
        try
        {
            await _writing;
        }
        finally
        {
            Answer(long.MaxValue);
        }
    }

    private async Task WriteAll()
    {
        List<TakenInput> batch = new(_batchMax);
        while (true)
        {
            var ending = _disposing; // Read first: what was taken before it is written below.
            bool more;
            do
            {
                var done = _waiting.MoveTo(batch, _batchMax);
                var rows = batch.Count;
                more = rows == _batchMax;
                var why = Make(batch);
                ReportLoss(await Write(batch) ?? why, wroteRows: rows > 0);
                Answer(done);
            }
            while (more);

            if (ending) return;
            await _wake.WaitAsync(_batchDelay);
        }
    }

    /// <summary>Texts that were put off. Null, or why one is lost.</summary>
    private string? Make(List<TakenInput> batch)
    {
        string? why = null;
        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                batch[i] = batch[i].Made();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                why = $"its text cannot be made: {e.Message}";
                _waiting.CountLost(1);
                batch.RemoveAt(i--);
            }
        }

        return why;
    }

    /// <summary>Null, or why the batch is lost.</summary>
    private async Task<string?> Write(List<TakenInput> batch)
    {
        try
        {
            if (batch.Count > 0) await _writer.Write(batch);
            Interlocked.Add(ref _written, batch.Count);
            return null;
        }
        catch (StorageException e)
        {
            // Trying again would only move the loss to what comes next: the buffer is bounded.
            _waiting.CountLost(batch.Count);
            return e.Message;
        }
        finally
        {
            foreach (var input in batch) input.Return();
            batch.Clear();
        }
    }

    /// <summary>One line a burst; a burst ends with rows written while nothing was lost.</summary>
    private void ReportLoss(string? why, bool wroteRows)
    {
        var lost = Lost;
        var losing = lost > _reported;
        if (losing && !_losing)
        {
            _report($"recorder: inputs are being lost ({lost} since the start): {why ?? "the buffer is full, the disk is too slow"}");
        }

        _reported = lost;
        _losing = losing || (_losing && !wroteRows); // An idle moment proves nothing.
    }

    private void Answer(long done)
    {
        lock (_lock)
        {
            foreach (var flush in _flushes.Where(flush => flush.Number <= done)) flush.Done.SetResult();
            _flushes.RemoveAll(flush => flush.Number <= done);
        }
    }

    /// <summary>One signal is enough, however many ask for it.</summary>
    private void Wake()
    {
        lock (_lock)
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
    }
}
