using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class MarketFlowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_minutes_of_flow_conserve_money_never_cross_a_book_and_misprice_an_event_both_ways(ulong seed)
    {
        var clock = new FakeTimeProvider();
        var exchange = new Exchange(WorldBuilder.Build(seed), seed, clock);
        new MarketFlow(exchange, seed, speedPercent: 100).Start(quiet: false);
        exchange.Ledger.AssertConserved();
        var (rich, cheap) = (0, 0);
        for (var i = 0; i < 12_000; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            exchange.Agenda.RunDue();
            foreach (var market in exchange.World.Conditions.Select(exchange.MarketOf))
            {
                var (bid, ask) = market.Top(0);
                Assert.True(bid is null || ask is null || bid < ask, $"seed {seed}, step {i}: {bid} is not below {ask}");
            }

            foreach (var conditions in exchange.World.Events)
            {
                if (Edge(exchange, conditions, bids: true) > 0) rich++;
                if (Edge(exchange, conditions, bids: false) > 0) cheap++;
            }
        }

        exchange.Ledger.AssertConserved();
        Assert.InRange(exchange.Changes, 100 * 120, 200 * 120);
        Assert.InRange(rich, 100, 9_000);
        Assert.InRange(cheap, 100, 9_000);
    }

    [Fact]
    public void The_same_seed_makes_the_same_day()
    {
        Assert.Equal(Day(5), Day(5));
        Assert.NotEqual(Day(5), Day(6));
    }

    private static string Day(ulong seed)
    {
        var clock = new FakeTimeProvider();
        var exchange = new Exchange(WorldBuilder.Build(seed), seed, clock);
        new MarketFlow(exchange, seed, speedPercent: 100).Start(quiet: false);
        for (var i = 0; i < 500; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            exchange.Agenda.RunDue();
        }

        return string.Join(',', exchange.World.Conditions.Select(c => exchange.MarketOf(c).Hash(0)));
    }

    /// <summary>What buying one of each (NO against the bids, YES against the asks) earns after fees, in micros a basket.</summary>
    private static long Edge(Exchange exchange, IReadOnlyList<Condition> conditions, bool bids)
    {
        long edge = bids ? -Units.MicrosOne : Units.MicrosOne;
        foreach (var condition in conditions)
        {
            var (bid, ask) = exchange.MarketOf(condition).Top(0);
            if ((bids ? bid : ask) is not { } price) return 0;

            edge += (bids ? price : -price) * 100L - (condition.Fee?.Charge([(Units.MicrosOne, price)]) ?? 0);
        }

        return edge;
    }
}
