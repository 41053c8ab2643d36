using Xunit;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>Noise is not a leak, and a leak is one in any noise.</summary>
public sealed class FlatnessTests
{
    [Theory]
    [InlineData(180, 2, 256)]
    [InlineData(3_600, 5, 48)]
    public void Saw_teeth_of_a_collector_with_spikes_are_flat(int seconds, int every, double allowed)
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var verdict = Flatness.Of("memory", "MB", SawTeeth(seconds, every, leak: 0, seed), allowed);
            Assert.True(verdict.Holds, $"seed {seed}: {verdict}");
        }
    }

    [Theory]
    [InlineData(180, 2, 256, 3.4)] // 700 bytes an event: whoever keeps its frame.
    [InlineData(3_600, 5, 48, 0.03)] // 6 bytes an event.
    public void A_leak_under_them_is_found(int seconds, int every, double allowed, double megabytesPerSecond)
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var verdict = Flatness.Of("memory", "MB", SawTeeth(seconds, every, megabytesPerSecond, seed), allowed);
            Assert.False(verdict.Holds, $"seed {seed}: {verdict}");
        }
    }

    [Fact]
    public void What_grows_while_it_warms_up_is_not_judged()
    {
        var series = SawTeeth(180, 2, leak: 0, seed: 1).Select(sample => (sample.Seconds, sample.Value + (Math.Min(sample.Seconds, 60) * 5))).ToArray();

        Assert.True(Flatness.Of("memory", "MB", series, allowed: 48).Holds);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public void A_handle_lost_every_few_seconds_is_found_among_sockets_that_come_and_go(int every, bool isFlat)
    {
        var random = new Random(5);
        var series = Enumerable.Range(1, 90).Select(n => (Seconds: n * 2.0, Value: 200.0 + random.Next(12) + (every == 0 ? 0 : n * 2 / every))).ToArray();

        Assert.Equal(isFlat, Flatness.Of("handles", "", series, allowed: 10).Holds);
    }

    [Fact]
    public void Too_few_samples_are_no_verdict() =>
        Assert.Throws<ArgumentException>(() => Flatness.Of("memory", "MB", SawTeeth(180, 20, leak: 0, seed: 1), allowed: 48));

    /// <summary>Rises by up to 64 MB and falls again at each collection, about every four seconds; now and then something takes 150 MB for a moment.</summary>
    private static (double Seconds, double Value)[] SawTeeth(int seconds, int every, double leak, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, seconds / every).Select(n => (
            (double)n * every,
            400 + (random.NextDouble() * 64) + (random.Next(20) == 0 ? 150 : 0) + (n * every * leak)))];
    }
}
