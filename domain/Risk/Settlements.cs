using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Risk;

/// <summary>The calls that were started and whose end nobody knows yet, made from facts alone. Apply is total.</summary>
public sealed class Settlements
{
    private readonly Dictionary<ReservationId, Fact.SettlementStarted> _open = [];

    public IReadOnlyCollection<Fact.SettlementStarted> Open => _open.Values;

    /// <summary>The call whose money and shares have moved by this fact; null for every other fact, and for one told twice.</summary>
    public SettlementCall? Apply(Fact fact)
    {
        switch (fact)
        {
            case Fact.SettlementStarted started:
                _open.TryAdd(started.Id, started);
                return null;

            case Fact.SettlementEnded ended when _open.Remove(ended.Id) && ended.End is SettlementEnd.Done:
                return ended.Call;

            default:
                return null; // Not about a call, or a call that moved nothing.
        }
    }
}
