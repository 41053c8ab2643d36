using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>
/// Kills in the middle of trading: 64 busy markets, takers and quotes, and a venue that takes 25 to 50 milliseconds for an order. What the
/// exchange received and holds is the judge. POLYARB_KILLS says how many (8 by default).
/// </summary>
public class KillDrillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("POLYARB_KILLS") ?? "8", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_its_ack_no_order_is_sent_and_none_of_ours_is_open_but_those_it_names()
    {
        await using var day = await Busy();
        var random = new Random(6);
        var (confirmed, inFlight, resting) = (0, 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = day.Door.Posts;
            var wanted = before + random.Next(1, 12);
            await FaultDay.Until(() => Task.FromResult(day.Door.Posts >= wanted));
            var wasResting = Open(day).Length;

            var answer = await Killed(day);

            confirmed += answer.IsDone ? 1 : 0;
            resting += wasResting > 0 ? 1 : 0;
            inFlight += day.Witness.Facts.Reverse().TakeWhile(fact => fact is not Fact.StateChanged { To: TradingState.Safe }).Any(fact => fact is Fact.OrderChanged) ? 1 : 0;
            Assert.True((await day.Control.Pause("test", "again")).IsDone);
            Assert.True((await day.Control.Resume("test", "again")).IsDone);
        }

        output.WriteLine($"{Kills} kills: {confirmed} confirmed at once, {resting} with orders in the book, {inFlight} with news after the stop; {day.Door.Posts} requests with orders in all");
        await day.Settled();
        Assert.Empty(await day.Differences(Stop));
    }

    [Fact]
    public async Task While_orders_rest_because_the_venue_asked_for_it()
    {
        await using var day = await Busy();
        lock (day.Exchange.Exchange.Gate) day.Exchange.Exchange.Faults.Load(new FaultPlan(1, [new Fault(FaultKind.Restart425, 0, 0, 1, null, 60_000)]));
        await FaultDay.Until(async () => (await day.Control.Status()).Venue.StartsWith("orders rest", StringComparison.Ordinal));

        await Killed(day);
    }

    [Fact]
    public async Task While_orders_wait_for_our_own_rate_limit()
    {
        await using var day = await Busy(rules: its => its with
        {
            Pace = its.Pace with { PostBurst = new(3, TimeSpan.FromSeconds(30)) },
            SendDeadline = TimeSpan.FromSeconds(60),
            Risk = its.Risk with { StaleAfter = TimeSpan.FromSeconds(60), ReservationTtl = TimeSpan.FromSeconds(60) },
        });
        await MoreOfTheMarket(day);

        await Killed(day);

        var posts = day.Door.Posts;
        await MoreOfTheMarket(day); // The market whose order waited goes on: its wait is over.
        Assert.Equal(posts, day.Door.Posts);
    }

    [Fact]
    public async Task While_the_streams_connect_anew()
    {
        await using var day = await Busy();
        await FaultDay.Until(() => Task.FromResult(day.Door.Posts >= 3));
        lock (day.Exchange.Exchange.Gate) day.Exchange.Exchange.Faults.Load(new FaultPlan(1, [new Fault(FaultKind.SocketClose, 0, 0, 1, null, 1_000)]));

        await Killed(day);
    }

    [Fact]
    public async Task With_the_disk_full_it_says_that_it_is_not_durable()
    {
        await using var day = await Busy();
        await FaultDay.Until(() => Task.FromResult(day.Door.Posts >= 3));
        day.Witness.Loses = _ => true;

        var answer = await Killed(day, hearsNews: false);

        Assert.False(answer.IsDone);
        Assert.Contains("NOT durable: disk full", answer.Text, StringComparison.Ordinal);
        Assert.Equal(TradingState.Safe, answer.State);
    }

    [Fact]
    public async Task With_the_venue_in_a_black_hole_it_answers_in_time_and_names_what_may_be_there()
    {
        await using var day = await Busy(ackTimeout: TimeSpan.FromSeconds(3));
        await FaultDay.Until(() => Task.FromResult(Open(day).Length > 0 && day.Door.Posts >= 3));
        day.Door.IsBlackHole = true;

        var answer = await day.Control.Kill("test", "drill").WaitAsync(TimeSpan.FromSeconds(20), Stop); // Three by contract; the rest is a busy machine's.
        var posts = day.Door.Posts;

        Assert.False(answer.IsDone);
        Assert.Contains("venue NOT confirmed: 0x", answer.Text, StringComparison.Ordinal);
        Assert.Equal(TradingState.Safe, answer.State);
        Assert.All(Open(day), order => Assert.Contains(order, answer.Text, StringComparison.Ordinal)); // Others may have been taken meanwhile, which the stream tells.
        await MoreOfTheMarket(day);
        Assert.Equal(posts, day.Door.Posts);

        day.Door.IsBlackHole = false;
        await FaultDay.Until(() => Task.FromResult(Open(day).IsEmpty));
    }

    [Fact]
    public async Task While_a_new_gateway_recovers_and_the_venue_says_nothing()
    {
        await using var day = await Busy(ackTimeout: TimeSpan.FromSeconds(3));
        await FaultDay.Until(() => Task.FromResult(day.Door.Posts >= 3));
        day.Door.IsBlackHole = true;
        await day.Grains.GetGrain<IOrderGatewayGrain>(0).AsReference<Orleans.Core.Internal.IGrainManagementExtension>().DeactivateOnIdle(Stop);
        await FaultDay.Until(async () => (await day.Control.Status()).Recovering);
        var posts = day.Door.Posts;

        var answer = await day.Control.Kill("test", "drill").WaitAsync(TimeSpan.FromSeconds(20), Stop);

        Assert.False(answer.IsDone);
        Assert.Contains("venue NOT confirmed", answer.Text, StringComparison.Ordinal);
        await MoreOfTheMarket(day);
        Assert.Equal(posts, day.Door.Posts);

        day.Door.IsBlackHole = false;
        await FaultDay.Until(() => Task.FromResult(Open(day).IsEmpty));
    }

    /// <summary>The kill, and what must hold behind it.</summary>
    private static async Task<ControlAnswer> Killed(Day day, bool hearsNews = true)
    {
        var answer = await day.Control.Kill("test", "drill");

        var posts = day.Door.Posts;
        Assert.Equal(TradingState.Safe, answer.State);
        Assert.All(Open(day), order => Assert.Contains(order, answer.Text, StringComparison.Ordinal));
        await MoreOfTheMarket(day);
        Assert.Equal(posts, day.Door.Posts);
        if (hearsNews) await FaultDay.Until(() => Task.FromResult(Open(day).IsEmpty));
        return answer;
    }

    /// <summary>Long enough for whatever was going to be sent: every market has been told of more.</summary>
    private static Task MoreOfTheMarket(Day day)
    {
        var applied = day.Witness.Deliveries.Length;
        return day.Witness.UntilDelivered(deliveries => deliveries.Count > applied + 100);
    }

    private static ImmutableArray<string> Open(Day day)
    {
        lock (day.Exchange.Exchange.Gate)
        {
            return [.. day.Exchange.Exchange.Ledger.Account(Day.Wallet.ToLowerInvariant()).Orders.Where(order => order.Place is not null).Select(order => order.Id)];
        }
    }

    private static async Task<Day> Busy(TimeSpan? ackTimeout = null, Func<TradingRules, TradingRules>? rules = null)
    {
        var fee = new FeeSchedule(400, 1);
        var questions = Enumerable.Range(1, 40).Select(n => new QuestionListing($"Does number {n} win?", 100, fee, ["Yes", "No"], 5_000_000));
        var events = Enumerable.Range(1, 24).Select(n => new EventListing($"Who wins race {n}?", 100, fee, ["Left", "Centre", "Right"], 5_000_000));
        var flow = new FlowSettings { ChangesPerSecond = 300, OrderDelayMs = 50, RivalsPerThousand = 200, InformedPerMinute = 60 };
        var day = await Day.Start(
            new DayPlan
            {
                Exchange = new ExchangeOptions { Seed = 64, Scenario = new Scenario("64 markets", [.. questions], [.. events], [], flow) },
                Rules = its => (rules ?? (same => same))(its) with
                {
                    AckTimeout = ackTimeout ?? its.AckTimeout,
                    Edge = its.Edge with
                    {
                        Maker = new MakerPolicy
                        {
                            Markets = [],
                            Size = Size.Shares(20),
                            ImproveTicks = 1,
                            SkewTicks = 1,
                            MaxInventory = Size.Shares(60),
                            MinLifetime = TimeSpan.FromMilliseconds(500),
                        },
                    },
                    Resting = new RestingRules(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500), CancelsPerSecond: 5),
                },
            },
            Stop);
        await FaultDay.Until(() => Task.FromResult(day.Door.Posts > 0));
        return day;
    }
}
