using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace PolyArb.Client;

/// <summary>
/// A silo may go while we talk to it, and another take over: what it was asked is asked again for a few seconds. Every call may be: reading changes
/// nothing, the operator's verbs name a state to be in, and a backtest that was begun goes on.
/// </summary>
internal sealed class Retries(TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A cluster has found another gateway by then, or there is none: a verb answers within five seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    /// <summary>For a start: no silo of those named answers yet.</summary>
    private static readonly TimeSpan ConnectFor = TimeSpan.FromSeconds(3);

    private readonly long _started = time.GetTimestamp();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception e) when (IsOfTheWay(e) && time.GetElapsedTime(began) < Longest)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    public async Task<bool> Connects(Exception e, CancellationToken cancellation)
    {
        if (time.GetElapsedTime(_started) > ConnectFor) return false;

        await Task.Delay(Pause, time, cancellation);
        return true;
    }

    /// <summary>Whoever was asked has gone, or has not heard of it: not what he answered.</summary>
    private static bool IsOfTheWay(Exception e) => e is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;
}
