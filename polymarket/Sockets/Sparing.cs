namespace PolyArb.Polymarket.Sockets;

/// <summary>Lets one line a minute through, so that a fault that repeats is said and does not fill the log. Not for two threads at once.</summary>
internal sealed class Sparing(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private long? _said;

    public bool IsDue()
    {
        var now = time.GetTimestamp();
        if (_said is { } last && time.GetElapsedTime(last, now) < Every) return false;

        _said = now;
        return true;
    }
}
