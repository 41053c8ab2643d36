using PolyArb.Domain;
using PolyArb.Domain.Journal;

namespace PolyArb.Grains;

/// <summary>
/// The rules a silo trades by now. A change of parameters replaces them as a whole; whoever decides by them reads them when he decides, and
/// whoever began with some of them begins anew when those are others.
/// </summary>
public sealed class RulesInForce(TradingRules rules)
{
    /// <summary>Desks that begin anew ask for snapshots: not all of them at once.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private volatile TradingRules _now = rules;
    private Instant _next;

    public TradingRules Now => _now;

    /// <summary>What stays as it was stays the same object, so that nobody begins anew for nothing.</summary>
    public void Replace(TradingRules next) =>
        _now = DomainJson.Write(next.Edge) == DomainJson.Write(_now.Edge) ? next with { Edge = _now.Edge } : next;

    /// <summary>True when a desk may begin anew now; another one may a moment later.</summary>
    public bool TakesTurn(Instant now)
    {
        lock (_gate)
        {
            if (now < _next) return false;

            _next = now + Apart;
            return true;
        }
    }
}
