using System.Text.RegularExpressions;
using PolyArb.Config;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>Whether somebody is woken does not depend on who tells him: the silo itself, or Prometheus by the rules in deploy/.</summary>
public partial class AlertLevelsTests
{
    private static readonly Dictionary<string, string> Severities =
        Rule().Matches(Repository.Text("deploy/prometheus/alerts.yml")).ToDictionary(rule => rule.Groups["name"].Value, rule => rule.Groups["severity"].Value);

    public static TheoryData<string, Status?> Troubles => new()
    {
        { "GatewaySilent", null },
        { "JournalFailing", StatusAlertsTests.Well with { Journal = "disk full" } },
        { "StreamDown", StatusAlertsTests.Well with { MarketStream = "Down: refused" } },
        { "StreamDown", StatusAlertsTests.Well with { UserStream = "Down: refused" } },
        { "OrdersUnresolved", StatusAlertsTests.Well with { UnresolvedOrders = 2 } },
        { "VenueRefuses", StatusAlertsTests.Well with { Venue = "orders rest: 425" } },
        { "RecordingLost", StatusAlertsTests.Well with { InputsLost = 3 } },
    };

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public void A_trouble_wakes_as_many_here_as_there(string rule, Status? trouble)
    {
        var alerts = new StatusAlerts(0);
        var told = StatusAlertsTests.See(alerts, trouble, Given.Noon).AddRange(StatusAlertsTests.See(alerts, trouble, Given.Noon + TimeSpan.FromHours(1)));

        Assert.Equal(Severities[rule], Word(Assert.Single(told).Level));
    }

    public static TheoryData<string, Fact> Facts => new()
    {
        { "TradingStopped", StatusAlertsTests.Moved(TradingState.Running, TradingState.Safe, "breaker") },
        { "TradingStopped", StatusAlertsTests.Moved(TradingState.Running, TradingState.Flattening, "breaker") },
        { "TradingPaused", StatusAlertsTests.Moved(TradingState.Running, TradingState.Paused, "silo") },
        { "ErrorsNoted", new Fact.ErrorNoted(Given.Noon, "basket b-1", "held as it is") },
    };

    [Theory]
    [MemberData(nameof(Facts), DisableDiscoveryEnumeration = true)]
    public void So_does_a_fact(string rule, Fact fact) => Assert.Equal(Severities[rule], Word(FactAlerts.Of(fact)!.Level));

    private static string Word(AlertLevel level) => level.ToString().ToLowerInvariant();

    [GeneratedRegex(@"- alert: (?<name>\w+)\n[\s\S]*?severity: (?<severity>\w+)")]
    private static partial Regex Rule();
}
