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
    public void Raise(AlertLevel level, string? topic, string text)
    {
        lock (_gate) Put(filter.Take(new Alert(time.Now(), level, topic, redactor.Clean(text))));
    }

    /// <summary>What has become due. Call it every few seconds.</summary>
    public void Tick()
    {
        lock (_gate) Put(filter.Tick(time.Now()));
    }

    private void Put(ImmutableArray<Alert> alerts)
    {
        foreach (var alert in alerts) sending.Post(alert);
    }
}
