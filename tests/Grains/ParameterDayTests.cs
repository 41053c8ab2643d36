using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>A day whose parameters change while it trades, also with a basket open, and that replays to the same decisions all the same.</summary>
public class ParameterDayTests
{
    private const string MinEdge = "thresholds.min_edge_threshold";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_threshold_stops_and_starts_trading_a_limit_refuses_the_next_basket_and_the_day_replays()
    {
        await using var day = await FaultDay.Start(Stop, ttl: TimeSpan.FromMinutes(5), reread: () => ConfigLoader.Load(null, new Dictionary<string, string>(), null));

        // Too dear: the edge is there, in books of a desk that began by the new threshold, and nobody wants it.
        Assert.Equal([new ParameterChange(MinEdge, "0.01", "0.09", "0.01")], await Set(day, (MinEdge, "0.09")));
        await UntilOpenedBy(day, Usd.Cents(9));
        day.Offer();
        await UntilHeard(day);
        Assert.Empty(Baskets(day));
        Assert.Equal(0, (await day.MarketOf(0).View()).Detected);

        // And dear no more: the same books.
        await Set(day, (MinEdge, "0.01"));
        FaultDay.AssertCompleted(await day.Closed(), FaultDay.Shares);

        // With a basket open: it is finished as it began, the desk begins anew behind it, and the portfolio knows of it all the while.
        await day.Submit(day.Resting());
        await FaultDay.Until(async () => (await Recorded(day)).Any(line => line.Kind is InputKind.Answer && !PortfolioDay.Owns(line) && line.Text.Contains("b-resting", StringComparison.Ordinal)));
        var set = await Set(day, (MinEdge, "0.03"), ("max_position_per_market", "60"));
        Assert.Equal(["thresholds.min_edge_threshold", "risk.max_position_per_market"], set.Select(change => change.Key));
        Assert.Equal(Refusal.OverMarketLimit, Assert.IsType<RiskDecision.Refused>(await day.Portfolio.Reserve(Another(day))).Reason);
        Assert.Equal(Usd.Parse("35.6"), (await day.Portfolio.View()).Reserved);
        await FaultDay.Until(async () => (await Recorded(day)).Any(line => line.Kind is InputKind.Params && line.Text.Contains("\"Drain\"", StringComparison.Ordinal)));
        day.Books.Ask(0, 4_300, FaultDay.Shares);
        day.Books.Ask(1, 4_600, FaultDay.Shares);
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketClosed) == 2);
        await UntilOpenedBy(day, Usd.Cents(3));
        Assert.DoesNotContain((await OpeningsOf(day)).Last().Memory!.Open, basket => !basket.IsLocked);

        // What is held leaves no room: the desk asks, and is refused.
        var asked = day.Calls.Count(nameof(IPortfolioGrain.Reserve));
        day.Books.Ask(0, 4_500, FaultDay.Shares);
        day.Offer();
        await FaultDay.Until(() => Task.FromResult(day.Calls.Count(nameof(IPortfolioGrain.Reserve)) >= asked + 2));
        Assert.Equal(2, Baskets(day).Length);

        // As the configuration says, all of it.
        Assert.Equal([MinEdge, "risk.max_position_per_market"], (await day.Gateway.Reload("test")).Changes.Select(change => change.Key));
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketClosed) == 3);
        Assert.Empty((await day.Gateway.Status()).Overrides);
        await day.AssertNothingTwice(Stop);
        Assert.Equal(TradingState.Running, (await day.Gateway.Status()).State);

        await AssertReplays(day);
    }

    /// <summary>Quotes rest nearly always, so a desk that waited until it has none would wait for ever.</summary>
    [Fact]
    public async Task Quotes_are_taken_back_for_a_desk_that_quotes_by_the_new_parameters()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { Maker = Maker }, ttl: TimeSpan.FromMinutes(5));
        await day.Witness.Until(fact => fact is Fact.BasketOpened { Basket.Style: BasketStyle.Maker });

        await Set(day, (MinEdge, "0.02"), ("control.pause_cancels", "true"));
        await UntilOpenedBy(day, Usd.Cents(2));
        var opened = (await OpeningsOf(day)).Last();
        await day.Witness.UntilFacts(facts => facts.OfType<Fact.BasketOpened>().Any(basket => basket.At > Noted(facts)));

        Assert.False(opened.Memory!.IsDraining);
        Assert.DoesNotContain(opened.Memory.Open, basket => !basket.IsLocked);
        await AssertReplays(day); // Which pauses first, and so takes back what rests.

        static Instant Noted(IReadOnlyList<Fact> facts) => facts.OfType<Fact.ParametersChanged>().Single().At;
    }

    private static readonly MakerPolicy Maker = new()
    {
        Markets = [],
        Size = Size.Shares(20),
        ImproveTicks = 0,
        SkewTicks = 1,
        MaxInventory = Size.Shares(100),
        MinLifetime = TimeSpan.FromMilliseconds(100),
    };

    private static async Task<ImmutableArray<ParameterChange>> Set(FaultDay day, params (string Name, string Text)[] wishes)
    {
        var answer = await day.Gateway.SetParameters([.. wishes.Select(wish => new ParameterWish(wish.Name, wish.Text))], "test");
        Assert.Empty(answer.Refused);
        return answer.Changes;
    }

    /// <summary>A basket as dear as the open one, of the other market, where nothing is held.</summary>
    private static Proposal Another(FaultDay day)
    {
        var basket = day.Resting() with { Id = new BasketId("b-another") };
        return new Proposal
        {
            Id = basket.Id,
            Market = basket.Market,
            Purpose = Purpose.Complete,
            Orders = basket.Legs,
            SeenAt = TimeProvider.System.Now(),
            ReceivedAt = TimeProvider.System.Now(),
        };
    }

    /// <summary>The market's desk has begun by this threshold, and knows all its books.</summary>
    private static Task UntilOpenedBy(FaultDay day, Usd minEdge) => FaultDay.Until(async () =>
        (await OpeningsOf(day)).LastOrDefault()?.Policy.MinEdge == minEdge && await day.MarketOf(0).View() is { Synced: 3, Stale: 0, Events: >= 6 });

    /// <summary>What was just done to the books has been decided on.</summary>
    private static async Task UntilHeard(FaultDay day)
    {
        for (var price = 100; price <= 300; price += 100)
        {
            var events = (await day.MarketOf(0).View()).Events;
            day.Books.Bid(0, price, 5);
            await FaultDay.Until(async () => (await day.MarketOf(0).View()).Events > events);
        }
    }

    private static Fact.BasketOpened[] Baskets(FaultDay day) => [.. day.Witness.Facts.OfType<Fact.BasketOpened>()];

    private static async Task<DeskInput.Opened[]> OpeningsOf(FaultDay day)
    {
        return [.. (await Recorded(day)).Where(IsOpening).Select(line => DomainJson.Read<OwnedInput>(line.Text))
            .Where(input => input.Owner == day.Market).Select(input => (DeskInput.Opened)input.Input)];
    }

    private static async Task<List<CaptureLine>> Recorded(FaultDay day)
    {
        await day.Day.Silo.GetRequiredService<SqliteRecorder>().Flushed();
        return await Lines(day.Day.Recorded);
    }

    private static bool IsOpening(CaptureLine line) => line.Kind is InputKind.Params && line.Text.Contains("\"Opened\"", StringComparison.Ordinal);

    /// <summary>Every desk and the portfolio decide the same again, by the parameters they had at each moment.</summary>
    private static async Task AssertReplays(FaultDay day)
    {
        await day.Day.Closed();
        var portfolio = day.Day.Silo.GetRequiredService<PortfolioRecorder>();
        Dictionary<string, string> heads = [];
        foreach (var question in (int[])[0, 3])
        {
            var view = await day.MarketOf(question).Freeze();
            heads[view.Id.Text] = view.Digest;
        }

        await day.Day.StopSilo();
        heads[PortfolioChain.Owner] = portfolio.Digest!;
        var replay = new TradingDay(MarketFrame.TryRead);
        foreach (var line in await Lines(day.Day.Recorded)) replay.Play(line);

        Assert.Null(replay.Divergence);
        Assert.Equal((0, 0), (replay.Uncovered, replay.Portfolio.Uncovered));
        Assert.Equal(DecisionDigest.Combine(heads), replay.Digest);
    }

    private static async Task<List<CaptureLine>> Lines(string file)
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(file, Stop)) lines.Add(line);
        return lines;
    }
}
