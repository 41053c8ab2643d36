using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Simulation;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>How long messages travel to the simulated venue and back, worked out by hand.</summary>
public class LatencyModelTests
{
    private static readonly ImmutableArray<TimeSpan> Series = [Ms(80), Ms(75), Ms(80), Ms(900)];

    /// <summary>What each of the equally likely choices is.</summary>
    [Theory]
    [InlineData("constant", 1, 0, 80_000)]
    [InlineData("between", 20_001, 0, 60_000)]
    [InlineData("between", 20_001, 1, 60_001)]
    [InlineData("between", 20_001, 20_000, 80_000)]
    [InlineData("recorded", 4, 0, 80_000)]
    [InlineData("recorded", 4, 1, 75_000)]
    [InlineData("recorded", 4, 3, 900_000)]
    public void Every_choice_is_a_span_of_the_model(string model, int choices, int number, int micros)
    {
        LatencyModel latency = model switch
        {
            "constant" => new LatencyModel.Constant(Ms(80)),
            "between" => new LatencyModel.Between(Ms(60), Ms(80)),
            _ => new LatencyModel.Recorded(Series),
        };

        Assert.Equal((ulong)choices, latency.Choices);
        Assert.Equal(TimeSpan.FromMicroseconds(micros), latency.Choice((ulong)number));
    }

    [Fact]
    public void A_recorded_series_is_drawn_as_often_as_it_was_seen_its_tail_included()
    {
        var venue = Venue(new LatencyModel.Recorded(Series), seed: 3);
        var drawn = Enumerable.Range(0, 4_000).Select(_ => venue.OutLatency()).CountBy(span => span).ToDictionary();

        Assert.Equal(3, drawn.Count);
        Assert.InRange(drawn[Ms(80)], 1_900, 2_100); // 2,000 within three deviations, and 1,000 below.
        Assert.InRange(drawn[Ms(75)], 915, 1_085);
        Assert.InRange(drawn[Ms(900)], 915, 1_085);
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_one_does_not()
    {
        Assert.Equal(Drawn(5), Drawn(5));
        Assert.NotEqual(Drawn(5), Drawn(6));

        static string Drawn(ulong seed)
        {
            var venue = Venue(new LatencyModel.Between(Ms(1), Ms(60)), seed);
            return string.Join(' ', Enumerable.Range(0, 20).Select(_ => venue.OutLatency().TotalMicroseconds));
        }
    }

    /// <summary>So that two runs that differ in one thing differ in nothing else.</summary>
    [Fact]
    public void What_is_drawn_on_the_way_out_changes_nothing_on_the_way_back()
    {
        var (asked, unasked) = (Venue(new LatencyModel.Between(Ms(1), Ms(60)), 7), Venue(new LatencyModel.Between(Ms(1), Ms(60)), 7));
        var first = asked.OutLatency();
        for (var i = 0; i < 10; i++) asked.OutLatency();

        var back = asked.BackLatency();
        Assert.Equal(unasked.BackLatency(), back);
        Assert.NotEqual(first, back);
    }

    /// <summary>Worked out by another program: a replay of years ago must draw what it drew.</summary>
    [Fact]
    public void Draws_are_the_same_on_any_machine()
    {
        var draws = new Draws(0, DrawOf.OutLatency);
        Assert.Equal([652, 701, 387, 656, 787, 146], Enumerable.Range(0, 6).Select(_ => (int)draws.Below(1_000)));
    }

    private static SimulatedVenue Venue(LatencyModel both, ulong seed) =>
        new(Tape.Rules with { Out = both, Back = both }, seed, Usd.Zero, _ => null);

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
