using System.Threading.Channels;
using PolyArb.Silo.Alerts;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>A channel that takes everything, for a test to read.</summary>
internal sealed class KeptAlerts(ChannelWriter<Alert> told) : IAlertChannel
{
    public string Name => "kept";

    public int TriesMax => 1;

    public Task<Delivery> Send(Alert alert, CancellationToken cancellation)
    {
        told.TryWrite(alert);
        return Task.FromResult<Delivery>(new Delivery.Done());
    }
}
