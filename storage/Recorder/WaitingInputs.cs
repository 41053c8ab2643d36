using System.Buffers;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>Numbers inputs and keeps them in order until the writer comes. Full: the input is dropped, its number is not.</summary>
internal sealed class WaitingInputs(long last, int entriesMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<TakenInput> _queue = [];
    private long _last = last;
    private long _bytes;
    private long _lost;
    private bool _closed;

    /// <summary>The number given out last.</summary>
    public long Last
    {
        get
        {
            lock (_lock) return _last;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock) return _queue.Count;
        }
    }

    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Returns the input's number and how many wait now.</summary>
    public (long Number, int Waiting) Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        lock (_lock)
        {
            var number = ++_last;
            if (!HasRoom(text.Length)) return (number, _queue.Count);

            var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
            text.CopyTo(buffer);
            return (number, Enqueue(new TakenInput(number, at, connection, kind, text.Length, buffer, Later: null)));
        }
    }

    /// <param name="bytes">An estimate: it counts against the bound in the text's place.</param>
    public (long Number, int Waiting) Take(InputKind kind, string connection, Func<string> text, int bytes, Instant at)
    {
        lock (_lock)
        {
            var number = ++_last;
            return (number, HasRoom(bytes) ? Enqueue(new TakenInput(number, at, connection, kind, bytes, Buffer: null, text)) : _queue.Count);
        }
    }

    /// <summary>Moves the oldest into <paramref name="batch"/>; returns the number up to which nothing waits any more.</summary>
    public long MoveTo(List<TakenInput> batch, int max)
    {
        lock (_lock)
        {
            while (batch.Count < max && _queue.TryDequeue(out var input))
            {
                _bytes -= input.Length;
                batch.Add(input);
            }

            return _queue.TryPeek(out var next) ? next.Number - 1 : _last;
        }
    }

    public void CountLost(int inputs) => Interlocked.Add(ref _lost, inputs);

    public void Close()
    {
        lock (_lock) _closed = true;
    }

    private bool HasRoom(int bytes)
    {
        if (!_closed && _queue.Count < entriesMax && _bytes + bytes <= bytesMax) return true;

        Interlocked.Increment(ref _lost);
        return false;
    }

    private int Enqueue(TakenInput input)
    {
        _queue.Enqueue(input);
        _bytes += input.Length;
        return _queue.Count;
    }
}
