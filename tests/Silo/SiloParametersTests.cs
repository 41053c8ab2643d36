using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Replay;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo;

/// <summary>What a change of parameters would come to, before anybody writes it down.</summary>
public sealed class SiloParametersTests : IDisposable
{
    private const string MinEdge = "thresholds.min_edge_threshold";
    private const string Drawdown = "risk.drawdown_limit";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-parameters-").FullName;

    private string File => Path.Combine(_directory, "config.yaml");

    private string DotEnv => Path.Combine(_directory, ".env");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Nothing_is_in_force_before_the_plan_is_carried_out()
    {
        var (parameters, rules) = Started("");

        var plan = Ready(parameters.Set([new ParameterWish("min_edge_threshold", "0.020")]));

        Assert.Equal([new ParameterChange(MinEdge, "0.01", "0.02", "0.01")], plan.Changes);
        Assert.Equal(Usd.Cents(1), rules.Now.Edge.MinEdge);
        plan.PutInForce();
        Assert.Equal(Usd.Cents(2), rules.Now.Edge.MinEdge);
        Assert.Equal("0.02", parameters.InForce.Parameters[MinEdge].Text);
    }

    [Fact]
    public void What_is_so_already_is_no_change() => Assert.Empty(Ready(Started("").Parameters.Set([new ParameterWish(MinEdge, "0.0100")])).Changes);

    [Fact]
    public void A_desk_begins_anew_only_when_its_own_rules_are_others()
    {
        var (parameters, rules) = Started("");
        var edge = rules.Now.Edge;

        Ready(parameters.Set([new ParameterWish(Drawdown, "50")])).PutInForce();
        Assert.Same(edge, rules.Now.Edge);
        Assert.Equal(Usd.Dollars(50), rules.Now.Breakers.MaxDrawdown);

        Ready(parameters.Set([new ParameterWish("maker.size", "10")])).PutInForce(); // Nobody quotes.
        Assert.Same(edge, rules.Now.Edge);

        Ready(parameters.Set([new ParameterWish(MinEdge, "0.02")])).PutInForce();
        Assert.NotSame(edge, rules.Now.Edge);
    }

    [Fact]
    public void A_reload_takes_what_may_change_forgets_what_was_set_and_names_what_waits_for_a_restart()
    {
        var (parameters, rules) = Started("risk: { max_daily_loss: 250 }");
        Ready(parameters.Set([new ParameterWish(MinEdge, "0.02"), new ParameterWish(Drawdown, "50")])).PutInForce();
        System.IO.File.WriteAllText(File, "risk: { max_daily_loss: 200, drawdown_limit: 50 }\nruntime: { log_level: debug }\n");
        System.IO.File.WriteAllText(DotEnv, "CONTROL_TOKEN=sesame-sesame-sesame\nSTART_PAUSED=false\n");

        var plan = Ready(parameters.Reload());
        plan.PutInForce();

        Assert.Equal(
            [
                new ParameterChange(MinEdge, "0.02", "0.01", "0.01"), new ParameterChange("risk.max_daily_loss", "250", "200", "200"),
                new ParameterChange(Drawdown, "50", "50", "50"), // The file has come round to it: it is no longer set by hand.
            ],
            plan.Changes);
        Assert.Equal(
            [
                new StartOnly("runtime.start_paused", "true", "false"), new StartOnly("runtime.log_level", "info", "debug"),
                new StartOnly("CONTROL_TOKEN", "(not shown)", "(not shown)"),
            ],
            plan.NeedsRestart);
        Assert.Equal((Usd.Cents(1), Usd.Dollars(200)), (rules.Now.Edge.MinEdge, rules.Now.Breakers.MaxDailyLoss));
        Assert.True(rules.Now.StartPaused);
        Assert.Empty(Ready(parameters.Reload()).Changes);
    }

    [Fact]
    public void A_file_that_is_wrong_changes_nothing()
    {
        var (parameters, rules) = Started("");
        System.IO.File.WriteAllText(File, "risk: { drawdown_limit: 50, max_daily_loss: -1 }\n");

        var refused = Assert.IsType<ParameterPlan.Refused>(parameters.Reload());

        Assert.Equal([$"{File}: risk.max_daily_loss = \"-1\": must be dollars, more than 0, at most 6 decimals"], refused.Lines);
        Assert.Equal(Usd.Dollars(150), rules.Now.Breakers.MaxDrawdown);
    }

    [Fact]
    public void A_silo_without_a_configuration_says_so()
    {
        var configuration = new Configuration(PolyArbOptions.Defaults, Interpret);
        var refused = Assert.IsType<ParameterPlan.Refused>(new SiloParameters(configuration, new RulesInForce(configuration.Rules)).Reload());

        Assert.Equal(["reload: this silo was started without a configuration"], refused.Lines);
    }

    [Fact]
    public void A_start_holds_what_was_set_unless_the_configuration_says_something_new_of_it()
    {
        var (parameters, rules) = Started("risk: { drawdown_limit: 120 }");

        var plan = parameters.Restore([Set(MinEdge, "0.02", configured: "0.01"), Set(Drawdown, "50", configured: "150"), Set("gone.key", "1", configured: "2")]);
        plan.PutInForce();

        Assert.Equal([new ParameterChange(Drawdown, "50", "120", "120"), new ParameterChange("gone.key", "1", "2", "2")], plan.Changes);
        Assert.Equal((Usd.Cents(2), Usd.Dollars(120)), (rules.Now.Edge.MinEdge, rules.Now.Breakers.MaxDrawdown));
    }

