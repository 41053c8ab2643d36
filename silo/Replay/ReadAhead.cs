using System.Collections.Concurrent;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>A batch of a recording with its frames read: what the day needs of it and nothing else.</summary>
internal sealed class ReadBatch
{
    private readonly List<Entry> _entries = new(256);
    private readonly UpdateBuffer _updates = new();

    public InputBatch Raw { get; } = new();

    /// <summary>Frames that were not in the venue's format stay as they were recorded.</summary>
    public void Read(FrameReader readFrame)
    {
        _entries.Clear();
        _updates.Clear();
        foreach (ref readonly var input in Raw.Inputs)
        {
            var first = _updates.Count;
            var isRead = input.Kind is InputKind.Market && readFrame(input.Text.Span, _updates);
            _entries.Add(isRead ? new Entry(true, first, _updates.Count - first, DecisionDigest.QuickOf(input.Text.Span)) : default);
        }
    }

    /// <param name="before">Called with each input's time before it is played; may block.</param>
    public void PlayTo(SimulatedDay day, Action<Instant>? before = null)
    {
        var inputs = Raw.Inputs;
        for (var i = 0; i < inputs.Length; i++)
        {
            before?.Invoke(inputs[i].At);
            var entry = _entries[i];
            if (entry.IsFrame) day.PlayFrame(inputs[i].Sequence, inputs[i].At, entry.Digest, _updates.Updates.Slice(entry.First, entry.Count));
            else day.Play(inputs[i]);
        }
    }

    private readonly record struct Entry(bool IsFrame, int First, int Count, ulong Digest);
}

/// <summary>
/// Reads a recording on a thread of its own, a few batches ahead of whoever plays it: what is bound by the disk, by unpacking and by
/// reading JSON does not hold up what decides. The batches are used again, so memory does not grow.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private const int Batches = 8;

    private readonly RecordingReader _reader;
    private readonly FrameReader _readFrame;
    private readonly BlockingCollection<ReadBatch> _free = [];
    private readonly BlockingCollection<ReadBatch> _read = [];
    private readonly CancellationTokenSource _over = new();
    private readonly Task _reading;

    public ReadAhead(string path, FrameReader readFrame)
    {
        (_reader, _readFrame) = (RecordingReader.Open(path), readFrame);
        for (var i = 0; i < Batches; i++) _free.Add(new ReadBatch());
        _reading = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How much of the recording has been read, and how much there is.</summary>
    public (long Read, long Of) Progress => _reader.Progress;

    /// <summary>In order; each is good until the next is asked for. Throws what reading threw.</summary>
    public IEnumerable<ReadBatch> All(CancellationToken cancellation)
    {
        foreach (var batch in _read.GetConsumingEnumerable(cancellation))
        {
            yield return batch;
            _free.Add(batch, cancellation);
        }

        _reading.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _over.Cancel();
        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        _reader.Dispose();
        _free.Dispose();
        _read.Dispose();
        _over.Dispose();
    }

    private void ReadAll()
    {
        try
        {
            while (true)
            {
                var batch = _free.Take(_over.Token);
                if (!_reader.Read(batch.Raw)) return;

                batch.Read(_readFrame);
                _read.Add(batch, _over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants the rest.
        }
        finally
        {
            _read.CompleteAdding();
        }
    }
}
