namespace PolyArb.Polymarket.Sockets;

/// <summary>Doubling waits with jitter, so that many clients do not come back at once.</summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most, Random random)
{
    private const int DoublingsMax = 16;

    private int _failures;

    /// <summary>Between half and the whole of the doubled wait.</summary>
    public TimeSpan Next()
    {
        var whole = Math.Min(most.Ticks, least.Ticks << Math.Min(_failures, DoublingsMax));
        if (_failures < DoublingsMax) _failures++;
        return new TimeSpan(whole / 2 + random.NextInt64(whole / 2 + 1));
    }

    public void Reset() => _failures = 0;
}
