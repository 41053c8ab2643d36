using System.Collections.Immutable;

namespace PolyArb.Silo.Alerts;

/// <summary>Brings alerts to all channels, each in its own time, and at the end gives them a moment for what still waits.</summary>
internal sealed partial class AlertSending : BackgroundService
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly ImmutableArray<AlertPump> _pumps;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public AlertSending(IEnumerable<IAlertChannel> channels, TimeProvider time, ILogger<AlertSending> logger)
    {
        _pumps = [.. channels.Select(channel => new AlertPump(channel, time, logger))];
        (_time, _logger) = (time, logger);
    }

    /// <summary>Never waits.</summary>
    public void Post(Alert alert)
    {
        foreach (var pump in _pumps) pump.Post(alert);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var pump in _pumps) pump.Hurry();
        for (var waited = TimeSpan.Zero; waited < EndWithin && !_pumps.All(pump => pump.IsIdle) && !cancellationToken.IsCancellationRequested; waited += Glance)
            await Task.Delay(Glance, _time, CancellationToken.None);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_pumps.Select(pump => Run(pump, stoppingToken)));

    private async Task Run(AlertPump pump, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await pump.Run(stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogFailed(e); // A bug of ours: this alert is lost, the next one may do better.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sending an alert failed")]
    private partial void LogFailed(Exception exception);
}
