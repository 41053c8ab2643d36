namespace PolyArb.Simulator.Engine;

/// <summary>Time that moves only when the <see cref="Agenda"/> moves it: a simulated day takes as long as its work does.</summary>
internal sealed class VirtualClock(long startMs) : TimeProvider
{
    private long _now = startMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(_now);

    /// <summary>Time never goes back.</summary>
    public void MoveTo(long ms) => _now = Math.Max(_now, ms);
}
