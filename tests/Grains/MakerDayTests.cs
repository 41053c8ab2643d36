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
using PolyArb.Silo.Demo;
using PolyArb.Silo.Hosting;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>
/// Quotes among the seeded crowd of the exchange. Every rule is checked on the journal's facts, in their order, and on what the exchange
/// itself says of its trades and of our account.
/// </summary>
public class MakerDayTests(ITestOutputHelper output)
{
    private const int CancelsPerSecond = 5;

    private static readonly TimeSpan MinLifetime = TimeSpan.FromMilliseconds(1_200);

    private static readonly MakerPolicy Maker = new()
    {
        Markets = [],
        Size = Size.Shares(20),
        ImproveTicks = 1,
        SkewTicks = 1,
        MaxInventory = Size.Shares(60),
        MinLifetime = MinLifetime,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_of_quotes_keeps_every_rule_and_replays_to_the_same_digest()
    {
        var plan = new DayPlan
        {
            Exchange = new ExchangeOptions { Seed = 41, SpeedPercent = 300, Scenario = ScenarioFile.Load("maker") },
            Rules = rules => rules with
            {
                PauseCancels = true,
                Edge = rules.Edge with { Maker = Maker, CompletionWindow = TimeSpan.FromSeconds(3), UnwindWindow = TimeSpan.FromSeconds(3) }, // Like the crowd, three times as fast.
                Resting = new RestingRules(TimeSpan.FromSeconds(5), MinLifetime, CancelsPerSecond),
            },
        };
        await using var day = await Day.Start(plan, Cancellation);
        try
        {
            await day.Witness.UntilFacts(
                facts => Fills(facts).Count() >= 50 && Ends(facts, BasketEnd.Completed).Count() >= 10 && Cancels(facts, "off its price").Any(),
                within: TimeSpan.FromMinutes(3));
            Assert.True((await day.Control.Pause("test", "enough")).IsDone);
            await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketOpened) == facts.Count(fact => fact is Fact.BasketClosed));
        }
        finally
        {
            Report(day.Witness.Facts);
        }

