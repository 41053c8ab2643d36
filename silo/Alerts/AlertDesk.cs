using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Alerts;

/// <summary>Where alerts are handed in, from any thread. Nobody waits here: microseconds, no disk, no network.</summary>
internal sealed class AlertDesk(AlertFilter filter, AlertSending sending, Redactor redactor, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <param name="topic">Alerts of one topic repeat each other; null: this one stands for itself.</param>
    public void Raise(AlertLevel level, string? topic, string text) => Raise(new Alert(time.Now(), level, topic, text));

    public void Raise(Alert alert)
    {
        lock (_gate) Put(filter.Take(alert with { At = time.Now(), Text = redactor.Clean(alert.Text) }));
    }

    /// <summary>What has become due. Call it every few seconds.</summary>
    public void Tick()
    {
        lock (_gate) Put(filter.Tick(time.Now()));
    }

    /// <summary>The last call: what was kept for later is told now.</summary>
    public void End()
    {
        lock (_gate) Put(filter.Tick(time.Now(), isLast: true));
    }

    private void Put(ImmutableArray<Alert> alerts)
    {
        foreach (var alert in alerts) sending.Post(alert);
    }
}
