using PolyArb.Silo.Telegram;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public class StrangersTests
{
    private readonly Strangers _strangers = new();

    [Fact]
    public void Five_in_ten_minutes_are_told_and_the_next_one_says_how_many_were_not()
    {
        for (var second = 0; second < 5; second++) Assert.Equal(0, Report(second));
        for (var second = 5; second < 12; second++) Assert.Null(Report(second));
        Assert.Null(Report(600)); // The first was told ten minutes ago, and not longer.

        Assert.Equal(8, Report(601));
        Assert.Equal(0, Report(602));
    }

    private int? Report(int second) => _strangers.Report(Given.Noon + TimeSpan.FromSeconds(second));
}
