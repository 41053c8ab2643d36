using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What a guard decides is carried out beyond its desk.</summary>
public class GuardDayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>It is to earn twice what it was expected to, which no basket does.</summary>
    [Fact]
    public async Task A_market_whose_edges_melt_is_switched_off_for_its_next_life_too()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { Guards = edge.Guards with { DecayMinTrades = 1, DecayMinRatioBps = 20_000 } });
        day.Offer();
        await day.Closed();

        var registry = day.Day.Grains.GetGrain<IRegistryGrain>(0);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        MarketLine line;
        do line = (await registry.List()).Single(market => market.Id == day.Market);
        while (line.IsEnabled && !deadline.IsCancellationRequested);

        Assert.Equal((false, "switched off"), (line.IsEnabled, line.Why));
    }
}
