using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PolyArb.Polymarket;

/// <summary>Measures our clock against the venue's at start and now and then.</summary>
internal sealed partial class ClockSync(VenueClock clock, IHttpClientFactory clients, TimeProvider time, ILogger<ClockSync> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            if (!await clock.Sync(clients.CreateClient(VenueClients.Reads), stoppingToken)) LogUnknown();
            else if (clock.Offset.Duration() > TimeSpan.FromSeconds(2)) LogOffset(clock.Offset);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "The venue does not tell its time; requests are signed with our clock")]
    private partial void LogUnknown();

    [LoggerMessage(LogLevel.Warning, "Our clock differs from the venue's by {Offset}; requests are signed with the venue's time")]
    private partial void LogOffset(TimeSpan offset);
}
