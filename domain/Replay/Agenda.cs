namespace PolyArb.Domain.Replay;

/// <summary>What is to happen at which moment of virtual time; of one moment, what was entered first.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action<Instant>, (long Micros, long Entered)> _entries = new();
    private long _entered;

    /// <summary>When something happens next; null when nothing is to.</summary>
    public Instant? Next => _entries.TryPeek(out _, out var at) ? new Instant(at.Micros) : null;

    public void Enter(Instant at, Action<Instant> what) => _entries.Enqueue(what, (at.Micros, _entered++));

    /// <summary>Does what is next.</summary>
    public void DoNext()
    {
        if (_entries.TryDequeue(out var what, out var at)) what(new Instant(at.Micros));
    }
}
