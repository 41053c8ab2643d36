using PolyArb.Config;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>What was left out is said once, and not of the next storm or night again.</summary>
public class AlertCountsTests
{
    private static readonly QuietHours Night = new(new TimeOnly(22, 0), new TimeOnly(7, 0), TimeZoneInfo.Utc);

    [Fact]
    public void What_a_storm_left_out_is_said_once()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);
        for (var i = 0; i < AlertFilter.StormAt + 7; i++) filter.Take(Warning(0));

        Assert.Contains("(7 alerts", Assert.Single(filter.Take(Warning(11))).Text, StringComparison.Ordinal);
        Assert.Equal("something", Assert.Single(filter.Take(Warning(12))).Text);
    }

    [Fact]
    public void What_one_night_left_out_is_not_said_of_the_next()
    {
        var filter = new AlertFilter(AlertLevel.Info, Night);
        for (var night = 0; night < 2; night++)
        {
            for (var i = 0; i < (night == 0 ? 100 : 2); i++) filter.Take(Warning(11 * 60 + (night * 24 * 60)));
            var morning = Assert.Single(filter.Tick(Warning(20 * 60 + (night * 24 * 60)).At)).Text;
            Assert.Equal(night == 0, morning.Contains("and 70 more", StringComparison.Ordinal));
            if (night == 1) Assert.Equal(3, morning.Split('\n').Length);
        }
    }

    /// <summary>So many minutes after noon.</summary>
    private static Alert Warning(int minute) => new(Given.Noon + TimeSpan.FromMinutes(minute), AlertLevel.Warning, null, "something");
}
