using System.Globalization;
using PolyArb.Tests.EndToEnd.Soak;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>
/// Three minutes of what docs/soak.md shows an hour of: POLYARB_SOAK_SECONDS makes it longer, POLYARB_SOAK_RESULT names a file for what came of it.
/// </summary>
[Collection(nameof(EndToEnd))]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 9;

    /// <summary>Half of what the scenario sends: less has soaked nothing. Slower machines than ours need not fail here.</summary>
    private const double EventsPerSecondMin = 2_500;

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Under_every_fault_memory_and_handles_stay_flat_every_complaint_has_its_fault_and_the_ledgers_are_equal()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("POLYARB_SOAK_SECONDS") ?? "180", CultureInfo.InvariantCulture);
        await using var run = await SoakRun.Start(_directory, Seed, Cancellation);
        await run.Watch(TimeSpan.FromSeconds(seconds), Cancellation);
        var result = await run.Finish(Cancellation);

        if (Environment.GetEnvironmentVariable("POLYARB_SOAK_RESULT") is { Length: > 0 } file) await Write(file, result);
        output.WriteLine(result.Document());
        Assert.Empty(result.Unexplained);
        Assert.All(result.Verdicts, verdict => Assert.True(verdict.Holds, $"{verdict}"));
        Assert.True(result.LedgersAreEqual, result.Error);
        Assert.Equal(0, result.Unresolved);
        Assert.True(result.EventsPerSecond > EventsPerSecondMin, $"{result.EventsPerSecond:F0} events a second");
        Assert.True(result.Report.GetProperty("baskets").GetProperty("completed").GetInt32() > 0, "nothing was traded");
    }

    /// <summary>Beside the result, each complaint with its time, for whoever asks what was explained.</summary>
    private static async Task Write(string file, SoakResult result)
    {
        await File.WriteAllLinesAsync(
            file + ".log", result.Complaints.Select(complaint => $"{complaint.At} [{Explanation.For(complaint, result.Faults)?.What ?? "UNEXPLAINED"}] {complaint.Text}"), Cancellation);
        await File.WriteAllTextAsync(file, result.Document(), Cancellation);
    }
}
