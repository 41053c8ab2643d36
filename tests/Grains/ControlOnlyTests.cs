using Orleans.Core.Internal;
using Orleans.Runtime;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What a client outside the cluster reaches.</summary>
public class ControlOnlyTests
{
    private const string Token = "sesame-sesame-sesame";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_may_steer_and_read_but_neither_play_a_grain_nor_move_one()
    {
        await using var day = await Day.Start(seed: 16, Cancellation, startPaused: true);
        var gateway = day.Client.GetGrain<IOrderGatewayGrain>(0);

        Assert.Equal(TradingState.Paused, (await day.Client.GetGrain<IControl>(0).Status()).State);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => day.Client.GetGrain<IPortfolioGrain>(0).View());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => gateway.BusyMarkets());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => day.Client.GetGrain<IRegistryGrain>(0).Switch([], on: true, "me"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => gateway.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation).AsTask());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => day.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task Where_a_token_is_set_only_its_holder_steers()
    {
        await using var day = await Day.Start(
            new DayPlan { Exchange = new ExchangeOptions { Seed = 16 }, StartPaused = true, Door = new ControlDoor(Token, isLoopback: true) }, Cancellation);
        var control = day.Client.GetGrain<IControl>(0);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => control.Kill("nobody", "no"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => control.SwitchMarkets([], on: true, "nobody"));
        RequestContext.Set(ControlCall.Token, "sesame-sesame-sesamE");
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => control.Kill("nobody", "no"));
        Assert.Equal(TradingState.Paused, (await control.Status()).State);

        RequestContext.Set(ControlCall.Token, Token);
        await control.Kill("ann", "yes");
        Assert.Equal(TradingState.Safe, (await control.Status()).State);
    }

    [Fact]
    public async Task Who_switched_a_market_is_a_fact_and_an_unknown_one_switches_nothing()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Registry.Learn(
            [new MarketSummary(Tests.Domain.Given.Event, "Who wins?", [Tests.Domain.Given.Condition(0).Id], IsTradable: true, "")], enableAll: true, []);

        var unknown = await cluster.Gateway.SwitchMarkets([Tests.Domain.Given.Event.Text, "0xdead"], on: false, "ann@desk");
        Assert.Equal(["0xdead"], unknown.Unknown);
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.OperatorActed>());

        var answer = await cluster.Gateway.SwitchMarkets([Tests.Domain.Given.Event.Text], on: false, "ann@desk");
        Assert.Equal([Tests.Domain.Given.Event], answer.Switched);
        Assert.Empty((await cluster.Registry.Enabled())!);
        var acted = Assert.Single(cluster.Journal.Facts.OfType<Fact.OperatorActed>());
        Assert.Equal(("ann@desk", $"markets off {Tests.Domain.Given.Event}"), (acted.By, acted.What));

        cluster.Journal.Fails = fact => fact is Fact.OperatorActed;
        Assert.Equal("disk full", (await cluster.Gateway.SwitchMarkets([Tests.Domain.Given.Event.Text], on: true, "ann@desk")).Unwritten);
        Assert.Equal([Tests.Domain.Given.Event], (await cluster.Registry.Enabled())!.Value);
    }
}
