using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>A change of parameters at the gateway: durable, then in force, and whatever else goes on.</summary>
public class ParameterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_written_before_it_holds_and_holds_before_it_is_answered()
    {
        await using var cluster = await Start();
        var early = await cluster.Reserved(ScriptedCluster.Proposal("b-early"));
        cluster.Journal.Waits = fact => fact is Fact.ParametersChanged;

        var setting = Set(cluster, ("risk.max_position_per_market", "10"));
        await cluster.Journal.Waiting.Task;
        Assert.IsType<RiskDecision.Approved>(await cluster.Portfolio.Reserve(Completing("b-2") with { Market = new MarketId("other") }));
        cluster.Journal.Open();

        Assert.Equal([new ParameterChange("risk.max_position_per_market", "500", "10", "500")], (await setting).Changes);
        Assert.Equal(Refusal.OverMarketLimit, Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(Completing("b-3"))).Reason);
        Assert.Equal(Refusal.NotReserved, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(ScriptedCluster.Proposal("b-early"), early)).Reason);
        Assert.Equal(0, cluster.Venue.Sends);
        var fact = Assert.Single(cluster.Journal.Facts.OfType<Fact.ParametersChanged>());
        Assert.Equal(("me", "set"), (fact.By, fact.Source));
    }

    [Fact]
    public async Task What_the_disk_does_not_take_does_not_happen()
    {
        await using var cluster = await Start();
        cluster.Journal.Fails = fact => fact is Fact.ParametersChanged;

        var answer = await Set(cluster, ("risk.max_position_per_market", "10"));

        Assert.Equal(["set: nothing was changed: the journal did not take it: disk full"], answer.Refused);
        Assert.Empty(answer.Changes);
        Assert.IsType<RiskDecision.Approved>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal()));
        Assert.Empty((await cluster.Gateway.Status()).Overrides);
    }

    [Fact]
    public async Task One_that_is_refused_keeps_the_others_from_happening_and_nothing_is_written()
    {
        await using var cluster = await Start();

        var answer = await Set(cluster, ("risk.max_position_per_market", "10"), ("risk.drawdown_limit", "0"));

        Assert.Equal(["set: risk.drawdown_limit = \"0\": must be dollars, more than 0, at most 6 decimals"], answer.Refused);
        Assert.IsType<RiskDecision.Approved>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal()));
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.ParametersChanged>());
    }

    [Fact]
    public async Task A_stop_is_untouched_by_it()
    {
        await using var cluster = await Start();
        await cluster.Gateway.Kill("me", "enough");
        var before = await cluster.Gateway.Status();

        Assert.Empty((await Set(cluster, ("risk.max_position_per_market", "400"))).Refused);

        var after = await cluster.Gateway.Status();
        Assert.Equal((TradingState.Safe, before.Epoch, "enough"), (after.State, after.Epoch, after.Reason));
        Assert.Equal(Refusal.NotInThisState, Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal())).Reason);
    }

    /// <summary>A breaker that has tripped stops trading, whatever becomes of its limit before the gateway has heard of it.</summary>
    [Fact]
    public async Task A_breaker_that_has_tripped_is_not_forgotten_for_new_limits()
    {
        await using var cluster = await Start();
        await cluster.Portfolio.Trip(gateway: 1, "enough is enough");

        await Set(cluster, ("risk.drawdown_limit", "1000"), ("risk.max_position_per_market", "400"));

        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, Reason: "enough is enough" });
    }

    [Fact]
    public async Task The_next_start_goes_by_what_was_set_until_the_configuration_says_something_new()
    {
        ScriptedJournal journal;
        await using (var cluster = await Start())
        {
            journal = cluster.Journal;
            await Set(cluster, ("risk.max_position_per_market", "10"), ("risk.drawdown_limit", "50"));
        }

        await using (var cluster = await Start(journal: journal))
        {
            Assert.Equal(["50", "10"], (await cluster.Gateway.Status()).Overrides.Select(held => held.Text).Order(StringComparer.Ordinal).Reverse());
            Assert.Equal(Refusal.OverMarketLimit, Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(Completing("b-9"))).Reason);
        }

        var file = Assert.IsType<SetResult.Changed>(PolyArbOptions.Defaults.Set("risk.max_position_per_market", "450")).Options;
        await using (var cluster = await Start(file, journal))
        {
            Assert.IsType<RiskDecision.Approved>(await cluster.Portfolio.Reserve(Completing("b-9")));
            Assert.Equal("risk.drawdown_limit", Assert.Single((await cluster.Gateway.Status()).Overrides).Key);
            var forgotten = journal.Facts.OfType<Fact.ParametersChanged>().Last();
            Assert.Equal(("start", new ParameterChange("risk.max_position_per_market", "10", "450", "450")), (forgotten.By, Assert.Single(forgotten.Changes)));
        }

        await using (var cluster = await Start(journal: journal)) // Back to what it said: that is no reason to remember.
            Assert.Equal("risk.drawdown_limit", Assert.Single((await cluster.Gateway.Status()).Overrides).Key);
    }

    [Fact]
    public async Task What_rests_lives_as_long_as_the_parameters_say_now()
    {
        await using var cluster = await Start();
        cluster.Venue.Answer.SetResult(true);
        var proposal = ScriptedCluster.Proposal();
        proposal = proposal with { Orders = [.. proposal.Orders.Select(order => order with { Type = OrderType.Gtd })] };
        proposal = proposal with { Basket = proposal.Basket! with { Legs = proposal.Orders } };
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Journal.Until(fact => fact is Fact.OrderChanged { News: OrderEvent.Placed });

        await Set(cluster, ("order.min_order_lifetime_ms", "10"), ("order.default_ttl_ms", "100"));

        await cluster.Venue.NextCancel(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop); // Of fifteen seconds a tenth is left.
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.CancelRequested { Why: "its time is over" });
    }

    /// <summary>Desks begin anew one after the other; until its turn has come, a market asks for nothing that it would not want then.</summary>
    [Fact]
    public async Task What_a_desk_decides_by_replaced_parameters_is_not_asked_for()
    {
        await using var cluster = await Start();
        await cluster.Market.Open(Given.Market(Given.Condition(0), Given.Condition(1)), isEnabled: true);
        var session = (await cluster.Market.View()).Session;
        Assert.True(cluster.Rules.TakesTurn(cluster.Time.Now() + TimeSpan.FromMinutes(1))); // Nobody else's for so long.

        await Set(cluster, ("thresholds.min_edge_threshold", "0.02"));
        var books = (int[])[0, 1];
        Assert.Equal(FeedAnswer.Applied, await cluster.Market.Apply(session, [new FeedInput(1, cluster.Time.Now(), 1, [.. books.Select(Given.Cheap)], null)]));

        Assert.Equal((1, session), ((await cluster.Market.View()).Detected, (await cluster.Market.View()).Session));
        Assert.Equal(0, cluster.Calls.Count(nameof(IPortfolioGrain.Reserve)));
        cluster.Time.Shift(TimeSpan.FromMinutes(2));
        await FaultDay.Until(async () => (await cluster.Market.View()).Session > session);
    }

    [Fact]
    public async Task Two_at_once_both_hold()
    {
        await using var cluster = await Start();

        var answers = await Task.WhenAll(Set(cluster, ("risk.max_position_per_market", "400")), Set(cluster, ("risk.drawdown_limit", "50")));

        Assert.All(answers, answer => Assert.Single(answer.Changes));
        Assert.Equal(2, (await cluster.Gateway.Status()).Overrides.Length);
    }

    private static Task<ParametersAnswer> Set(ScriptedCluster cluster, params (string Name, string Text)[] wishes) =>
        cluster.Gateway.SetParameters([.. wishes.Select(wish => new ParameterWish(wish.Name, wish.Text))], "me");

    /// <summary>Of a basket that is open already: asked for also while paused, as after a start.</summary>
    private static Proposal Completing(string id) => ScriptedCluster.Proposal(id) with { Purpose = Purpose.Complete };

    /// <summary>The cluster's usual rules, but for what a test changes.</summary>
    private static Task<ScriptedCluster> Start(PolyArbOptions? options = null, ScriptedJournal? journal = null) => ScriptedCluster.Start(
        journal: journal,
        parameters: (inForce, usual) => new SiloParameters(new Configuration(options ?? PolyArbOptions.Defaults, changed => Interpret(changed, usual)), inForce));

    private static TradingRules Interpret(PolyArbOptions options, TradingRules usual)
    {
        var rules = SiloSetup.RulesOf(options, "test");
        return usual with
        {
            Risk = options.Parameters["risk.max_position_per_market"].IsDefault ? usual.Risk : usual.Risk with { MaxPositionPerMarket = rules.Risk.MaxPositionPerMarket },
            Breakers = options.Parameters["risk.drawdown_limit"].IsDefault ? usual.Breakers : usual.Breakers with { MaxDrawdown = rules.Breakers.MaxDrawdown },
            Resting = rules.Resting,
            Edge = options.Parameters["thresholds.min_edge_threshold"].IsDefault ? usual.Edge : usual.Edge with { MinEdge = rules.Edge.MinEdge },
        };
    }
}
