using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// Tells the venue that we live. When nothing tells it any more, because we stopped, are SAFE or are gone, it cancels what is left of
/// our orders (protocol sheet 7.10).
/// </summary>
internal sealed partial class DeadManSwitch(IVenue venue, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private Instant _next;
    private string _trouble = "";

    /// <summary>Beats when it is time. Counted from the start of a beat: a slow answer must not use up the ten seconds.</summary>
    public async Task Tick(bool isOn)
    {
        var now = time.Now();
        if (!isOn || now < _next) return;

        _next = now + Every;
        var trouble = (await venue.Heartbeat(CancellationToken.None))?.Why ?? "";
        if (trouble.Length > 0) _next = time.Now() + AgainAfter;
        if (trouble != _trouble)
        {
            if (trouble.Length > 0) LogUnheard(trouble);
            else LogHeard();
        }

        _trouble = trouble;
    }

    [LoggerMessage(LogLevel.Warning, "The venue did not hear that we live, and cancels our orders when it does not for ten seconds: {Why}")]
    private partial void LogUnheard(string why);

    [LoggerMessage(LogLevel.Information, "The venue hears again that we live")]
    private partial void LogHeard();
}
