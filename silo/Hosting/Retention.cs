using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Storage;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Keeps the recording within its age and size, and says who should begin anew while what they began with is still there. So of a process
/// that runs for months, the later half of what is kept can always be played again.
/// </summary>
internal sealed partial class Retention(EventRetention events, SqliteRecorder recorder, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Between two batches the recorder writes.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>After losses everybody begins anew, but not in the middle of what caused them.</summary>
    private static readonly TimeSpan CalmFor = TimeSpan.FromMinutes(10);

    private long _lostUpTo;
    private Instant _calmAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.Run(Period, time, Round, stoppingToken);

    private async Task Round(CancellationToken stopping)
    {
        try
        {
            await Cut(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogRound(e.Message); // A disk that is full or busy now: the next round is a minute away.
        }
    }

    private async Task Cut(CancellationToken stopping)
    {
        var deleted = 0L;
        while (await events.Cut(time.Now(), stopping) is > 0 and var rows)
        {
            deleted += rows;
            await Task.Delay(Rest, time, stopping);
        }

        if (deleted > 0) LogCut(deleted);
        recorder.Horizon = Math.Max(events.OlderHalf(time.Now()), Losses(time.Now()));
    }

    /// <summary>The last input lost, once there has been no other for a while; 0 before.</summary>
    private long Losses(Instant now)
    {
        if (recorder.LostUpTo != _lostUpTo) (_lostUpTo, _calmAt) = (recorder.LostUpTo, now + CalmFor);
        return now >= _calmAt ? _lostUpTo : 0;
    }

    [LoggerMessage(LogLevel.Information, "The recording's {Rows} oldest rows were deleted, for their age or its size")]
    private partial void LogCut(long rows);

    [LoggerMessage(LogLevel.Warning, "The oldest rows of the recording were not deleted: {Why}")]
    private partial void LogRound(string why);
}
