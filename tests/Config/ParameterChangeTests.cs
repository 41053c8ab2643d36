using PolyArb.Config;
using Xunit;

namespace PolyArb.Tests.Config;

/// <summary>Parameters changed while a silo runs: what may change, and what several changes come to together.</summary>
public class ParameterChangeTests
{
    private static readonly PolyArbOptions Defaults = PolyArbOptions.Defaults;

    [Fact]
    public void Several_changes_have_to_hold_together_and_not_one_by_one()
    {
        Assert.IsType<SetResult.Refused>(Defaults.Set("risk.max_hourly_loss", "400"));

        var options = Changed(Defaults.Set([("risk.max_hourly_loss", "400"), ("max_daily_loss", "500")]));

        Assert.Equal(("400", "500"), (options.Parameters["risk.max_hourly_loss"].Text, options.Parameters["risk.max_daily_loss"].Text));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() => Assert.Equal(
        [
            "set: max_legz: no such parameter, or more than one: did you mean baskets.max_legs?",
            "set: runtime.log_level: needs a restart: it is read at start only; change config.yaml and start again",
            "set: maker.size: is named twice",
        ],
        Refused(Defaults.Set([("max_legz", "2"), ("log_level", "debug"), ("maker.size", "10"), ("maker.size", "11")])));

    [Fact]
    public void Values_that_are_not_legal_are_named_with_what_is() => Assert.Equal(
        ["set: baskets.max_legs = \"16\": must be a whole number, 2 to 15", "set: risk.drawdown_limit = \"0\": must be dollars, more than 0, at most 6 decimals"],
        Refused(Defaults.Set([("risk.drawdown_limit", "0"), ("baskets.max_legs", "16")])));

    [Fact]
    public void Other_options_change_what_may_change_and_leave_what_is_read_at_start()
    {
        var others = Changed(Changed(Defaults.SetAtStart("runtime.dry_run", "false")).Set("risk.drawdown_limit", "50"));

        var merged = Changed(Defaults.With(others));

        Assert.True(merged.Runtime.DryRun);
        Assert.Equal("50", merged.Parameters["risk.drawdown_limit"].Text);
    }

    private static PolyArbOptions Changed(SetResult result) => result is SetResult.Changed(var options)
        ? options
        : throw new Xunit.Sdk.XunitException(string.Join('\n', ((SetResult.Refused)result).Lines));

    private static string[] Refused(SetResult result) => [.. Assert.IsType<SetResult.Refused>(result).Lines];
}
