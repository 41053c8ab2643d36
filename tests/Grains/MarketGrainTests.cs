using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What the catalogue says of a market, as its grain and the registry hear it.</summary>
public class MarketGrainTests
{
    [Fact]
    public async Task A_market_is_opened_anew_only_for_what_the_catalogue_says_newly()
    {
        await using var cluster = await ScriptedCluster.Start();
        var grain = cluster.Market;
        await grain.Open(Ticking(100), isEnabled: true);
        var first = (await grain.View()).Session;
        ImmutableArray<BookUpdate> change = [BookUpdate.TickChange(Given.Condition(0).Id, Given.Yes(0), 2_000, new Price(10))];
        Assert.Equal(FeedAnswer.Applied, await grain.Apply(first, [new FeedInput(1, TimeProvider.System.Now(), 1, change, null)]));

        await grain.Open(Ticking(100), isEnabled: true); // The catalogue lags,
        await grain.Open(Ticking(10), isEnabled: true); // and catches up.
        Assert.Equal(first, (await grain.View()).Session);

        await grain.Open(Ticking(100), isEnabled: true);
        Assert.NotEqual(first, (await grain.View()).Session);

        static Market Ticking(int tick) => Given.Market(Given.Condition(0) with { Tick = new Price(tick) }, Given.Condition(1));
    }

    [Fact]
    public async Task A_closed_condition_is_not_waited_for()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Market.Open(Given.Market(Given.Condition(0), Given.Condition(1) with { IsTradable = false, IsClosed = true }), isEnabled: true);

        var view = await cluster.Market.View();

        Assert.Equal((2, 0, 1), (view.Conditions, view.Synced, view.Stale));
    }

    /// <summary>A proven book does not say how old it is: its token may have stopped coming hours ago.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Nothing_is_begun_on_a_leg_whose_book_nobody_has_confirmed(bool isOld, int asked)
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Market.Open(Given.Market(Given.Condition(0), Given.Condition(1)), isEnabled: true);
        var session = (await cluster.Market.View()).Session;
        if (isOld) cluster.Feed.Old.Add(Given.Condition(1).Id);

        ImmutableArray<BookUpdate> books = [Given.Cheap(0), Given.Cheap(1)];
        Assert.Equal(FeedAnswer.Applied, await cluster.Market.Apply(session, [new FeedInput(1, cluster.Time.Now(), 1, books, null)]));

        Assert.Equal(1, (await cluster.Market.View()).Detected);
        Assert.Equal(asked, cluster.Calls.Count(nameof(IPortfolioGrain.Reserve)));
    }

    /// <summary>The market falls quiet after a message that does not fit: no batch will come whose answer could ask for new books.</summary>
    [Fact]
    public async Task A_book_that_fails_by_the_clock_is_asked_for()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        var session = (await cluster.Market.View()).Session;
        var venue = new VenueBook(Given.Condition(0));
        venue.Set(Outcome.Yes, Side.Buy, 40, 100);
        var book = venue.Snapshot();
        venue.Ms++;
        venue.Set(Outcome.Yes, Side.Buy, 39, 5); // Nobody tells.
        var change = venue.Change(Outcome.Yes, Side.Buy, 41, 10);

        Assert.Equal(FeedAnswer.Applied, await cluster.Market.Apply(session, [new FeedInput(1, TimeProvider.System.Now(), 1, [book, change], null)]));

        Assert.Equal((Given.Event, session), await cluster.Feed.Resynced.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    /// <summary>What had to wait while the market was busy comes in one batch: the figure is to show the wait.</summary>
    [Fact]
    public async Task A_batch_is_as_late_as_what_waited_longest_in_it()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Market.Open(Given.Market(), isEnabled: true);
        var (session, now) = ((await cluster.Market.View()).Session, TimeProvider.System.Now());

        await cluster.Market.Apply(session, [new FeedInput(1, now + TimeSpan.FromSeconds(-5), 1, [], null), new FeedInput(2, now, 2, [], null)]);

        Assert.InRange(cluster.Latencies.Percentiles(LatencySeries.RecvToDecision).P50, 5_000_000, 60_000_000);
    }

    [Fact]
    public async Task The_registry_lists_what_is_not_traded_and_why()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Registry.Learn([new MarketSummary(Given.Event, "Who wins?", [Given.Condition(0).Id], IsTradable: true, "fees disagree")], enableAll: true, []);

        Assert.Equal(new MarketLine(Given.Event, "Who wins?", 1, true, true, "MARKETS=all", "fees disagree"), Assert.Single(await cluster.Registry.List()));
    }
}
