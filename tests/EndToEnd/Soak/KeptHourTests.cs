using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>The hour that docs/soak.md shows, judged by the rules as they are now.</summary>
public sealed class KeptHourTests
{
    private static readonly JsonElement Hour = JsonDocument.Parse(Repository.Text("docs/soak/hour.json")).RootElement;

    private static readonly SoakSample[] Samples = [.. Hour.GetProperty("series").EnumerateArray().Select(row => SoakSample.Read(row.Deserialize<double[]>()!))];

    [Fact]
    public void It_was_an_hour_without_anything_unexplained_lost_or_left()
    {
        Assert.Equal(string.Join(' ', SoakSample.Columns), string.Join(' ', Hour.GetProperty("columns").EnumerateArray().Select(name => name.GetString())));
        Assert.InRange(Hour.GetProperty("seconds").GetInt32(), 3_590, 3_700);
        Assert.Empty(Hour.GetProperty("unexplained").EnumerateArray());
        Assert.True(Hour.GetProperty("ledgersAreEqual").GetBoolean());
        Assert.Equal(0, Hour.GetProperty("unresolved").GetInt32());
    }

    [Fact]
    public void It_is_flat() => Assert.All(SoakResult.VerdictsOn(Samples), verdict => Assert.True(verdict.Holds, $"{verdict}"));

    /// <summary>Its own noise would not have hidden them.</summary>
    [Fact]
    public void With_six_bytes_lost_an_event_and_a_handle_every_three_minutes_it_would_not_have_been()
    {
        var leaking = Samples.Select(sample => sample with
        {
            Resident = sample.Resident + (sample.Events * 6.0 / (1 << 20)),
            Heap = sample.Heap + (sample.Events * 6.0 / (1 << 20)),
            Handles = sample.Handles + (int)(sample.Seconds / 180),
            Threads = sample.Threads + (int)(sample.Seconds / 180),
        });

        Assert.All(SoakResult.VerdictsOn([.. leaking]), verdict => Assert.False(verdict.Holds, $"{verdict}"));
    }
}
