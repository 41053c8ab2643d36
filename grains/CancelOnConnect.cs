using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// Where it is asked for: at a start, and when the user stream connects again, everything of ours at the venue is cancelled before
/// anything else, also what our journal does not know. Asked for again until the venue has answered.
/// </summary>
internal sealed partial class CancelOnConnect(GatewayBooks books, IVenue venue, Func<string, Task> pullAll, bool isOn, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private bool _wasConnected = true; // The start counts as one.
    private Instant _next;

    public void Connected() => _wasConnected = true;

    /// <summary>True when nothing is left to do. What we know of is a fact first; each of those orders ends by its own news.</summary>
    public async Task<bool> Tick()
    {
        if (!isOn || !_wasConnected) return true;
        if (time.Now() < _next) return false;

        _next = time.Now() + AgainAfter;
        _wasConnected = false; // A connection that comes meanwhile asks for another one.
        VenueAnswer<CancelAnswer> said;
        try
        {
            await pullAll("connected");
            said = await venue.CancelAll(CancellationToken.None);
        }
        catch
        {
            _wasConnected = true;
            throw;
        }

        if (said is not VenueAnswer<CancelAnswer>.Ok(var answer))
        {
            _wasConnected = true;
            return false;
        }

        LogCanceled(logger, answer.Canceled.Length);
        var strangers = answer.Canceled.Where(order => books.Blotter.Find(order) is null).ToArray();
        if (strangers.Length > 0)
            await books.Record(new Fact.ErrorNoted(time.Now(), "connect", $"canceled orders that the journal does not know: {string.Join(' ', strangers)}"));
        return !_wasConnected;
    }

    [LoggerMessage(LogLevel.Warning, "Connected: everything at the venue is canceled, {Count} orders")]
    private static partial void LogCanceled(ILogger logger, int count);
}
