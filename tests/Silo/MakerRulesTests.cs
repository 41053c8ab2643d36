using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Silo.Hosting;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Silo;

/// <summary>What the configuration says about quotes arrives where it is obeyed.</summary>
public class MakerRulesTests
{
    [Fact]
    public void Nothing_rests_unless_it_is_switched_on() => Assert.Null(SiloSetup.RulesOf(PolyArbOptions.Defaults, "test").Edge.Maker);

    [Fact]
    public void Every_parameter_of_a_quote_and_of_its_clocks_arrives()
    {
        var defaults = PolyArbOptions.Defaults;
        var rules = SiloSetup.RulesOf(
            defaults with
            {
                Maker = new MakerOptions
                {
                    Enabled = true,
                    Markets = [new MarketId("0xaa")],
                    Size = Size.Shares(30),
                    ImproveTicks = 2,
                    SkewTicks = 3,
                    MaxInventory = Size.Shares(40),
                },
                Order = defaults.Order with
                {
                    DefaultTtl = TimeSpan.FromSeconds(9),
                    MinLifetime = TimeSpan.FromSeconds(2),
                    MaxCancelsPerSecondPerMarket = 4,
                },
                Control = defaults.Control with { PauseCancels = true },
            },
            "test");

        var maker = rules.Edge.Maker!;
        Assert.Equal([new MarketId("0xaa")], maker.Markets);
        Assert.Equal((Size.Shares(30), 2, 3, Size.Shares(40)), (maker.Size, maker.ImproveTicks, maker.SkewTicks, maker.MaxInventory));
        Assert.Equal(TimeSpan.FromSeconds(2), maker.MinLifetime);
        Assert.Equal((TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(2), 4), (rules.Resting.Ttl, rules.Resting.MinLifetime, rules.Resting.CancelsPerSecond));
        Assert.True(rules.PauseCancels);
    }
}
