namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>
/// At most so many requests in the last so many milliseconds, estimated from two fixed windows the way Cloudflare does it: the present
/// count and the share of the previous one that the window still covers. Not for two threads at once.
/// </summary>
internal sealed class SlidingWindow(long max, long lengthMs)
{
    private long _window = long.MinValue;
    private long _present;
    private long _previous;

    public bool HasRoom(long now)
    {
        Turn(now);
        var covered = lengthMs - (now - _window); // Milliseconds of the previous window; all is times the length, so nothing is divided.
        return _present * lengthMs + _previous * covered < max * lengthMs;
    }

    public void Count(long now)
    {
        Turn(now);
        _present++;
    }

    /// <summary>Whole seconds after which the present window is certainly over.</summary>
    public long RestSeconds(long now) => (lengthMs - now % lengthMs) / 1000 + 1;

    private void Turn(long now)
    {
        var window = now - now % lengthMs;
        if (window == _window) return;

        _previous = window == _window + lengthMs ? _present : 0;
        (_window, _present) = (window, 0);
    }
}
