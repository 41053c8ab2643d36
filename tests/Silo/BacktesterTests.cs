using PolyArb.Config;
using PolyArb.Domain.Replay;
using PolyArb.Silo.Replay;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class BacktesterTests
{
    /// <summary>The file is missing: how far a request comes.</summary>
    [Theory]
    [InlineData("https://clob.polymarket.com", false, 2, "real money")]
    [InlineData("https://clob.polymarket.com", false, 3, "no such file")]
    [InlineData("https://clob.polymarket.com", true, 1, "no such file")]
    [InlineData("http://127.0.0.1:8787", false, 1, "no such file")]
    public async Task Where_real_money_is_traded_a_replay_does_not_take_the_last_core(string venue, bool dryRun, int cores, string says)
    {
        var defaults = PolyArbOptions.Defaults;
        using var backtester = new Backtester(() => defaults with { Runtime = defaults.Runtime with { DryRun = dryRun }, Venue = defaults.Venue with { RestUrl = new Uri(venue) } }, cores, TimeProvider.System);

        var outcome = await backtester.Run(new BacktestRequest("/nowhere/day.db", []), _ => { }, TestContext.Current.CancellationToken);

        var failed = Assert.IsType<BacktestOutcome.Failed>(outcome);
        Assert.Contains(says, Assert.Single(failed.Lines), StringComparison.Ordinal);
    }
}
