using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// The market streams of all silos, as each last said. A silo whose stream is down trades nothing by itself, its books being stale; so the
/// cluster's stream is down only where no silo has a live one.
/// </summary>
internal sealed class ClusterFeeds
{
    /// <summary>Silos say it every second.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (StreamHealth Health, Instant At)> _heard = [];

    public void Hear(string silo, StreamHealth health, Instant now) => _heard[silo] = (health, now);

    public StreamState State(StreamState own, Instant now) => Recent(now).Select(silo => silo.Health.State).Append(own).MinBy(Rank);

    /// <summary>One line: of this silo alone where nobody else has said anything.</summary>
    public StreamHealth Health(StreamHealth own, Instant now)
    {
        var silos = Recent(now).ToArray();
        return silos.Length < 2 ? own : new StreamHealth(
            State(own.State, now),
            string.Join("; ", silos.OrderBy(silo => silo.Silo, StringComparer.Ordinal).Select(silo => $"{silo.Silo} {silo.Health.State}: {silo.Health.Detail}")));
    }

    private IEnumerable<(string Silo, StreamHealth Health)> Recent(Instant now) =>
        _heard.Where(silo => now - silo.Value.At < Fresh).Select(silo => (silo.Key, silo.Value.Health));

    private static int Rank(StreamState state) => state switch
    {
        StreamState.Live => 0,
        StreamState.Connecting => 1,
        StreamState.Down => 2,
        StreamState.Idle => 3, // Nothing to follow here says nothing of the others.
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
