using Microsoft.Extensions.Time.Testing;
using PolyArb.Silo.Replay;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo;

public class ReplayPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("1", 60_000)]
    [InlineData("10", 6_000)]
    [InlineData("0.5", 120_000)]
    public void An_input_waits_for_its_time_since_the_first(string speed, int millis)
    {
        var pace = new ReplayPace(decimal.Parse(speed, System.Globalization.CultureInfo.InvariantCulture), _time);
        Assert.Equal(TimeSpan.Zero, pace.Left(Given.After(5)));
        Assert.Equal(TimeSpan.FromMilliseconds(millis), pace.Left(Given.After(65)));

        _time.Advance(TimeSpan.FromMilliseconds(millis - 1));
        Assert.Equal(TimeSpan.FromMilliseconds(1), pace.Left(Given.After(65)));
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(TimeSpan.FromMilliseconds(-1), pace.Left(Given.After(65))); // Late: it is played at once, and the next on time again.
    }

    [Fact]
    public void A_pace_that_would_take_for_ever_only_waits() =>
        Assert.True(Started("0.000001").Left(Given.After(1e9)) > TimeSpan.FromDays(10_000));

    [Fact]
    public async Task It_blocks_until_then_and_tells_that_it_waits()
    {
        var (pace, told) = (Started("1"), 0);
        var waiting = Task.Run(() => pace.WaitFor(Given.After(3), () => Interlocked.Increment(ref told), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, TestContext.Current.CancellationToken); // For the other thread to set its next timer.
        }

        await waiting;
        Assert.InRange(pace.Left(Given.After(3)), TimeSpan.MinValue, TimeSpan.FromMilliseconds(1));
        Assert.InRange(told, 3, int.MaxValue); // Never longer than a second at once.
        pace.WaitFor(Given.After(2), () => Assert.Fail("it is late already"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_cancels_does_not_wait()
    {
        using var over = new CancellationTokenSource();
        var pace = Started("1");
        var waiting = Task.Run(() => pace.WaitFor(Given.After(3_600), over.Cancel, over.Token), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private ReplayPace Started(string speed)
    {
        var pace = new ReplayPace(decimal.Parse(speed, System.Globalization.CultureInfo.InvariantCulture), _time);
        pace.Left(Given.Noon);
        return pace;
    }
}
