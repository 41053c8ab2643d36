using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>What happens at the simulated venue by itself.</summary>
internal abstract record Due
{
    private Due()
    {
    }

    /// <param name="Trade">Its index among all trades.</param>
    public sealed record Mines(SimulatedOrder Order, int Trade) : Due;

    public sealed record Fails(SimulatedOrder Order, int Trade) : Due;

    public sealed record Confirms(int Trade) : Due;

    /// <summary>As it was recorded.</summary>
    public sealed record Fills(SimulatedOrder Order, Fill Recorded) : Due;

    public sealed record Expires(SimulatedOrder Order) : Due;
}

/// <summary>It in the order of its time; at the same moment in the order in which it was put down.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Due, (long Micros, long Number)> _due = new();
    private long _number;

    public Instant? Next => _due.TryPeek(out _, out var when) ? new Instant(when.Micros) : null;

    public void Put(Instant at, Due due) => _due.Enqueue(due, (at.Micros, _number++));

    /// <summary>The next one, when its time has come.</summary>
    public bool TryTake(Instant now, out Due due, out Instant at)
    {
        at = Next ?? default;
        if (Next is null || at > now)
        {
            due = null!;
            return false;
        }

        due = _due.Dequeue();
        return true;
    }
}