    /// <summary>Else the old value would be in force again when the file goes back to what it said then.</summary>
    [Fact]
    public void What_the_configuration_came_round_to_before_a_start_is_no_longer_set_by_hand()
    {
        var (parameters, _) = Started("risk: { drawdown_limit: 120 }");

        Assert.Equal([new ParameterChange(Drawdown, "120", "120", "120")], parameters.Restore([Set(Drawdown, "120", configured: "150")]).Changes);
    }

    /// <summary>The file has lowered the daily limit below what the hourly one was set to.</summary>
    [Fact]
    public void What_does_not_fit_the_configuration_any_more_is_forgotten_and_the_rest_holds()
    {
        var (parameters, rules) = Started("risk: { max_daily_loss: 100, max_hourly_loss: 100 }");

        var plan = parameters.Restore([Set("risk.max_hourly_loss", "150", configured: "100"), Set(MinEdge, "0.02", configured: "0.01")]);
        plan.PutInForce();

        Assert.Equal([new ParameterChange("risk.max_hourly_loss", "150", "100", "100")], plan.Changes);
        Assert.Equal((Usd.Cents(2), Usd.Dollars(100)), (rules.Now.Edge.MinEdge, rules.Now.Breakers.MaxHourlyLoss));
    }

    [Fact]
    public void Two_that_only_fit_together_are_restored_together()
    {
        var (parameters, rules) = Started("");

        var plan = parameters.Restore([Set("risk.max_hourly_loss", "400", configured: "100"), Set("risk.max_daily_loss", "500", configured: "300")]);
        plan.PutInForce();

        Assert.Empty(plan.Changes);
        Assert.Equal((Usd.Dollars(400), Usd.Dollars(500)), (rules.Now.Breakers.MaxHourlyLoss, rules.Now.Breakers.MaxDailyLoss));
    }

    [Fact]
    public void What_holds_at_the_gateways_silo_holds_here_and_the_next_reload_there_too()
    {
        var (there, here) = (Started(""), Started(""));
        Ready(there.Parameters.Set([new ParameterWish(MinEdge, "0.03")])).PutInForce();

        Assert.Empty(here.Parameters.Follow(there.Parameters.Settable()));
        Assert.Equal(there.Rules.Now.Edge.MinEdge, here.Rules.Now.Edge.MinEdge);

        Ready(there.Parameters.Set([new ParameterWish(MinEdge, "0.01")])).PutInForce();
        Assert.Empty(here.Parameters.Follow(there.Parameters.Settable()));
        Assert.Equal(there.Rules.Now.Edge.MinEdge, here.Rules.Now.Edge.MinEdge);
    }

    [Fact]
    public void Who_follows_what_is_so_already_begins_nothing_anew()
    {
        var (there, here) = (Started(""), Started(""));
        var before = here.Rules.Now;

        Assert.Empty(here.Parameters.Follow(there.Parameters.Settable()));
        Assert.Same(before, here.Rules.Now);
    }

    /// <summary>During a rolling update two versions know of different parameters.</summary>
    [Fact]
    public void What_another_version_does_not_know_is_left_as_it_is()
    {
        var here = Started("");

        Assert.Empty(here.Parameters.Follow([new ParameterWish("thresholds.of_tomorrow", "1"), new ParameterWish(MinEdge, "0.03")]));
        Assert.Equal(Usd.Cents(3), here.Rules.Now.Edge.MinEdge);
    }

    public static TheoryData<string> Live => [.. PolyArbOptions.Defaults.Parameters.All.Where(parameter => parameter.IsSettable).Select(parameter => parameter.Key)];

    /// <summary>A parameter that could be set and then changed nothing would be a lie at three in the morning.</summary>
    [Theory]
    [MemberData(nameof(Live))]
    public void Every_parameter_that_may_change_while_it_runs_changes_something(string key)
    {
        PolyArbOptions usual = PolyArbOptions.Defaults;
        foreach (var (needed, text) in (ReadOnlySpan<(string, string)>)[("maker.enabled", "true"), ("baskets.max_plausible_edge", "0.5"), ("order.min_order_lifetime_ms", "1")])
            usual = Assert.IsType<SetResult.Changed>(usual.SetAtStart(needed, text)).Options;
        var changed = ((string[])["0.25", "0.3", "7", "12", "25", "700", "true", "fok", "hold", "fixed_bps", "cancel_and_unwind"])
            .Select(text => usual.Set(key, text)).OfType<SetResult.Changed>().Select(result => result.Options)
            .First(options => options.Parameters[key].Text != usual.Parameters[key].Text);

        Assert.NotEqual(Meaning(usual), Meaning(changed));
    }

    /// <summary>All that trading and replays are told.</summary>
    private static string Meaning(PolyArbOptions options)
    {
        var backtest = Assert.IsType<BacktestSetup.Ready>(BacktestSetup.Of(options, []));
        return DomainJson.Write(Interpret(options)) + backtest.DefaultFee + backtest.Backtest;
    }

    private static TradingRules Interpret(PolyArbOptions options) => SiloSetup.RulesOf(options, "test");

    private static ParameterOverride Set(string key, string text, string configured) => new(key, text, configured, "me", Given.Noon);

    private static ParameterPlan.Ready Ready(ParameterPlan plan) => plan as ParameterPlan.Ready
        ?? throw new Xunit.Sdk.XunitException(string.Join('\n', ((ParameterPlan.Refused)plan).Lines));

    private (SiloParameters Parameters, RulesInForce Rules) Started(string yaml)
    {
        System.IO.File.WriteAllText(File, yaml);
        var (options, secrets) = Assert.IsType<ConfigResult.Ok>(Load());
        var configuration = new Configuration(options, Interpret, Load, secrets);
        var rules = new RulesInForce(configuration.Rules);
        return (new SiloParameters(configuration, rules), rules);
    }

    private ConfigResult Load() => ConfigLoader.Load(File, new Dictionary<string, string>(), DotEnv);
}
