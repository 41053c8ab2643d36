using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class MarketFlowTests
{
    [Fact]
    public void The_house_can_pay_for_any_number_of_markets()
    {
        var scenario = ScenarioFile.Load("default").Resized(150);
        var exchange = new Exchange(WorldBuilder.Build(1, scenario, DateTimeOffset.UnixEpoch), 1, new FakeTimeProvider());

        new MarketFlow(exchange, 1, speedPercent: 100).Start(quiet: true);

        Assert.All(exchange.Ledger.Accounts.Where(a => a.House && a.Address != Ledger.FeeAccount), a => Assert.True(a.Cash > a.ReservedCash));
        exchange.Ledger.AssertConserved();
    }

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
    public void Buying_no_of_every_condition_of_a_rich_event_earns_and_then_the_makers_go_back_to_fair()
    {
        var clock = new FakeTimeProvider();
        var exchange = new Exchange(WorldBuilder.Build(4), 4, clock);
        new MarketFlow(exchange, 4, speedPercent: 100).Start(quiet: false);
        var taker = exchange.Ledger.Account(PublicAccounts.Addresses[0]);
        Settle(1_500);
        var rich = exchange.World.Events.FirstOrDefault(e => Edge(exchange, e, bids: true) > 20_000);
        for (var i = 0; rich is null && i < 6_000; i++)
        {
            Settle(1);
            rich = exchange.World.Events.FirstOrDefault(e => Edge(exchange, e, bids: true) > 20_000);
        }

        Assert.NotNull(rich);
        var cash = taker.Cash;
        foreach (var condition in rich)
        {
            var ask = exchange.MarketOf(condition).Top(1).Ask!.Value;
            var order = new OrderRequest(
                "0x" + condition.Id[^8..], "key", taker.Address, condition, 1, Side.Buy, OrderType.Gtc, 50_000_000L * ask / 10_000, 50_000_000, 0, false);
            Assert.NotNull(Assert.IsType<PlaceResult.Accepted>(exchange.Place(order)).Trade);
            Assert.Equal(50_000_000, taker.TokenBalance(condition.Tokens[1]));
        }

        var paid = cash - taker.Cash;
        Settle(150); // 1.5 s

        Assert.True(paid < 50_000_000L * (rich.Count - 1), $"paid {paid} for {rich.Count} NOs");
        Assert.True(Edge(exchange, rich, bids: true) <= 0);
        exchange.Ledger.AssertConserved();

        void Settle(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                exchange.Agenda.RunDue();
            }
        }
    }

    [Fact]
    public void The_same_seed_makes_the_same_day()
    {
        Assert.Equal(Day(5), Day(5));
        Assert.NotEqual(Day(5), Day(6));
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(100, 1000)]
    [InlineData(10, 100)]
    public void After_a_tick_change_the_crowd_quotes_on_the_new_grid(int before, int after)
    {
        var clock = new VirtualClock(1_800_000_000_000);
        var scenario = ScenarioFile.Load("default");
        scenario = scenario with { Events = [], Questions = [scenario.Questions[0] with { Tick = before }] };
        var exchange = new Exchange(WorldBuilder.Build(2, scenario, clock.GetUtcNow()), 2, clock);
        ScenarioFlow.Start(exchange, 2, scenario);
        var market = exchange.MarketOf(exchange.World.Conditions[0]);
        Assert.Null(exchange.Life.ChangeTick(market.Condition, after));
        var old = Levels();

        exchange.Agenda.RunTo(clock, exchange.Agenda.Now + 30_000);

        Assert.Contains(Levels(), price => !old.Contains(price));
        Assert.All(Levels().Except(old), price => Assert.Equal(0, price % after));

        int[] Levels() => [.. market.Book.FromBest(true).Concat(market.Book.FromBest(false)).Select(l => l.Price)];
    }

    [Fact]
    public void A_closed_market_is_left_alone_and_the_others_trade_on()
    {
        var clock = new VirtualClock(1_800_000_000_000);
        var scenario = ScenarioFile.Load("burst");
        var exchange = new Exchange(WorldBuilder.Build(2, scenario, clock.GetUtcNow()), 2, clock);
        ScenarioFlow.Start(exchange, 2, scenario);
        foreach (var condition in exchange.World.Conditions.Take(2)) Assert.Null(exchange.Life.Resolve(condition, 0));
        var before = exchange.Changes;

        exchange.Agenda.RunTo(clock, exchange.Agenda.Now + 10_000);

        Assert.InRange(exchange.Changes - before, 950, 1_050);
        Assert.All(exchange.World.Conditions.Take(2), c => Assert.Equal((null, null), exchange.MarketOf(c).Top(0)));
        exchange.Ledger.AssertConserved();
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
