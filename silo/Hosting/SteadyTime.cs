namespace PolyArb.Silo.Hosting;

/// <summary>
/// The time of this process: the machine's at the start, and from then on as much later as has passed. A machine's clock that is set
/// forward or back moves no deadline, window or lifetime with it; how far it was moved is told instead.
/// </summary>
internal sealed class SteadyTime : TimeProvider
{
    private readonly TimeProvider _machine;
    private readonly DateTimeOffset _start;
    private readonly long _origin;

    public SteadyTime(TimeProvider machine) => (_machine, _start, _origin) = (machine, machine.GetUtcNow(), machine.GetTimestamp());

    public override long TimestampFrequency => _machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _machine.LocalTimeZone;

    /// <summary>The machine's time minus ours. A machine that slept is ahead by its sleep.</summary>
    public TimeSpan Moved => _machine.GetUtcNow() - GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + _machine.GetElapsedTime(_origin);

    public override long GetTimestamp() => _machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _machine.CreateTimer(callback, state, dueTime, period);
}