        var facts = day.Witness.Facts;
        AssertQuotes(facts);
        AssertCancels(facts);
        AssertStock(facts);
        AssertNothingWasTradedWithOurselves(day);
        using var http = new HttpClient();
        var ledger = await VenueLedger.Read(http, new Uri($"http://127.0.0.1:{day.Exchange.Port}"), Day.Wallet, Cancellation);
        Assert.Empty(ledger.Differences(await day.Control.Positions(), await day.Control.AllOrders(), await day.Control.AllFills()));
        await AssertReplays(day);
    }

    /// <summary>Both sides, the same shares, never filled on arrival, and whatever is or was paid for a pair leaves the threshold.</summary>
    private static void AssertQuotes(ImmutableArray<Fact> facts)
    {
        var policy = SiloSetup.RulesOf(PolyArbOptions.Defaults, "test").Edge;
        var most = Usd.Dollars(1) - policy.MinEdge - policy.FailureBuffer;
        var blotter = new Blotter();
        foreach (var fact in facts)
        {
            blotter.Apply(fact);
            if (fact is Fact.BasketOpened { Basket: { Style: BasketStyle.Maker } basket })
            {
                Assert.Equal(BasketKind.Pair, basket.Kind);
                Assert.Equal([Outcome.Yes, Outcome.No], basket.Legs.Select(leg => leg.Outcome));
                Assert.Single(basket.Legs.Select(leg => leg.Condition).Distinct());
                Assert.All(basket.Legs, leg => Assert.Equal((Maker.Size, Side.Buy, OrderType.Gtd, true), (leg.Shares, leg.Side, leg.Type, leg.PostOnly)));
                Assert.True(basket.Edge.Executable > policy.MinEdge, $"{basket.Id} leaves {basket.Edge.Executable}");
            }

            if (Placed(fact).FirstOrDefault(order => order.Intent.Order.PostOnly) is not { } placed) continue;

            var standing = blotter.OrdersOf(blotter.Basket(placed.Intent.Basket)!)
                .Where(order => order.Intent.Order.PostOnly && (!order.IsClosed || order.Matched > Size.Zero))
                .GroupBy(order => order.Intent.Order.Outcome)
                .Select(orders => orders.Max(order => order.Intent.Order.Limit));
            Assert.True(new Usd(standing.Sum(price => price.Ticks * 100L)) < most, $"{placed.Intent.Basket}: {string.Join(" + ", standing)} at {fact.At}");
        }

        Assert.All(Fills(facts), fill => Assert.Equal(Usd.Zero, fill.Fee)); // Makers pay none.
    }

    /// <summary>No quote goes before its minimum life, and in no second more of one condition than the cap, but for risk's sake.</summary>
    private static void AssertCancels(IReadOnlyList<Fact> facts)
    {
        var placed = facts.SelectMany(Placed).ToDictionary(order => order.Id, order => order.Intent);
        var willing = facts.OfType<Fact.CancelRequested>().Where(cancel => !cancel.IsUrgent)
            .SelectMany(cancel => cancel.Orders.Select(order => (cancel.At, Intent: placed[order]))).ToArray();
        Assert.All(willing, cancel => Assert.True(cancel.At - Instant.FromMillis(cancel.Intent.TimestampMs) >= MinLifetime, $"{cancel}"));
        foreach (var condition in willing.GroupBy(cancel => cancel.Intent.Order.Condition))
        {
            var times = condition.Select(cancel => cancel.At).Order().ToArray();
            Assert.All(times.Zip(times.Skip(CancelsPerSecond)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1)));
        }

        string[] risks = ["the completion window is over", "nothing of the short leg rests", "its book is not proven", "not tradable", "paused", "in the way of our own order"];
        Assert.All(facts.OfType<Fact.CancelRequested>().Where(cancel => cancel.IsUrgent), cancel => Assert.Contains(cancel.Why, risks));
    }

    /// <summary>What quotes and the ladder behind them leave of one side beyond the other stays bounded.</summary>
    private static void AssertStock(ImmutableArray<Fact> facts)
    {
        var (blotter, ledger) = (new Blotter(), new Ledger());
        var outcomes = facts.SelectMany(Placed).Select(order => order.Intent.Order).DistinctBy(order => order.Token).ToDictionary(order => order.Token, order => order);
        foreach (var fact in facts)
        {
            if (blotter.Apply(fact)?.Settlement is not { } settlement || blotter.Basket(settlement.Basket)?.Basket.Style is not BasketStyle.Maker) continue;
            if (!ledger.Apply(settlement)) continue;

            var condition = outcomes[settlement.Token].Condition;
            var imbalance = outcomes.Values.Where(order => order.Condition == condition)
                .Sum(order => order.Outcome is Outcome.Yes ? ledger.Shares(order.Token).Micros : -ledger.Shares(order.Token).Micros);
            Assert.True(Math.Abs(imbalance) <= (Maker.MaxInventory + Maker.Size).Micros, $"{condition}: {new Size(imbalance)} at {fact.At}");
        }
    }

    private static void AssertNothingWasTradedWithOurselves(Day day)
    {
        var exchange = day.Exchange.Exchange;
        lock (exchange.Gate)
        {
            Assert.True(exchange.AllowsSelfTrades); // Else it would have hidden them.
            Assert.DoesNotContain(exchange.Trades, trade => IsOurs(trade.Taker) && trade.Legs.Any(leg => IsOurs(leg.Maker)));
        }

        static bool IsOurs(PolyArb.Simulator.Engine.BookOrder order) => order.Request.Account.Equals(Day.Wallet, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task AssertReplays(Day day)
    {
        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await day.Silo.GetRequiredService<ICatalog>().List(Cancellation)).Value;
        var heads = new Dictionary<string, string>();
        foreach (var market in listing.Markets) heads[market.Market.Id.Text] = (await day.Grains.GetGrain<IMarketGrain>(market.Market.Id.Text).Freeze()).Digest;
        var portfolio = day.Silo.GetRequiredService<PortfolioRecorder>();
        await day.StopSilo(); // Only then is the recording whole.
        heads["portfolio"] = portfolio.Digest!;
        var replay = new TradingDay(MarketFrame.TryRead);
        await foreach (var line in Recording.Read(day.Recorded, Cancellation)) replay.Play(line);

        Assert.Null(replay.Divergence);
        Assert.Equal(DecisionDigest.Combine(heads.Where(head => head.Value.Length > 0)), replay.Digest); // Those with a desk, as in a replay.
        Assert.True(replay.Decisions > 100, $"{replay.Decisions} decisions");
    }

    private static IEnumerable<Fill> Fills(IReadOnlyList<Fact> facts)
    {
        var quotes = facts.SelectMany(Placed).Where(order => order.Intent.Order.PostOnly).Select(order => order.Id).ToHashSet();
        return facts.OfType<Fact.OrderChanged>().Select(fact => fact.News).OfType<OrderEvent.Filled>().Select(news => news.Fill)
            .Where(fill => quotes.Contains(fill.Order)).DistinctBy(fill => (fill.Trade, fill.Order));
    }

    private static IEnumerable<OrderPlaced> Placed(Fact fact) => fact switch
    {
        Fact.BasketOpened opened => opened.Orders,
        Fact.ClosingOrderPlaced closing => [closing.Order],
        _ => [],
    };

    private static IEnumerable<Fact.BasketClosed> Ends(IReadOnlyList<Fact> facts, BasketEnd end) =>
        facts.OfType<Fact.BasketClosed>().Where(closed => closed.Result.End == end && IsQuote(closed.Basket));

    private static bool IsQuote(BasketId basket) => basket.Text.StartsWith("q-", StringComparison.Ordinal);

    private static IEnumerable<Fact.CancelRequested> Cancels(IReadOnlyList<Fact> facts, string why) =>
        facts.OfType<Fact.CancelRequested>().Where(cancel => cancel.Why == why);

    private void Report(ImmutableArray<Fact> facts)
    {
        var blotter = new Blotter();
        foreach (var fact in facts) blotter.Apply(fact);
        foreach (var open in blotter.AllOpenBaskets)
        {
            output.WriteLine($"still open: {open.Basket.Id}, locked {open.LockedAt}");
            foreach (var order in blotter.OrdersOf(open))
                output.WriteLine($"    {order.Intent.Purpose} {order.Intent.Order.Leg}/{order.Intent.Order.Attempt} {order.Intent.Order.Limit}: {order.State} {order.Matched} {order.Note}");
        }

        output.WriteLine($"{(facts[^1].At - facts[0].At).TotalSeconds:0} s, {facts.Length} facts, {facts.OfType<Fact.BasketOpened>().Count()} pairs, {Fills(facts).Count()} maker fills");
        foreach (var ends in facts.OfType<Fact.BasketClosed>().GroupBy(closed => (Style: IsQuote(closed.Basket) ? "maker" : "taker", closed.Result.End)))
            output.WriteLine($"{ends.Key.Style} {ends.Key.End}: {ends.Count()} pay {new Usd(ends.Sum(end => end.Result.Payout.Micros))} for {new Usd(ends.Sum(end => end.Result.Spent.Micros))}");
        foreach (var orders in facts.SelectMany(Placed).GroupBy(order => order.Intent.Purpose)) output.WriteLine($"{orders.Key}: {orders.Count()} orders");
        foreach (var cancels in facts.OfType<Fact.CancelRequested>().GroupBy(cancel => (cancel.Why, cancel.IsUrgent)))
            output.WriteLine($"canceled, {cancels.Key.Why}{(cancels.Key.IsUrgent ? " (urgent)" : "")}: {cancels.Sum(cancel => cancel.Orders.Length)}");
        foreach (var no in facts.OfType<Fact.OrderChanged>().Select(fact => fact.News).OfType<OrderEvent.Rejected>().GroupBy(news => news.Why))
            output.WriteLine($"rejected, {no.Key}: {no.Count()}");
    }
}
