using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Simulator.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>A trading day at three times the usual pace, with ten pages open from its first basket on.</summary>
public class WatchedDayTests(ITestOutputHelper output)
{
    private static readonly Watched Overview = new(Topics.Status | Topics.Markets | Topics.Equity);
    private static readonly Watched Edges = new(Topics.Status | Topics.Markets | Topics.Edges);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What ten pages ask is what one asks, and the same day without anybody who looks, its replay, decides the same.</summary>
    [Fact]
    public async Task Ten_pages_ask_as_much_as_one_and_change_no_decision()
    {
        var calls = new PageCalls();
        await using var day = await Day.Start(new DayPlan { Exchange = new ExchangeOptions { Seed = 61, SpeedPercent = 300 }, Calls = calls }, Cancellation);
        await day.Witness.Until(fact => fact is Fact.BasketOpened);
        await using var reader = new DashboardReader(
            new GrainTrader(day.Grains), new ScriptedTrader(TimeProvider.System), TimeProvider.System, NullLogger<DashboardReader>.Instance);
        MarketId[] busiest = [.. day.Witness.Deliveries.CountBy(delivery => delivery.Market).OrderByDescending(market => market.Value).Take(2).Select(market => market.Key)];

        var (begun, closed, delivered) = (Stopwatch.GetTimestamp(), Closed(day.Witness.Facts), day.Witness.Deliveries.Length);
        PageCalls.Marked(() =>
        {
            for (var page = 0; page < 10; page++) reader.Watch(PageOf(page), () => Task.CompletedTask);
        });
        await day.Witness.UntilFacts(facts => Closed(facts) >= closed + 3, within: TimeSpan.FromMinutes(3));
        await day.Witness.UntilDelivered(deliveries => deliveries.Count >= delivered + 500);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (busiest.Any(market => calls.Of(market) < 3)) await Task.Delay(100, deadline.Token); // Else nothing was put to the proof.
        await reader.DisposeAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        AssertCalls(calls, seconds);
        await AssertReplays(day);

        Watched PageOf(int page) => (page % 3) switch { 0 => Overview, 1 => Edges, _ => new Watched(Topics.Status | Topics.Books, busiest[page % 2]) };
    }

    private static int Closed(IEnumerable<Fact> facts) => facts.Count(fact => fact is Fact.BasketClosed);

    /// <summary>Of whoever trades nothing but what the dashboard may ask, and of that no more a second than it says, however many pages there are.</summary>
    private void AssertCalls(PageCalls calls, double seconds)
    {
        var asked = calls.Asked.CountBy(call => call.Name).ToDictionary();
        output.WriteLine($"{seconds:0.0} s: {string.Join(", ", asked.Select(call => $"{call.Key} {call.Value}"))}");
        (string Name, double PerSecond)[] most =
            [("IControl.Status", 2), ("IPortfolioGrain.View", 2), ("IRegistryControl.List", 0.5), ("IManagementGrain.SendControlCommandToProvider<T>", 1)];
        Assert.Empty(asked.Keys.Except([.. most.Select(call => call.Name), "IMarketView.Books", "IClusterView.Market", "ISiloControl.SendControlCommandToProvider<T>"]));
        Assert.All(most, call => Assert.InRange(asked[call.Name], 1, call.PerSecond * seconds + 1));

        Assert.All(
            calls.Asked.Where(call => call.Name.StartsWith("IMarketView.", StringComparison.Ordinal)).CountBy(call => call.Target),
            market => Assert.InRange(market.Value, 1, MarketPace.PerSecond * (seconds + 1)));
    }

    private static async Task AssertReplays(Day day)
    {
        await day.Closed();
        await day.Silo.GetRequiredService<SqliteRecorder>().Flushed();
        Dictionary<string, string> heads = [];
        foreach (var market in (await day.Grains.GetGrain<IRegistryControl>(0).List()).Where(market => market.IsEnabled).Select(market => market.Id.Text))
            heads[market] = (await day.Grains.GetGrain<IMarketGrain>(market).Freeze()).Digest;
        var portfolio = day.Silo.GetRequiredService<PortfolioRecorder>();
        await day.StopSilo();
        heads[PortfolioChain.Owner] = portfolio.Digest!;

        var replay = new TradingDay(MarketFrame.TryRead);
        await foreach (var line in Recording.Read(day.Recorded, Cancellation)) replay.Play(line);

        Assert.Null(replay.Divergence);
        Assert.Equal(DecisionDigest.Combine(heads), replay.Digest);
        Assert.True(replay.Decisions > 0 && replay.Portfolio.Approved > 0, $"{replay.Decisions} decisions, {replay.Portfolio.Approved} approvals");
    }

    /// <summary>Keeps the calls that pages cause, also those that a grain makes to answer them.</summary>
    private sealed class PageCalls : IOutgoingGrainCallFilter
    {
        private const string Mark = "asked by a page";

        public ConcurrentQueue<(string Name, GrainId Target)> Asked { get; } = new();

        public int Of(MarketId market) => Asked.Count(call => call.Target.Key.ToString() == market.Text);

        /// <summary>All that comes of it, on whichever thread, is a page's doing.</summary>
        public static void Marked(Action opens)
        {
            RequestContext.Set(Mark, true);
            opens();
            RequestContext.Remove(Mark);
        }

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            if (RequestContext.Get(Mark) is true) Asked.Enqueue(($"{context.InterfaceMethod.DeclaringType!.Name}.{context.MethodName}", context.TargetId));
            return context.Invoke();
        }
    }
}
