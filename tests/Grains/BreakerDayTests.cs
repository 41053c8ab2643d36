using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>
/// Each breaker from a scripted cause: it trips once, flattens, ends SAFE, and is SAFE after a restart; from there the way leads through
/// `pause`, and what tripped does not trip again at once.
/// </summary>
public class BreakerDayTests
{
    private static readonly Dictionary<string, Script> Scripts = new()
    {
        ["hourly loss"] = new("lost 15 dollars within the last hour, the limit is 10", its => its with { MaxHourlyLoss = Usd.Dollars(10) }, Lose),
        ["daily loss"] = new("lost 15 dollars within the last 24 hours, the limit is 10", its => its with { MaxDailyLoss = Usd.Dollars(10) }, Lose),
        ["drawdown"] = new("equity is 15 dollars below its highest, the limit is 10", its => its with { MaxDrawdown = Usd.Dollars(10) }, Lose),
        ["rejects"] = new("2 of 2 orders answered within 300 s were rejected, the limit is a share of 0.25", its => its with { AnswersMin = 2 }, async cluster =>
        {
            cluster.Venue.Failure = new VenueFailure.RetryAfter(TimeSpan.FromMinutes(1), "no");
            cluster.Venue.Answer.SetResult(true);
            await Send(cluster);
        }),
        ["latency"] = new("p95 from send to answer is ", its => its with { AnswersMin = 1 }, async cluster =>
        {
            await Send(cluster);
            cluster.Time.Shift(TimeSpan.FromSeconds(1));
            cluster.Venue.Answer.SetResult(true);
        }),
        ["market stream"] = new("the market stream has been dead for ", its => its, cluster =>
        {
            cluster.Feed.Health = new StreamHealth(StreamState.Down, "cut");
            return Last(cluster, seconds: 16);
        }),
        ["user stream"] = new("the user stream has been dead for ", its => its, cluster =>
        {
            cluster.UserFeed.State = StreamState.Down;
            return Last(cluster, seconds: 11);
        }),
        ["picked-off fills"] = new("5 fills were picked off within 60 s, the limit is 5", its => its, cluster => cluster.Portfolio.Mark(Mark(cluster) with { PickedOff = 5 })),
        ["phantoms"] = new("601 phantoms were seen within 60 s, the limit is 600", its => its, cluster => cluster.Portfolio.Mark(Mark(cluster) with { Phantoms = 601 })),
        ["unresolved orders"] = new("2 orders of unknown outcome for 60 s, the limit is 2", its => its with { MaxUnresolved = 2 }, async cluster =>
        {
            cluster.Venue.Answer.SetResult(false);
            await Send(cluster);
            await Last(cluster, seconds: 61);
        }),
        ["ledger difference"] = new("the venue has less than our ledger", its => its, cluster => cluster.Portfolio.Trip(gateway: 1, "the venue has less than our ledger")),
    };

