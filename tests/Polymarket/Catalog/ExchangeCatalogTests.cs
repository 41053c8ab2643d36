using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;
using Their = PolyArb.Simulator.World.Condition;

namespace PolyArb.Tests.Polymarket.Catalog;

/// <summary>The catalogue against the local exchange, over real HTTP.</summary>
public sealed class ExchangeCatalogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("full", false)]
    [InlineData("full", true)]
    [InlineData("protocol-v2", false)]
    [InlineData("default", false)]
    [InlineData("crypto", true)]
    public async Task Lists_exactly_what_the_exchange_lists_with_its_tokens_ticks_and_fees(string scenario, bool allowsAnyLabels)
    {
        bool IsTraded(Their c) => !c.IsOther && (allowsAnyLabels || c.Outcomes is ["Yes", "No"]);

        await using var exchange = await Exchange(scenario);
        await using var services = Services(exchange, allowsAnyLabels);
        var world = exchange.Exchange.World.Listed;

        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await services.GetRequiredService<ICatalog>().List(Stop)).Value;
        var reading = await services.GetRequiredService<ICatalog>().Read([.. listing.Markets.Select(listed => listed.Market.Id)], Stop);

        Assert.Null(reading.Problem);
        Assert.Equal(1, listing.Requests);
        Assert.Equal(
            world.GroupBy(c => c.NegRisk ? c.NegRiskMarketId : c.Id).Select(group => group.Key).Order(StringComparer.Ordinal),
            reading.Markets.Select(listed => listed.Market.Id.Text).Order(StringComparer.Ordinal));
        foreach (var (market, notTraded) in reading.Markets)
        {
            var theirs = world.Where(c => (c.NegRisk ? c.NegRiskMarketId : c.Id) == market.Id.Text).ToArray();
            Assert.Equal(theirs.Select(c => c.Id), market.Conditions.Select(condition => condition.Id.Text));
            Assert.Equal((theirs[0].NegRisk, true, theirs[0].Event.Augmented), (market.NegRisk, market.IsWhole, market.IsAugmented));
            foreach (var (condition, their) in market.Conditions.Zip(theirs)) AssertSame(condition, their, IsTraded(their));
            Assert.Equal(theirs.Where(c => !IsTraded(c)).Select(c => c.Id), notTraded.Select(refused => refused.Condition.Text));
        }
    }

    /// <summary>The last question of an event is the one whose absence leaves no gap in the numbers.</summary>
    [Fact]
    public async Task An_event_with_a_condition_that_the_order_book_hides_is_not_whole_and_its_other_legs_may_be_traded()
    {
        await using var exchange = await Exchange("default");
        await using var services = Services(exchange);
        var hidden = exchange.Exchange.World.Events.First()[^1];
        lock (exchange.Exchange.Gate)
        {
            exchange.Exchange.Faults.Load(new FaultPlan(1, [new Fault(FaultKind.Hydration404, 0, 0, 1, hidden.Tokens[0], 3_600_000)]));
        }

        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await services.GetRequiredService<ICatalog>().List(Stop)).Value;
        var reading = await services.GetRequiredService<ICatalog>().Read([new MarketId(hidden.NegRiskMarketId)], Stop);

        var (market, notTraded) = Assert.Single(reading.Markets);
        Assert.Equal((false, 5), (market.IsWhole, market.Conditions.Length));
        Assert.False(Exhaustiveness.Holds(market));
        Assert.Equal(new NotTraded(new ConditionId(hidden.Id), "the order book does not know it yet"), Assert.Single(notTraded));
        Assert.All(market.Conditions.Take(4), condition => Assert.True(condition is { IsTradable: true, Fee: not null }));
        Assert.Contains(listing.Markets, listed => listed.Market.Id == market.Id && listed.Market.Conditions.Length == 5);
    }

    [Fact]
    public async Task A_closed_condition_and_another_tick_are_seen_at_the_next_reading()
    {
        await using var exchange = await Exchange("default");
        await using var services = Services(exchange);
        var catalog = services.GetRequiredService<ICatalog>();
        var (first, second) = (exchange.Exchange.World.Conditions[0], exchange.Exchange.World.Conditions[1]);
        MarketId[] both = [new(first.Id), new(second.Id)];
        Assert.All((await catalog.Read([.. both], Stop)).Markets, listed => Assert.Empty(listed.NotTraded));

        Assert.Null(exchange.Exchange.Life.Close(first));
        Assert.Null(exchange.Exchange.Life.ChangeTick(second, 10));
        var after = (await catalog.Read([.. both], Stop)).Markets.ToDictionary(listed => listed.Market.Id.Text, listed => listed.Market.Conditions[0]);

        Assert.Equal((true, false), (after[first.Id].IsClosed, after[first.Id].IsTradable));
        Assert.Equal((false, true, new Price(10)), (after[second.Id].IsClosed, after[second.Id].IsTradable, after[second.Id].Tick));
    }

    [Fact]
    public async Task Pages_of_many_markets_are_one_list()
    {
        var scenario = ScenarioFile.Read("many.yaml", "description: many\nmarkets:\n  - {question: Will it rain?, category: weather, count: 730}\n");
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Flow = false, Scenario = scenario }, Stop);
        await using var services = Services(exchange);

        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await services.GetRequiredService<ICatalog>().List(Stop)).Value;

        Assert.Equal((8, 730), (listing.Requests, listing.Markets.Select(listed => listed.Market.Id).Distinct().Count()));
    }

    private static void AssertSame(PolyArb.Domain.Condition ours, Their theirs, bool isTraded)
    {
        Assert.Equal((theirs.Id, theirs.Question, theirs.Tokens[0], theirs.Tokens[1]), (ours.Id.Text, ours.Question, ours.Yes.Text, ours.No.Text));
        Assert.Equal((theirs.Tick, theirs.MinSize, theirs.NegRisk), (ours.Tick.Ticks, ours.MinOrderSize.Micros, ours.NegRisk));
        Assert.Equal(theirs.ProtocolV2 ? ProtocolVersion.V2 : ProtocolVersion.V1, ours.Protocol);
        Assert.Equal(theirs.NegRisk ? Convert.ToInt32(theirs.QuestionId[^2..], 16) : null, ours.QuestionIndex);
        Assert.Equal(isTraded, ours.IsTradable);
        if (!isTraded) return; // Its terms are not asked for.

        Assert.Equal(theirs.HoldsTakers || theirs.SecondsDelay > 0, ours.DelaysTakers);
        Assert.Equal(theirs.Fee is { } fee ? new FeeCurve(fee.Rate * 100, fee.Exponent) : FeeCurve.Free, ours.Fee);
    }

    private static Task<ExchangeHost> Exchange(string scenario) =>
        ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true, Scenario = ScenarioFile.Load(scenario) }, Stop);

    private static ServiceProvider Services(ExchangeHost exchange, bool allowsAnyLabels = false) => new ServiceCollection().AddLogging().AddPolymarket(new VenueOptions
    {
        RestUrl = new Uri($"http://127.0.0.1:{exchange.Port}"),
        WsUrl = new Uri($"ws://127.0.0.1:{exchange.Port}/ws"),
        GammaUrl = new Uri($"http://127.0.0.1:{exchange.Port}/gamma"),
        ChainId = 137,
        AllowNonstandardLabels = allowsAnyLabels,
    }).BuildServiceProvider();
}
