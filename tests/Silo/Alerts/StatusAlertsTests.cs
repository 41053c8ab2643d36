using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Domain;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public class StatusAlertsTests
{
    private const long Megabyte = 1_000_000;

    internal static readonly Status Well = GivenView.Status with
    {
        Reason = "all is well",
        DryRun = false,
        MarketStream = "Live: 3 tokens",
        UserStream = "Idle: nothing to follow",
    };

    /// <summary>Every trouble, how long it must last, how bad it is, and that its end is told as well.</summary>
    public static TheoryData<Status?, int, AlertLevel, string> Troubles => new()
    {
        { null, 30, AlertLevel.Critical, "The gateway does not answer" },
        { Well with { Journal = "disk full" }, 0, AlertLevel.Critical, "The journal cannot be written, so nothing is sent (RUNNING): disk full" },
        { Well with { Recovering = true }, 120, AlertLevel.Warning, "Still recovering" },
        { Well with { Venue = "orders rest: 425" }, 30, AlertLevel.Warning, "Venue: orders rest: 425" },
        { Well with { MarketStream = "Down: refused" }, 30, AlertLevel.Warning, "The market stream is Down: refused" },
        { Well with { UserStream = "Connecting: handshake" }, 30, AlertLevel.Warning, "The user stream is Connecting: handshake" },
        { Well with { UnresolvedOrders = 2 }, 30, AlertLevel.Warning, "2 orders nobody has answered for" },
    };

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public void A_trouble_is_told_once_when_it_has_lasted_and_when_it_is_over(Status? trouble, int seconds, AlertLevel level, string begin)
    {
        var alerts = new StatusAlerts(0);
        for (var second = 0; second < seconds; second++) Assert.Empty(See(alerts, trouble, At(second)));

        var told = Assert.Single(See(alerts, trouble, At(seconds)));

        Assert.Equal(level, told.Level);
        Assert.StartsWith(begin, told.Text, StringComparison.Ordinal);
        Assert.Contains("`polyarb-client ", told.Text, StringComparison.Ordinal); // What to do about it.
        Assert.Empty(See(alerts, trouble, At(seconds + 1_000)));
        Assert.Empty(alerts.See(Well, At(seconds + 1_001)));
        Assert.Empty(alerts.See(Well, At(seconds + 1_060)));
        var over = Assert.Single(alerts.See(Well, At(seconds + 1_061)));
        Assert.Equal((AlertLevel.Info, told.Topic, true), (over.Level, over.Topic, over.IsEnd));
        Assert.EndsWith(": well again (trading is RUNNING)", over.Text, StringComparison.Ordinal);
        Assert.Empty(alerts.See(Well, At(seconds + 1_062)));
    }

    [Fact]
    public void What_is_well_for_less_than_a_minute_was_never_over()
    {
        var alerts = new StatusAlerts(0);
        Assert.Single(alerts.See(Well with { Journal = "locked" }, At(0)));
        for (var second = 5; second < 600; second += 55)
        {
            Assert.Empty(alerts.See(Well, At(second)));
            Assert.Empty(alerts.See(Well, At(second + 50)));
            Assert.Empty(alerts.See(Well with { Journal = "locked" }, At(second + 54)));
        }
    }

    [Fact]
    public void A_state_is_told_once_whether_its_fact_comes_in_time_late_or_twice()
    {
        var alerts = new StatusAlerts(0);
        var safe = Well with { State = TradingState.Safe, Epoch = 5, Reason = "it burns" };
        Assert.Empty(alerts.See(Well with { Epoch = 4 }, At(0)));

        Assert.Empty(alerts.See(safe, At(5))); // Its fact may come any moment.
        var told = Assert.Single(alerts.See(safe, At(10)));
        Assert.Equal((AlertLevel.Critical, "SAFE: it burns (not in the journal yet)"), (told.Level, told.Text));
        Assert.Empty(alerts.See(safe, At(15)));
        Assert.False(alerts.IsNews(Moved(TradingState.Safe, TradingState.Safe, "ann", epoch: 5)));

        var paused = Well with { State = TradingState.Paused, Epoch = 5 };
        Assert.Empty(alerts.See(paused, At(20)));
        Assert.True(alerts.IsNews(Moved(TradingState.Safe, TradingState.Paused, "ann", epoch: 5)));
        Assert.False(alerts.IsNews(Moved(TradingState.Paused, TradingState.Paused, "ann", epoch: 5)));
        Assert.Empty(alerts.See(paused, At(25)));
        Assert.Empty(alerts.See(paused, At(30)));
    }

    [Fact]
    public void A_status_that_was_asked_before_the_last_fact_was_read_tells_nothing()
    {
        var alerts = new StatusAlerts(0);
        Assert.Empty(alerts.See(Well, At(0)));
        Assert.True(alerts.IsNews(Moved(TradingState.Running, TradingState.Paused, "ann", Well.Epoch)));

        Assert.Empty(alerts.See(Well, At(5))); // Running again, and its fact is on the way.
        Assert.True(alerts.IsNews(Moved(TradingState.Paused, TradingState.Running, "ann", Well.Epoch)));
        Assert.Empty(alerts.See(Well, At(10)));
    }

    [Fact]
    public void What_is_over_before_it_has_lasted_is_never_told()
    {
        var alerts = new StatusAlerts(0);
        for (var second = 0; second < 600; second += 20)
        {
            Assert.Empty(alerts.See(Well with { Venue = "orders rest: 429" }, At(second)));
            Assert.Empty(alerts.See(Well, At(second + 10)));
        }
    }

    [Fact]
    public void Losses_of_the_recorder_are_told_by_how_many_there_are_more()
    {
        var alerts = new StatusAlerts(0);

        Assert.StartsWith("The recorder could not keep 3 inputs", Assert.Single(alerts.See(Well with { InputsLost = 3 }, At(0))).Text, StringComparison.Ordinal);
        Assert.Empty(alerts.See(Well with { InputsLost = 3 }, At(5)));
        Assert.StartsWith("The recorder could not keep 4 inputs", Assert.Single(alerts.See(Well with { InputsLost = 7 }, At(10))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_proofs_are_told_and_many_of_them_are_a_warning()
    {
        var alerts = new StatusAlerts(0);

        Assert.Empty(alerts.See(new ProofCounts(100, 5, 0), At(0))); // What was before us is no news.
        Assert.Equal(AlertLevel.Info, Assert.Single(alerts.See(new ProofCounts(200, 6, 0), At(30))).Level);
        Assert.Equal(AlertLevel.Warning, Assert.Single(alerts.See(new ProofCounts(200, 16, 0), At(60))).Level);
        Assert.Empty(alerts.See(new ProofCounts(0, 0, 0), At(90))); // A market began anew.
    }

    [Fact]
    public void A_disk_is_told_of_when_it_is_low_and_again_when_it_is_nearly_full()
    {
        var alerts = new StatusAlerts(1_000 * Megabyte);

        Assert.Empty(alerts.See(1_000 * Megabyte, At(0)));
        Assert.StartsWith("Only 999 MB are free where the data is", Assert.Single(alerts.See((1_000 * Megabyte) - 1, At(5))).Text, StringComparison.Ordinal);
        Assert.Empty(alerts.See(100 * Megabyte, At(10)));
        Assert.Equal(AlertLevel.Critical, Assert.Single(alerts.See(99 * Megabyte, At(15))).Level);
        Assert.Empty(alerts.See(2_000 * Megabyte, At(20)));
        Assert.Equal(["disk: well again", "full disk: well again"], alerts.See(2_000 * Megabyte, At(80)).Select(alert => alert.Text));
    }

    public static TheoryData<Fact, AlertLevel, string> Facts => new()
    {
        { Moved(TradingState.Running, TradingState.Safe, "ann"), AlertLevel.Critical, "SAFE by ann: because. Nothing opens until somebody resumes: `polyarb-client status`, then `polyarb-client errors`" },
        { Moved(TradingState.Running, TradingState.Flattening, "breaker"), AlertLevel.Critical, "FLATTENING by breaker: because" },
        { Moved(TradingState.Running, TradingState.Paused, "silo"), AlertLevel.Warning, "PAUSED by silo: because" },
        { Moved(TradingState.Running, TradingState.Paused, "ann"), AlertLevel.Info, "PAUSED by ann: because" },
        { Moved(TradingState.Paused, TradingState.Running, "ann"), AlertLevel.Info, "RUNNING by ann: because" },
        { new Fact.ErrorNoted(Given.Noon, "basket b-1", "held as it is"), AlertLevel.Warning, "basket b-1: held as it is" },
        { new Fact.OperatorActed(Given.Noon, "ann", "markets off m"), AlertLevel.Info, "ann: markets off m" },
        { new Fact.ExternalCredited(Given.Noon, Usd.Dollars(5), ImmutableDictionary<TokenId, Size>.Empty, "deposit"), AlertLevel.Info, "Credited: cash 5, 0 tokens (deposit)" },
    };

    [Theory]
    [MemberData(nameof(Facts), DisableDiscoveryEnumeration = true)]
    public void A_fact_that_a_person_wants_to_hear_of_is_told(Fact fact, AlertLevel level, string text)
    {
        var alert = FactAlerts.Of(fact);

        Assert.Contains(fact.GetType().Name, FactAlerts.Kinds);
        Assert.Equal((level, text), (alert!.Level, alert.Text));
    }

    [Fact]
    public void Other_facts_are_no_news() => Assert.Null(FactAlerts.Of(new Fact.EquitySampled(Given.Noon, Usd.Zero, Usd.Zero)));

    /// <param name="status">Null: the gateway does not answer.</param>
    internal static ImmutableArray<Alert> See(StatusAlerts alerts, Status? status, Instant now) =>
        status is null ? alerts.See("no answer", now) : alerts.See(status, now);

    internal static Fact.StateChanged Moved(TradingState from, TradingState to, string by, long epoch = 1) => new(Given.Noon, from, to, epoch, by, "because");

    private static Instant At(int second) => Given.Noon + TimeSpan.FromSeconds(second);
}
