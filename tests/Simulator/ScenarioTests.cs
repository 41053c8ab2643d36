using System.Globalization;
using System.Numerics;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;
using PolyArb.Tests.EndToEnd;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class ScenarioTests
{
    private const long Start = 1_800_000_000_000;

    public static TheoryData<string> Shipped => [.. ScenarioFile.Names()];

    [Fact]
    public void These_scenarios_come_with_the_program() => Assert.Equal(
        ["burst", "cluster", "crypto", "default", "demo", "drift", "full", "load", "maker", "neg-risk", "protocol-v2", "quiet", "soak", "sports"], ScenarioFile.Names());

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Each_says_what_it_is_first_and_trades_ten_seconds_without_crossing_a_book_or_losing_money(string name)
    {
        Assert.StartsWith("description:", File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Scenarios", name + ".yaml")).First(), StringComparison.Ordinal);

        var (exchange, clock) = Run(ScenarioFile.Load(name));
        for (var i = 1; i <= 1_000; i++)
        {
            exchange.Agenda.RunTo(clock, Start + 10 * i);
            foreach (var market in exchange.World.Conditions.Select(exchange.MarketOf))
            {
                var (bid, ask) = market.Top(0);
                Assert.True(bid is null || ask is null || bid < ask, $"{market.Condition.Question}, step {i}: {bid} is not below {ask}");
                Assert.Equal(0, (bid ?? 0) % market.Tick);
            }
        }

        exchange.Ledger.AssertConserved();
        Assert.All(exchange.World.Conditions, condition => Assert.True(exchange.MarketOf(condition).Top(0).Bid > 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void The_books_change_as_often_as_the_scenario_says(int rate)
    {
        var scenario = ScenarioFile.Load("load");
        var (exchange, clock) = Run(scenario with { Flow = scenario.Flow with { ChangesPerSecond = rate } });
        var before = exchange.Changes;

        exchange.Agenda.RunTo(clock, Start + 4_000);

        Assert.InRange(exchange.Changes - before, rate * 4 * 98 / 100 - 20, rate * 4 * 102 / 100 + 20);
    }

    [Fact]
    public void A_burst_multiplies_the_rate_for_its_seconds_only()
    {
        var (exchange, clock) = Run(Read(
            "flow: {changes_per_second: 50, burst: {every_seconds: 10, lasts_seconds: 2, times: 10}}", "markets: [{question: A?, count: 20}]"));

        Assert.Equal([50 * 8, 500 * 2, 50 * 8], ((long[])[8, 10, 18]).Select(Until).Select(n => (n + 25) / 50 * 50));

        long Until(long second)
        {
            var before = exchange.Changes;
            exchange.Agenda.RunTo(clock, Start + second * 1_000);
            return exchange.Changes - before;
        }
    }

    [Fact]
    public void Without_noise_the_informed_alone_trade_and_then_the_price_has_moved_their_way()
    {
        const string Markets = "markets: [{question: A?, count: 10}]";
        Assert.Empty(Prints("flow: {changes_per_second: 100, noise_per_thousand: 0}", Markets));

        var prints = Prints("flow: {changes_per_second: 100, noise_per_thousand: 0, informed_per_minute: 60}", Markets);

        Assert.InRange(prints.Count, 30, 90);
    }

    [Fact]
    public void Mispricing_can_be_turned_off()
    {
        Assert.True(Rich("true") > 0);
        Assert.Equal(0, Rich("false"));

        int Rich(string switched)
        {
            var (exchange, clock) = Run(Read($"flow: {{changes_per_second: 200, mispricing: {switched}}}", "events: [{title: T, outcomes: [a, b, c, d]}]"));
            return Enumerable.Range(1, 3_000).Count(i =>
            {
                exchange.Agenda.RunTo(clock, Start + 20 * i);
                return exchange.World.Conditions.Sum(c => exchange.MarketOf(c).Top(0).Bid ?? 0) > 10_100;
            });
        }
    }

    [Fact]
    public void Conditions_carry_what_the_file_says_of_them()
    {
        var world = WorldBuilder.Build(1, Read(
            "markets:",
            "  - {question: G?, category: sports, tick: 0.0025, min_size: 15, seconds_delay: 3, starts_in_seconds: 60, clears_at_start: true}",
            "  - {question: H?, category: crypto, fee_exponent: 2, holds_takers: true, outcomes: [Up, Down]}",
            "  - {question: I?, category: crypto, fee_bps: 0, protocol: v2, count: 2}",
            "events: [{title: T, augmented: true, outcomes: [a, b, c], protocol: v2}]"), DateTimeOffset.UnixEpoch);

        var (game, crypto, free) = (world.Conditions[0], world.Conditions[1], world.Conditions[2]);
        Assert.Equal((25, 15_000_000, new FeeSchedule(500, 1), 3, true), (game.Tick, game.MinSize, game.Fee, game.SecondsDelay, game.ClearsAtStart));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(60), game.GameStart);
        Assert.Equal((new FeeSchedule(700, 2), true, "Up"), (crypto.Fee, crypto.HoldsTakers, crypto.Outcomes[0]));
        Assert.Equal((null, true, "I?", "I? (2)"), (free.Fee, free.ProtocolV2, free.Question, world.Conditions[3].Question));
        Assert.Equal([false, false, false, true], world.Conditions.Skip(4).Select(c => c.IsOther));
        Assert.All(world.Conditions.Skip(4), c => Assert.True(c.Event.Augmented && c.NegRisk && c.ProtocolV2));
        Assert.Equal(10_000, world.Conditions.Skip(4).Sum(c => c.OpeningPrice));
    }

    [Fact]
    public void A_protocol_v2_position_names_its_module_and_outcome_and_its_condition_has_31_bytes()
    {
        var world = WorldBuilder.Build(1, ScenarioFile.Load("protocol-v2"), DateTimeOffset.UnixEpoch);

        foreach (var condition in world.Conditions.Where(c => c.ProtocolV2))
        {
            Assert.EndsWith("00", condition.Id, StringComparison.Ordinal);
            for (var outcome = 0; outcome < 2; outcome++)
            {
                var bits = BigInteger.Parse(condition.Tokens[outcome], CultureInfo.InvariantCulture);
                Assert.Equal(condition.NegRisk ? 2 : 1, bits >> 248);
                Assert.Equal(0, (bits >> 40) & ulong.MaxValue);
                Assert.Equal((137, outcome), ((int)((bits >> 24) & 0xFFFF), (int)(bits & 0xFF)));
            }
        }

        Assert.Equal(6, world.Conditions.Count(c => c.ProtocolV2));
    }

    [Fact]
    public void A_round_of_a_series_closes_is_replaced_and_then_resolved_again_and_again()
    {
        var (exchange, clock) = Run(Read(
            "flow: {changes_per_second: 50}", "series: [{asset: Bitcoin, category: crypto, life_seconds: 10, resolve_seconds: 3}]"));
        var log = FrameLog.OfMarkets(exchange);

        exchange.Agenda.RunTo(clock, Start + 12_000);

        var (first, second) = (exchange.MarketOf(exchange.World.Conditions[0]), exchange.MarketOf(exchange.World.Conditions[1]));
        Assert.True(first.IsClosed && first.Payouts is null && first.Book.BestBid is null);
        Assert.True(second.AcceptsOrders && second.Condition.HoldsTakers && second.Top(0).Bid > 0);
        var before = second.Timestamp;
        exchange.Agenda.RunTo(clock, Start + 13_000);
        Assert.NotNull(first.Payouts);
        Assert.True(second.Timestamp > before, "the second round does not move");

        exchange.Agenda.RunTo(clock, Start + 53_500);
        Assert.Equal(6, exchange.World.Conditions.Count);
        Assert.Equal(5, log.Frames.Count(f => f.Contains("\"new_market\"", StringComparison.Ordinal)));
        Assert.Equal(5, log.Frames.Count(f => f.Contains("\"market_resolved\"", StringComparison.Ordinal)));
        exchange.Ledger.AssertConserved();
    }

    [Theory]
    [InlineData("markets: [{question: A?}]", "x.yaml:1: description: is missing; it takes a text")]
    [InlineData("description: d\nmarkets: []", "x.yaml:2: markets: markets, events and series must be 1 to 5000 conditions")]
    [InlineData("description: d\nmarket: []", "x.yaml:2: market: is not known; legal here: description, events, flow, markets, series")]
    [InlineData("description: d\nmarkets:\n  - {question: A?, tick: 0.02}", "x.yaml:3: markets[0].tick: \"0.02\" is not legal; it takes one of 0.1, 0.01, 0.005, 0.0025, 0.001, 0.0001")]
    [InlineData("description: d\nmarkets:\n  - question: A?\n    colour: red", "x.yaml:4: markets[0].colour: is not known; legal here: category,")]
    [InlineData("description: d\nmarkets: [{question: A?, outcomes: [Yes]}]", "x.yaml:2: markets[0].outcomes: takes a list of 2 to 2 different texts")]
    [InlineData("description: d\nmarkets: [{question: A?, clears_at_start: true}]", "x.yaml:2: markets[0].clears_at_start: needs starts_in_seconds")]
    [InlineData("description: d\nevents: [{title: A, outcomes: [a, b]}]", "x.yaml:2: events[0].outcomes: takes a list of 3 to 20 different texts")]
    [InlineData("description: d\nevents: [{title: A, tick: 0.1, outcomes: [a, b, c]}]", "x.yaml:2: events[0].tick: an event takes 0.01 or finer")]
    [InlineData("description: d\nmarkets: [{question: A?}]\nflow:\n  changes_per_second: 20001", "x.yaml:4: flow.changes_per_second: \"20001\" is not legal; it takes 1 to 20000")]
    [InlineData("description: d\nmarkets: [{question: A?}]\nflow: {moves: maybe}", "x.yaml:3: flow.moves: \"maybe\" is not legal; it takes one of true, false")]
    [InlineData("description: d\nmarkets: [{question: A?}]\nflow: {burst: {times: 3}}", "x.yaml:3: flow.burst: needs changes_per_second")]
    [InlineData("description: d\nseries: [{asset: A}]", "x.yaml:2: series: needs flow.changes_per_second")]
    [InlineData("description: d\nmarkets: {question: A?}", "x.yaml:2: markets: takes a list of mappings")]
    [InlineData("description: d\ndescription: e", "x.yaml:2: not YAML:")]
    [InlineData("just text", "x.yaml:1: must be one mapping")]
    public void A_wrong_file_is_refused_with_its_line_its_key_and_what_is_legal(string text, string says)
    {
        var refused = Assert.Throws<FormatException>(() => ScenarioFile.Read("x.yaml", text));

        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_scenario_that_does_not_exist_ends_the_program_with_2_and_the_names_that_do()
    {
        await using var program = Programs.Exchange("serve", "--port", "0", "--scenario", "storm");

        var ended = await program.End(TestContext.Current.CancellationToken);

        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("there is no scenario storm; it takes a file or one of burst, cluster, crypto, default,", ended.Error, StringComparison.Ordinal);
    }

    private static Scenario Read(params string[] lines) => ScenarioFile.Read("x.yaml", "description: d\n" + string.Join('\n', lines));

    private static List<string> Prints(params string[] lines)
    {
        var (exchange, clock) = Run(Read(lines));
        var log = FrameLog.OfMarkets(exchange);
        exchange.Agenda.RunTo(clock, Start + 60_000);
        return [.. log.Frames.Where(f => f.Contains("transaction_hash", StringComparison.Ordinal))];
    }

    private static (Exchange Exchange, VirtualClock Clock) Run(Scenario scenario)
    {
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(WorldBuilder.Build(1, scenario, clock.GetUtcNow()), 1, clock);
        ScenarioFlow.Start(exchange, 1, scenario);
        return (exchange, clock);
    }
}
