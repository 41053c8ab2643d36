using PolyArb.Config;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// What waits for one channel. Whoever puts something in never waits: when it is full, the oldest of what matters least goes, and is counted.
/// </summary>
internal sealed class Outbox(int max)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Alert> _waiting = [];
    private TaskCompletionSource _more = NewSignal();
    private int _leftOut;

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _waiting.Count == 0;
        }
    }

    /// <summary>One that was taken, for later: it stands before others of its level.</summary>
    public void PutBack(Alert alert)
    {
        lock (_gate) _waiting.AddFirst(alert);
    }

    public void Put(Alert alert)
    {
        lock (_gate)
        {
            _waiting.AddLast(alert);
            if (_waiting.Count > max) LeaveOut();
            _more.TrySetResult();
        }
    }

    /// <summary>Something that matters more than this waits.</summary>
    public bool HasMoreUrgent(AlertLevel level)
    {
        lock (_gate) return _waiting.Any(alert => alert.Level > level);
    }

    /// <summary>The oldest of what matters most, once there is something, and how many were left out since the last call.</summary>
    public async Task<(Alert Alert, int LeftOut)> Take(CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    var next = _waiting.MaxBy(alert => alert.Level)!; // The first of equals.
                    _waiting.Remove(next);
                    var leftOut = _leftOut;
                    _leftOut = 0;
                    return (next, leftOut);
                }

                if (_more.Task.IsCompleted) _more = NewSignal();
                more = _more.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }

    /// <summary>One that was taken and could not be delivered.</summary>
    public void Lost()
    {
        lock (_gate) _leftOut++;
    }

    private void LeaveOut()
    {
        var least = _waiting.Min(alert => alert.Level);
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Level != least) continue;

            _waiting.Remove(node);
            _leftOut++;
            return;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
