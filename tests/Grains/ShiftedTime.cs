namespace PolyArb.Tests.Grains;

/// <summary>The machine's clock, but for what the test moves it on by. Timers run as they do.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ticks));
}
