namespace PolyArb.Silo.Hosting;

/// <summary>What is done again and again in the background, until the end.</summary>
internal static class Rounds
{
    /// <summary>The first round at once, the next ones a period apart, never two at a time. Returns when canceled.</summary>
    /// <param name="round">What it throws ends all rounds.</param>
    public static async Task Run(TimeSpan period, TimeProvider time, Func<CancellationToken, Task> round, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            do
            {
                await round(stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }
}
