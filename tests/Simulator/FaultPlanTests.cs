using PolyArb.Simulator.Faults;
using Xunit;

namespace PolyArb.Tests.Simulator;

public class FaultPlanTests
{
    [Fact]
    public void Yaml_and_json_say_the_same()
    {
        var yaml = FaultPlan.Read("x.yaml", """
            seed: 9
            faults:
              - kind: ws-freeze
                atMs: 100
                durationMs: 2500
              - { kind: lost-answer, everyMs: 50, token: "123" }
            """);
        var json = FaultPlan.Read(
            "body", """{"seed":9,"faults":[{"kind":"ws-freeze","atMs":100,"durationMs":2500},{"kind":"lost-answer","everyMs":50,"token":"123"}]}""");

        Assert.Equal(9UL, yaml.Seed);
        Assert.Equal([new Fault(FaultKind.WsFreeze, 100, 0, 1, null, 2_500), new Fault(FaultKind.LostAnswer, 0, 50, 0, "123", 0)], yaml.Faults);
        Assert.Equal(yaml.Faults, json.Faults);
    }

    [Theory]
    [InlineData("faults:\n  - kind: ws-frieze", "x.yaml:2: faults[0].kind: \"ws-frieze\" is not legal; it takes one of ws-freeze, ")]
    [InlineData("faults:\n  - atMs: 5", "x.yaml:2: faults[0].kind: is missing")]
    [InlineData("faults:\n  - kind: ws-freeze\n    at: 5", "x.yaml:3: faults[0].at: is not known; legal here: atMs, ")]
    [InlineData("faults:\n  - kind: ws-freeze\n    atMs: soon", "x.yaml:3: faults[0].atMs: \"soon\" is not legal; it takes 0 to ")]
    [InlineData("faults:\n  - kind: ws-freeze\n    count: 0", "x.yaml:3: faults[0].count: takes 1 or more")]
    [InlineData("faults: none", "x.yaml:1: faults: takes a list of mappings")]
    [InlineData("faults: []", "x.yaml:1: faults: takes a list of faults, at least one")]
    [InlineData("seed: -1\nfaults: [{kind: ws-freeze}]", "x.yaml:1: seed: \"-1\" is not legal")]
    [InlineData("- a", "x.yaml:1: must be one mapping")]
    [InlineData("faults: [", "x.yaml:2: not YAML: ")]
    public void A_plan_that_cannot_be_read_says_where_and_what_is_legal(string text, string complaint)
    {
        var error = Assert.Throws<FormatException>(() => FaultPlan.Read("x.yaml", text));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Every_kind_of_the_contract_can_be_planned()
    {
        string[] kinds =
        [
            "ws-freeze", "token-freeze", "drop-book", "late-book", "reorder-same-timestamp", "crossed-transient", "duplicate-frame", "socket-close",
            "stale-rest-book", "restart-425", "post-only-window", "rate-limit-429", "error-after-accept", "lost-answer", "trade-retrying",
            "trade-failed", "fak-overfill", "tick-change", "heartbeat-expiry", "gtd-early", "late-user-events", "missing-market-resolved",
            "hydration-404", "odd-status", "sell-before-mined",
        ];
        Assert.Equal(kinds, Enum.GetValues<FaultKind>().Select(kind => kind.Name()));
        Assert.All(kinds, kind => Assert.Equal(kind, FaultPlan.Read("x.yaml", $"faults: [{{kind: {kind}}}]").Faults[0].Kind.Name()));
    }
}
