namespace PolyArb.Simulator.Engine;

/// <summary>
/// Everything that happens later: settlement, prints, expiries, flow. Items run one by one under the exchange's lock, in the
/// order of their due time (Unix ms), then of their scheduling.
/// </summary>
internal sealed class Agenda(Lock gate, TimeProvider clock) : IDisposable
{
    private const int IdleMs = 250;

    private readonly PriorityQueue<Action, (long Due, long Sequence)> _items = new();
    private readonly SemaphoreSlim _sooner = new(0, 1);
    private long _sequence;

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Call with the lock held.</summary>
    public void In(long milliseconds, Action action)
    {
        var due = Now + milliseconds;
        var first = !_items.TryPeek(out _, out var next) || due < next.Due;
        _items.Enqueue(action, (due, _sequence++));
        if (first && _sooner.CurrentCount == 0) _sooner.Release();
    }

    /// <summary>Runs what is due up to now; call without the lock. Returns how long nothing will be due.</summary>
    public long RunDue()
    {
        lock (gate)
        {
            while (_items.TryPeek(out var action, out var priority))
            {
                var wait = priority.Due - Now;
                if (wait > 0) return Math.Min(wait, IdleMs);

                _items.Dequeue();
                action();
            }
        }

        return IdleMs;
    }

    /// <summary>Moves the clock to the next item that is due by a time and runs it; false when there is none. Call without the lock.</summary>
    public bool RunNext(VirtualClock time, long untilMs)
    {
        lock (gate)
        {
            if (!_items.TryPeek(out var action, out var priority) || priority.Due > untilMs) return false;

            time.MoveTo(priority.Due);
            _items.Dequeue();
            action();
            return true;
        }
    }

    /// <summary>Runs everything that is due by a time, the clock moving from item to item, and leaves the clock there.</summary>
    public void RunTo(VirtualClock time, long untilMs)
    {
        while (RunNext(time, untilMs))
        {
        }

        time.MoveTo(untilMs);
    }

    public void Dispose() => _sooner.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = RunDue();
            await _sooner.WaitAsync(TimeSpan.FromMilliseconds(wait), stop);
        }
    }
}
