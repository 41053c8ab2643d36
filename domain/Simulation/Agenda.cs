using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Domain.Simulation;

/// <summary>What is to happen at which moment of virtual time; of one moment, what was entered first.</summary>
internal sealed class Agenda<T>
    where T : class
{
    private readonly PriorityQueue<T, (long Micros, long Entered)> _entries = new();
    private long _entered;

    /// <summary>When something happens next; null when nothing is to.</summary>
    public Instant? Next => _entries.TryPeek(out _, out var when) ? new Instant(when.Micros) : null;

    public void Enter(Instant at, T what) => _entries.Enqueue(what, (at.Micros, _entered++));

    /// <summary>The next one, when its time has come.</summary>
    /// <param name="at">The moment it was entered for.</param>
    public bool TryTake(Instant now, [NotNullWhen(true)] out T? what, out Instant at)
    {
        (what, at) = (null, Next ?? default);
        if (Next is null || at > now) return false;

        what = _entries.Dequeue();
        return true;
    }
}
