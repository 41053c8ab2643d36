using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using PolyArb.Grains;
using PolyArb.Silo.Demo;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Quotes among the seeded crowd of the exchange, from the first order to the last share, read from the journal and from the exchange's own ledger.</summary>
public class MakerDayTests(ITestOutputHelper output)
{
    private static readonly MakerPolicy Maker = new()
    {
        Markets = [],
        Size = Size.Shares(20),
        ImproveTicks = 0,
        SkewTicks = 1,
        MaxInventory = Size.Shares(60),
        MinLifetime = TimeSpan.FromMilliseconds(1_200),
    };

    private TradingRules _rules = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_of_quotes_keeps_every_rule_and_replays_to_the_same_digest()
    {
        await using var day = await Day.Start(seed: 41, Cancellation, scenario: ScenarioFile.Load("maker"), rules: rules =>
            _rules = rules with { PauseCancels = true, Edge = rules.Edge with { Maker = Maker } });
        await UntilTraded(day, fills: 50, completed: 10);

        Assert.True((await day.Control.Pause("test", "enough")).IsDone);
        await day.Witness.Until(_ => Open(day.Witness.Facts) == 0);
        var facts = day.Witness.Facts;
        Report(facts);
        using var http = new HttpClient();
        var ledger = await VenueLedger.Read(http, new Uri($"http://127.0.0.1:{day.Exchange.Port}"), Day.Wallet, Cancellation);
        Assert.Empty(ledger.Differences(await day.Control.Positions(), await day.Control.Orders(), await day.Control.Fills()));
    }

    private static async Task UntilTraded(Day day, int fills, int completed)
    {
        while (true)
        {
            var facts = day.Witness.Facts;
            if (Fills(facts).Count() >= fills && Completed(facts).Count() >= completed) return;
            var known = facts.Length;
            await day.Witness.Until(fact => fact is Fact.BasketClosed && day.Witness.Facts.Length > known);
        }
    }

    private static IEnumerable<Fill> Fills(ImmutableArray<Fact> facts)
    {
        var quotes = Quotes(facts).Select(order => order.Id).ToHashSet();
        return facts.OfType<Fact.OrderChanged>().Select(fact => fact.News).OfType<OrderEvent.Filled>().Select(news => news.Fill)
            .Where(fill => quotes.Contains(fill.Order)).DistinctBy(fill => (fill.Trade, fill.Order));
    }

    private static IEnumerable<OrderPlaced> Quotes(ImmutableArray<Fact> facts) => facts
        .SelectMany(fact => fact switch
        {
            Fact.BasketOpened opened => opened.Orders,
            Fact.ClosingOrderPlaced closing => [closing.Order],
            _ => [],
        })
        .Where(order => order.Intent.Order.PostOnly);

    private static IEnumerable<Fact.BasketClosed> Completed(ImmutableArray<Fact> facts) => facts.OfType<Fact.BasketClosed>()
        .Where(closed => closed is { Result.End: BasketEnd.Completed, Basket.Text: ['q', ..] });

    private static int Open(ImmutableArray<Fact> facts) => facts.Count(fact => fact is Fact.BasketOpened) - facts.Count(fact => fact is Fact.BasketClosed);

    private void Report(ImmutableArray<Fact> facts)
    {
        output.WriteLine($"facts {facts.Length}, quotes {Quotes(facts).Count()}, sets {facts.OfType<Fact.BasketOpened>().Count()}, fills {Fills(facts).Count()}");
        foreach (var ends in facts.OfType<Fact.BasketClosed>().GroupBy(closed => closed.Result.End)) output.WriteLine($"{ends.Key}: {ends.Count()}, payout {ends.Sum(end => end.Result.Payout.Micros) / 1e6} spent {ends.Sum(end => end.Result.Spent.Micros) / 1e6}");
        foreach (var why in facts.OfType<Fact.CancelRequested>().GroupBy(cancel => (cancel.Why, cancel.IsUrgent))) output.WriteLine($"cancel {why.Key}: {why.Sum(cancel => cancel.Orders.Length)}");
        foreach (var purpose in facts.OfType<Fact.ClosingOrderPlaced>().GroupBy(closing => closing.Order.Intent.Purpose)) output.WriteLine($"{purpose.Key}: {purpose.Count()}");
        foreach (var error in facts.OfType<Fact.ErrorNoted>().Take(10)) output.WriteLine($"{error.Where}: {error.What}");
        foreach (var rejected in facts.OfType<Fact.OrderChanged>().Select(fact => fact.News).OfType<OrderEvent.Rejected>().GroupBy(news => news.Why)) output.WriteLine($"rejected {rejected.Key}: {rejected.Count()}");
        output.WriteLine($"took {facts[^1].At.Micros / 1e6 - facts[0].At.Micros / 1e6} s");
    }
}
