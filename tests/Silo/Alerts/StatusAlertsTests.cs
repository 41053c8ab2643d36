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

    private static readonly Status Well = GivenView.Status with
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
        for (var second = 0; second < seconds; second++) Assert.Empty(alerts.See(trouble, At(second)));

        var told = Assert.Single(alerts.See(trouble, At(seconds)));

        Assert.Equal(level, told.Level);
        Assert.StartsWith(begin, told.Text, StringComparison.Ordinal);
        Assert.Empty(alerts.See(trouble, At(seconds + 1_000)));
        Assert.Equal(AlertLevel.Info, Assert.Single(alerts.See(Well, At(seconds + 1_001))).Level);
        Assert.Empty(alerts.See(Well, At(seconds + 1_002)));
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
        Assert.Equal("Only 999 MB are free where the data is", Assert.Single(alerts.See((1_000 * Megabyte) - 1, At(5))).Text);
        Assert.Empty(alerts.See(100 * Megabyte, At(10)));
        Assert.Equal(AlertLevel.Critical, Assert.Single(alerts.See(99 * Megabyte, At(15))).Level);
        Assert.Equal(2, alerts.See(2_000 * Megabyte, At(20)).Length); // Both are over.
        Assert.Empty(alerts.See((long?)null, At(25)));
    }

    public static TheoryData<Fact, AlertLevel, string> Facts => new()
    {
        { Moved(TradingState.Running, TradingState.Safe, "ann"), AlertLevel.Critical, "SAFE by ann: because" },
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
    public void Other_facts_are_no_news()
    {
        Assert.Null(FactAlerts.Of(Moved(TradingState.Safe, TradingState.Safe, "ann"))); // Written again.
        Assert.Null(FactAlerts.Of(new Fact.EquitySampled(Given.Noon, Usd.Zero, Usd.Zero)));
    }

    private static Fact.StateChanged Moved(TradingState from, TradingState to, string by) => new(Given.Noon, from, to, 1, by, "because");

    private static Instant At(int second) => Given.Noon + TimeSpan.FromSeconds(second);
}
