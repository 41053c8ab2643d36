
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

    public void Put(Alert alert)
    {
        lock (_gate)
        {
            _waiting.AddLast(alert);
            if (_waiting.Count > max) LeaveOut();
            _more.TrySetResult();
        }
    }

    /// <summary>The oldest, once there is one, and how many were left out since the last call.</summary>
    public async Task<(Alert Alert, int LeftOut)> Take(CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_waiting.First is { } oldest)
                {
                    _waiting.RemoveFirst();
                    var leftOut = _leftOut;
                    _leftOut = 0;
                    return (oldest.Value, leftOut);
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