    public static TheoryData<string> Causes => [.. Scripts.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task A_breaker_trips_once_flattens_and_stays_safe_until_a_person_pauses_and_resumes(string cause)
    {
        var (expected, policy, act) = Scripts[cause];
        ScriptedJournal journal;
        await using (var cluster = await ScriptedCluster.Start(rules: its => its with { Breakers = policy(its.Breakers) }))
        {
            journal = cluster.Journal;
            await journal.Until(fact => fact is Fact.EquitySampled); // The baseline.
            await act(cluster);
            await journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe });

            cluster.Time.Shift(TimeSpan.FromMinutes(2)); // The cause goes on.
            await Ticks(cluster);
            Assert.Collection(Moves(journal), move => AssertMove(move, TradingState.Flattening), move => AssertMove(move, TradingState.Safe));
            Assert.True(cluster.Venue.CancelAlls > 0);
            Assert.Equal(Refusal.NotInThisState, Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal("b-9"))).Reason);
        }

        await using var next = await ScriptedCluster.Start(rules: its => its with { Breakers = policy(its.Breakers) }, journal: journal);
        Assert.Equal(TradingState.Safe, (await next.Gateway.Status()).State);
        Assert.Equal((false, "cannot resume in SAFE: pause first, then resume"), Told(await next.Gateway.Resume("test", "too early")));
        Assert.Equal((true, "paused"), Told(await next.Gateway.Pause("test", "looked at it")));
        Assert.Equal((true, "running"), Told(await next.Gateway.Resume("test", "all is well")));

        await next.Portfolio.Mark(Mark(next, cents: 30)); // Where the loss had led to.
        await Last(next, seconds: 3);
        Assert.Equal(TradingState.Running, (await next.Gateway.Status()).State);
        Assert.Equal(2, Moves(journal).Count(move => move.By == "breaker"));

        void AssertMove(Fact.StateChanged move, TradingState to)
        {
            Assert.Equal((to, "breaker"), (move.To, move.By));
            Assert.StartsWith(expected, move.Reason, StringComparison.Ordinal);
        }
    }

    /// <summary>Nine dollars were lost before the restart and six after it; a pause in between is no new beginning.</summary>
    [Fact]
    public async Task A_loss_from_before_a_restart_counts_after_it()
    {
        var breakers = Given.Breakers with { MaxHourlyLoss = Usd.Dollars(10) };
        ScriptedJournal journal;
        await using (var cluster = await ScriptedCluster.Start(rules: its => its with { Breakers = breakers }))
        {
            journal = cluster.Journal;
            await journal.Until(fact => fact is Fact.EquitySampled);
            await Buy(cluster);
            await cluster.Portfolio.Mark(Mark(cluster, cents: 36));
            await Ticks(cluster);
            cluster.Time.Shift(TimeSpan.FromSeconds(61));
            await journal.Until(fact => fact is Fact.EquitySampled { Profit.Micros: -9_000_000 });
        }

        await using var next = await ScriptedCluster.Start(rules: its => its with { Breakers = breakers }, journal: journal);
        Assert.Equal(Refusal.NotInThisState, Assert.IsType<RiskDecision.Refused>(await next.Portfolio.Reserve(ScriptedCluster.Proposal("b-2"))).Reason);
        next.Time.Shift(TimeSpan.FromSeconds(120));
        await next.Gateway.Resume("test", "a restart");
        var waiting = ScriptedCluster.Proposal("b-2") with { SeenAt = next.Time.Now() };
        waiting = waiting with { Market = new MarketId("elsewhere"), Basket = waiting.Basket! with { Market = new MarketId("elsewhere") } };
        Assert.Equal(Refusal.NotMarked, Assert.IsType<RiskDecision.Refused>(await next.Portfolio.Reserve(waiting)).Reason);

        await next.Portfolio.Mark(Mark(next, cents: 30));
        Assert.IsType<RiskDecision.Approved>(await next.Portfolio.Reserve(waiting));
        var status = await next.Gateway.Status();
        Assert.Equal((Usd.Dollars(985), Usd.Dollars(-15), Usd.Dollars(-15), Usd.Dollars(15)), (status.Equity, status.HourlyPnl, status.DailyPnl, status.Drawdown));
        await Last(next, seconds: 3);
        await journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, Reason: "lost 15 dollars within the last hour, the limit is 10" });
    }

    /// <summary>100 NO of one question for 45 dollars, and then nobody bids more than 30 cents.</summary>
    private static async Task Lose(ScriptedCluster cluster)
    {
        await Buy(cluster);
        await cluster.Portfolio.Mark(Mark(cluster, cents: 30));
        await Last(cluster, seconds: 3);
    }

    private static async Task Buy(ScriptedCluster cluster)
    {
        cluster.Venue.Answer.SetResult(true);
        await cluster.Portfolio.Mark(Mark(cluster, cents: 45));
        var order = (await Send(cluster)).Orders[0];
        await cluster.Gateway.Observe([new OrderEvent.Filled(Given.Fill(order: $"b-1/{order.Leg}/0"))]);
        Assert.Equal(Usd.Dollars(955), (await cluster.Portfolio.View()).Cash);
    }

    private static async Task<Proposal> Send(ScriptedCluster cluster)
    {
        var proposal = ScriptedCluster.Proposal();
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        return proposal;
    }

    private static MarketMark Mark(ScriptedCluster cluster, int cents = 45) =>
        new(Given.Event, cluster.Time.Now(), null, false, [new TokenMark(Given.No(), Price.Cents(cents))], 0, 0);

    /// <summary>It is seen, it lasts, and it is seen again.</summary>
    private static async Task Last(ScriptedCluster cluster, double seconds)
    {
        await Ticks(cluster);
        cluster.Time.Shift(TimeSpan.FromSeconds(seconds));
        await Ticks(cluster);
    }

    /// <summary>The gateway has asked the portfolio at least twice from here on.</summary>
    private static async Task Ticks(ScriptedCluster cluster)
    {
        var ticks = cluster.Calls.Count(nameof(IPortfolioGrain.Check));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (cluster.Calls.Count(nameof(IPortfolioGrain.Check)) < ticks + 3)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static (bool IsDone, string Text) Told(ControlAnswer answer) => (answer.IsDone, answer.Text);

    private static IEnumerable<Fact.StateChanged> Moves(ScriptedJournal journal) => journal.Facts.OfType<Fact.StateChanged>().Where(move => move.By == "breaker");

    private sealed record Script(string Reason, Func<BreakerPolicy, BreakerPolicy> Policy, Func<ScriptedCluster, Task> Act);
}
