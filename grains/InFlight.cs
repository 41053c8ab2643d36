using Microsoft.Extensions.Logging;

namespace PolyArb.Grains;

/// <summary>Sends whose answers have not been applied yet. A stop waits for them: after that nothing of ours is on the wire.</summary>
internal sealed partial class InFlight(ILogger logger)
{
    private readonly List<Task> _sends = [];

    public void Track(Task send)
    {
        _sends.RemoveAll(task => task.IsCompleted);
        _sends.Add(Guarded(send));
    }

    public Task Drained() => Task.WhenAll(_sends);

    private async Task Guarded(Task send)
    {
        try
        {
            await send;
        }
        catch (Exception e)
        {
            LogLost(logger, e); // The orders stay in flight on the blotter, and recovery asks the venue about them.
        }
    }

    [LoggerMessage(LogLevel.Error, "An answer of the venue could not be applied")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
