using Microsoft.Extensions.Time.Testing;
using PolyArb.Tests.Grains;

namespace PolyArb.Tests;

internal static class PassingTime
{
    /// <summary>What the clock woke gets a turn, and real answers come before their deadline on it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);

    /// <summary>Time goes by, a step after the other, until it holds; for half a minute of the real one at most.</summary>
    public static Task Until(FakeTimeProvider clock, TimeSpan step, Func<bool> holds) => FaultDay.Until(async () =>
    {
        clock.Advance(step);
        await Task.Delay(Turn, CancellationToken.None);
        return holds();
    });
}
