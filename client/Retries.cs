using System.Reflection;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client;

/// <summary>
/// A silo may go while we talk to it, and another take over. Whoever was not reached is asked again for a few seconds: reading changes nothing, the
/// operator's verbs name a state to be in, and a backtest that was begun goes on. Only a resume is not said again when it may have been heard. Who
/// does not answer is asked again where that can do no harm (<see cref="AskedAnew"/>).
/// </summary>
/// <param name="timeout">Longest wait for one answer.</param>
internal sealed class Retries(TimeSpan timeout, TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A cluster has found another gateway by then, or there is none: a verb answers within five seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await (AskedAnew.Is(context.InterfaceMethod) ? context.Invoke().WaitAsync(Left(began), time) : context.Invoke());
                return;
            }
            catch (Exception e) when (IsOfTheWay(e) && !MayUndo(context.InterfaceMethod, e) && time.GetElapsedTime(began) < Longest)
            {
                await Task.Delay(Pause, time);
            }
            catch (TimeoutException) when (AskedAnew.Is(context.InterfaceMethod) && Left(began) > TimeSpan.Zero)
            {
                // At once: it has waited long enough.
            }
        }
    }

    private TimeSpan Left(long began) => timeout - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whoever was asked has gone, or has not heard of it: not what he answered.</summary>
    private static bool IsOfTheWay(Exception e) =>
        e is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException || NoAnswer.IsNotFoundInTime(e);

    /// <summary>A silo that went with a resume in hand may have passed it on; said again it would undo a pause or a kill of that moment.</summary>
    private static bool MayUndo(MethodInfo method, Exception e) => method.Name == nameof(IControl.Resume) && e is SiloUnavailableException;
}
