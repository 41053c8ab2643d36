using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// Tells the venue that we live. When nothing tells it any more, because we stopped, are SAFE or are gone, it cancels what is left of
/// our orders (protocol sheet 7.10). So when it did not hear us in time, nothing that rests is believed in: nothing new goes out until
/// it hears us again and we have read what became of our orders. It beats also while nothing rests: the first order to rest must not be
/// the one that finds out that beats are not heard.
/// </summary>
internal sealed partial class DeadManSwitch(IVenue venue, Pacer pacer, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan VenuePatience = TimeSpan.FromSeconds(10);

    private Mark? _beat; // The start of the last one.
    private Mark? _heard; // The start of the last one that was answered.
    private string _trouble = "";
    private bool _isOn;
    private bool _isLost;
    private bool _isSilent;
    private int _silences; // After each the venue may have cancelled once more.
    private bool _isReading;

    /// <summary>Reads what became of what rests; false when the venue did not say. Set once, before the first tick.</summary>
    public Func<Task<bool>> Reread { get; set; } = () => Task.FromResult(true);

    /// <summary>How far the machine's clock is ahead of ours, which may stand still while the machine sleeps.</summary>
    public Func<TimeSpan> Drift { get; init; } = () => TimeSpan.Zero;

    /// <summary>Why nothing new goes out; empty when it may.</summary>
    public string Trouble => _isOn && IsUnheard ? "new orders rest: the venue does not hear that we live" : "";

    /// <summary>
    /// The venue may have cancelled what rests, and nobody has looked yet. False before the first beat: only then does it begin to listen.
    /// Counted from the start of a beat, which the venue heard a little later; after a freeze this is true before anything else happens.
    /// </summary>
    public bool IsUnheard => _isLost || Since(_heard) >= VenuePatience;

    /// <summary>Beats when it is time. Counted from the start of a beat: a slow answer must not use up the ten seconds.</summary>
    public async Task Tick(bool isOn)
    {
        _isOn = isOn;
        NoticeSilence();

        if (!isOn || _beat is not null && Since(_beat) < (_trouble.Length > 0 ? AgainAfter : Every)) return;

        var start = Now();
        _beat = start;
        _heard ??= start; // From now on it should.
        pacer.CountHeartbeat(time.Now());
        var trouble = (await venue.Heartbeat(CancellationToken.None))?.Why ?? "";
        NoticeSilence(); // It may have been heard only now.
        if (trouble.Length > 0) _beat = Now();
        else (_heard, _isSilent) = (start, false);

        if (trouble != _trouble)
        {
            if (trouble.Length > 0) LogUnheard(trouble);
            else LogHeard();
        }

        _trouble = trouble;
        if (trouble.Length == 0 && _isLost && !_isReading) _ = Read(); // Not waited for: the next beat must not be late.
    }

    /// <summary>Call before another beat counts as heard.</summary>
    private void NoticeSilence()
    {
        var isSilent = Since(_heard) >= VenuePatience;
        if (isSilent && !_isSilent) _silences++;
        _isSilent = isSilent;
        if (!isSilent || _isLost) return;

        _isLost = true;
        if (_isOn) LogLost();
    }

    private async Task Read()
    {
        _isReading = true;
        try
        {
            var silences = _silences;
            if (!await Reread() || silences != _silences || Since(_heard) >= VenuePatience) return; // The next beat that is heard tries again.

            _isLost = false;
            LogRead();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnread(e);
        }
        finally
        {
            _isReading = false;
        }
    }

    private Mark Now() => new(time.Now() + Drift(), time.GetTimestamp());

    /// <summary>By the clock that says more: one of them stands still while a machine sleeps, the other may be set back.</summary>
    private TimeSpan Since(Mark? mark)
    {
        if (mark is not { } from) return TimeSpan.Zero;

        var (clock, counter) = (time.Now() + Drift() - from.At, time.GetElapsedTime(from.Stamp));
        return clock > counter ? clock : counter;
    }

    [LoggerMessage(LogLevel.Warning, "The venue did not hear that we live, and cancels our orders when it does not for ten seconds: {Why}")]
    private partial void LogUnheard(string why);

    [LoggerMessage(LogLevel.Information, "The venue hears again that we live")]
    private partial void LogHeard();

    [LoggerMessage(LogLevel.Error, "The venue has not heard for ten seconds that we live: it may have cancelled what rests, and no new orders go out")]
    private partial void LogLost();

    [LoggerMessage(LogLevel.Information, "What became of resting orders is known again: new orders go out")]
    private partial void LogRead();

    [LoggerMessage(LogLevel.Error, "What became of resting orders could not be taken")]
    private partial void LogUnread(Exception exception);

    /// <param name="At">By the machine's clock.</param>
    private readonly record struct Mark(Instant At, long Stamp);
}
