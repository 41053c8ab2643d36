using PolyArb.Domain.Ports;

namespace PolyArb.Tests.Grains;

/// <summary>All is well until the test says otherwise.</summary>
internal sealed class ScriptedSelfCheck : ISelfCheck
{
    private volatile string? _complaint;
    private int _asked;
    private long _moved;

    public TimeSpan Moved
    {
        get => new(Interlocked.Read(ref _moved));
        set => Interlocked.Exchange(ref _moved, value.Ticks);
    }

    public int Asked => Volatile.Read(ref _asked);

    public string? Complaint
    {
        get
        {
            Interlocked.Increment(ref _asked);
            return _complaint;
        }
        set => _complaint = value;
    }
}
