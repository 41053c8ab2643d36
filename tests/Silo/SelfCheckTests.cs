using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Silo.Hosting;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo;

public class SelfCheckTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(30_000, null)]
    [InlineData(30_001, "overload: 30001 inputs waiting")]
    public void Above_the_watermark_it_complains(int waiting, string? complaint) =>
        Assert.Equal(complaint, new SelfCheck(new Fed(waiting), waitingMax: 30_000, clock: null).Complaint);

    [Theory]
    [InlineData(2, null)]
    [InlineData(-2, null)]
    [InlineData(3_600, "the machine's clock was moved forward by 3600 s")]
    [InlineData(-3_600, "the machine's clock was moved back by 3600 s")]
    public void A_clock_that_was_set_is_a_complaint_and_one_that_is_corrected_is_none(int seconds, string? complaint)
    {
        var machine = new Standing();
        var self = new SelfCheck(new Fed(0), waitingMax: 1, new SteadyTime(machine));

        machine.Now += TimeSpan.FromSeconds(seconds);

        if (complaint is null) Assert.Null(self.Complaint);
        else Assert.StartsWith(complaint, self.Complaint, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(seconds), self.Moved);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_steady_time_goes_on_as_time_passes_wherever_the_machine_s_clock_is_set(int hours)
    {
        var machine = new ShiftedTime();
        var time = new SteadyTime(machine);
        var before = time.GetUtcNow();

        machine.Shift(TimeSpan.FromHours(hours));

        Assert.InRange(time.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.InRange((time.Moved - TimeSpan.FromHours(hours)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private sealed class Fed(int waiting) : IMarketFeed
    {
        public StreamHealth Health => new(StreamState.Live, "");

        public int Waiting => waiting;

        public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver) => 0;

        public void Unfollow(MarketId market, long session)
        {
        }

        public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions) => true;

        public void Resync(MarketId market, long session)
        {
        }
    }

    /// <summary>No time passes; the clock is set.</summary>
    private sealed class Standing : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => 0;
    }
}
