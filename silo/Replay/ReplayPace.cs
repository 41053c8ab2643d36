namespace PolyArb.Silo.Replay;

/// <summary>Holds a replay back to a multiple of the pace at which it was recorded, from its first input on.</summary>
/// <param name="speed">1 is as recorded, above 0.</param>
internal sealed class ReplayPace(decimal speed, TimeProvider time)
{
    /// <summary>Timers know no less; to be so much too early does not matter.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private (Domain.Instant At, long Started)? _first;

    /// <summary>Blocks until the input's time has come. Throws when canceled.</summary>
    /// <param name="waiting">Told at least once a second of waiting.</param>
    public void WaitFor(Domain.Instant at, Action waiting, CancellationToken cancellation)
    {
        while (Left(at) is var left && left >= LeastWait)
        {
            waiting();
            Task.Delay(left < LongestWait ? left : LongestWait, time, cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>How long an input of that time has to wait still; below zero when it is late.</summary>
    internal TimeSpan Left(Domain.Instant at)
    {
        var (first, started) = _first ??= (at, time.GetTimestamp());
        var due = decimal.Min((at - first).Ticks / speed, TimeSpan.MaxValue.Ticks);
        return new TimeSpan((long)due) - time.GetElapsedTime(started);
    }
}
