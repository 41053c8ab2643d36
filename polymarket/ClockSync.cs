using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PolyArb.Polymarket;

/// <summary>Measures our clock against the venue's at start and now and then.</summary>
internal sealed partial class ClockSync(VenueClock clock, IHttpClientFactory clients, TimeProvider time, ILogger<ClockSync> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(30);

    private bool _isUnknown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            var isKnown = await clock.Sync(clients.CreateClient(VenueClients.Reads), stoppingToken);
            if (!isKnown && !_isUnknown) LogUnknown(); // Once, until it tells it again.
            else if (isKnown && clock.Offset.Duration() > TimeSpan.FromSeconds(2)) LogOffset(clock.Offset);
            _isUnknown = !isKnown;
            timer.Period = isKnown ? Every : AgainAfter;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "The venue does not tell its time, or too late; requests are signed by what is known of it")]
    private partial void LogUnknown();

    [LoggerMessage(LogLevel.Warning, "Our clock differs from the venue's by {Offset}; requests are signed with the venue's time")]
    private partial void LogOffset(TimeSpan offset);
}
