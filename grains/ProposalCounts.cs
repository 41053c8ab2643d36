using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>What became of this silo's proposals since its start. Counting is one interlocked addition; whoever measures reads.</summary>
public sealed class ProposalCounts
{
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private long _passed;
    private long _waits;
    private long _waitedMicros;

    /// <summary>Approved and submitted.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Those that waited for their turn by our own rate limits.</summary>
    public long Waits => Interlocked.Read(ref _waits);

    /// <summary>How long they were told to wait, together.</summary>
    public TimeSpan Waited => TimeSpan.FromMicroseconds(Interlocked.Read(ref _waitedMicros));

    public long Refused(Refusal reason) => Interlocked.Read(ref _refused[(int)reason]);

    /// <param name="refusal">Null: it passed.</param>
    public void Count(Refusal? refusal)
    {
        if (refusal is { } reason) Interlocked.Increment(ref _refused[(int)reason]);
        else Interlocked.Increment(ref _passed);
    }

    public void CountWait(TimeSpan wait)
    {
        Interlocked.Increment(ref _waits);
        Interlocked.Add(ref _waitedMicros, wait.Ticks / TimeSpan.TicksPerMicrosecond);
    }
}
