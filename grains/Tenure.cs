using Microsoft.Extensions.Logging;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// A gateway's right to send. It believes in its lease from the moment it asked for it, not from when it was answered, and for less time than
/// the database does: so it has stopped before another can begin, also when its process was frozen meanwhile.
/// </summary>
internal sealed partial class Tenure(IGatewayLease lease, string owner, long fence, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _asked; // When the last renewal that was granted was asked for; zero: none was.
    private bool _isTold; // That it was lost, or waits.

    /// <summary>Nobody else sends. Asked before every send, and takes no time.</summary>
    public bool IsHeld => lease.IsSole ? _begun.Task.IsCompleted : Volatile.Read(ref _asked) is not 0 and var asked && time.GetElapsedTime(asked) < Believed;

    /// <summary>Completes when it is held for the first time: no other gateway sends from then on.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Renews it until cancelled. Not on the gateway's own turn, which may be busy.</summary>
    public async Task Keep(CancellationToken stopping)
    {
        while (!(lease.IsSole && IsHeld))
        {
            await Task.WhenAny(Task.Delay(Period, time, stopping));
            if (stopping.IsCancellationRequested) return;

            await Renew();
        }
    }

    /// <summary>Once nothing of ours is on the wire any more.</summary>
    public async Task Release()
    {
        Volatile.Write(ref _asked, 0);
        try
        {
            await lease.Release(owner, fence);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogKept(logger, e.Message); // It runs out by itself.
        }
    }

    /// <summary>The first time before anything else is begun. Never throws: who does not get it waits.</summary>
    public async Task Renew()
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await lease.Take(owner, fence, Length))
            {
                Volatile.Write(ref _asked, asked);
                if (_begun.TrySetResult() || _isTold) LogHeld(logger, fence);
                _isTold = false;
            }
            else
            {
                Tell("another gateway's has not run out");
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Tell(e.Message);
        }
    }

    private void Tell(string why)
    {
        if (_isTold || IsHeld) return;

        _isTold = true;
        LogWaits(logger, fence, why);
    }

    [LoggerMessage(LogLevel.Information, "Gateway {Fence} holds the lease: it may send")]
    private static partial void LogHeld(ILogger logger, long fence);

    [LoggerMessage(LogLevel.Warning, "Gateway {Fence} does not hold the lease, and sends nothing: {Why}")]
    private static partial void LogWaits(ILogger logger, long fence, string why);

    [LoggerMessage(LogLevel.Warning, "The gateway's lease was not given up, and runs out by itself: {Why}")]
    private static partial void LogKept(ILogger logger, string why);
}
