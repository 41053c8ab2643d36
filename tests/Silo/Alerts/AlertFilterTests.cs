using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Silo.Alerts;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public class AlertFilterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Berlin's clock is two hours ahead in summer.</summary>
    private static readonly QuietHours Night = new(new TimeOnly(22, 0), new TimeOnly(7, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    private static readonly Instant Day = Instant.From(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly Instant Midnight = Instant.From(new DateTimeOffset(2026, 7, 1, 22, 30, 0, TimeSpan.Zero));

    [Fact]
    public void What_matters_less_than_asked_for_is_not_told()
    {
        var filter = new AlertFilter(AlertLevel.Warning, quiet: null);

        Assert.Empty(filter.Take(Alert(Day, AlertLevel.Info)));
        Assert.Single(filter.Take(Alert(Day, AlertLevel.Warning)));
        Assert.Single(filter.Take(Alert(Day, AlertLevel.Critical)));
    }

    [Fact]
    public void The_same_again_is_counted_and_told_once_when_ten_minutes_are_over()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);

        Assert.Single(filter.Take(Alert(Day, AlertLevel.Warning, "venue")));
        for (var i = 1; i <= 5; i++) Assert.Empty(filter.Take(Alert(Day + (i * Minute), AlertLevel.Warning, "venue", $"down {i}")));
        Assert.Single(filter.Take(Alert(Day + (5 * Minute), AlertLevel.Warning, "disk")));
        Assert.Empty(filter.Tick(Day + (10 * Minute)));

        var summary = Assert.Single(filter.Tick(Day + (11 * Minute)));

        Assert.Equal("down 5 (5 times more since 12:00 UTC)", summary.Text);
        Assert.Empty(filter.Tick(Day + (30 * Minute)));
        Assert.Single(filter.Take(Alert(Day + (31 * Minute), AlertLevel.Warning, "venue")));
    }

    [Fact]
    public void The_same_that_has_become_worse_is_told()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);

        Assert.Single(filter.Take(Alert(Day, AlertLevel.Warning, "proofs")));
        Assert.Single(filter.Take(Alert(Day, AlertLevel.Critical, "proofs")));
        Assert.Empty(filter.Take(Alert(Day, AlertLevel.Critical, "proofs")));
    }

    [Fact]
    public void What_was_over_and_comes_back_is_told_again_at_once()
    {
        var filter = new AlertFilter(AlertLevel.Warning, quiet: null);

        Assert.Single(filter.Take(Alert(Day, AlertLevel.Critical, "gateway")));
        Assert.Empty(filter.Take(Alert(Day + Minute, AlertLevel.Info, "gateway", "well again") with { IsEnd = true })); // Not worth telling here, but an end.
        Assert.Single(filter.Take(Alert(Day + (2 * Minute), AlertLevel.Critical, "gateway")));

        Assert.Empty(filter.Tick(Day + (20 * Minute))); // Nothing was left out.
    }

    [Fact]
    public void Every_end_is_told()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);

        for (var i = 0; i < 3; i++)
        {
            Assert.Single(filter.Take(Alert(Day + (i * Minute), AlertLevel.Warning, "venue")));
            Assert.Single(filter.Take(Alert(Day + (i * Minute), AlertLevel.Info, "venue", "well again") with { IsEnd = true }));
        }
    }

    [Fact]
    public void What_has_no_topic_repeats_nothing()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);

        Assert.Single(filter.Take(Alert(Day, AlertLevel.Info)));
        Assert.Single(filter.Take(Alert(Day, AlertLevel.Info)));
    }

    [Fact]
    public void A_storm_is_cut_off_and_counted_but_for_what_is_critical()
    {
        var filter = new AlertFilter(AlertLevel.Info, quiet: null);
        var told = Enumerable.Range(0, AlertFilter.StormAt + 7).Sum(_ => filter.Take(Alert(Day, AlertLevel.Warning)).Length);

        Assert.Equal(AlertFilter.StormAt, told);
        Assert.Single(filter.Take(Alert(Day, AlertLevel.Critical)));
        var next = Assert.Single(filter.Take(Alert(Day + (11 * Minute), AlertLevel.Info, text: "calm")));
        Assert.Equal("calm\n(7 alerts before this one were too many and left out)", next.Text);
    }

    [Fact]
    public void At_night_only_what_is_critical_is_told_and_the_rest_in_the_morning_in_one()
    {
        var filter = new AlertFilter(AlertLevel.Info, Night);

        Assert.Empty(filter.Take(Alert(Midnight, AlertLevel.Info, text: "first\nwith details")));
        Assert.Empty(filter.Take(Alert(Midnight + Minute, AlertLevel.Warning, text: "second")));
        Assert.Single(filter.Take(Alert(Midnight + Minute, AlertLevel.Critical)));
        Assert.Empty(filter.Tick(Instant.From(new DateTimeOffset(2026, 7, 2, 4, 59, 59, TimeSpan.Zero))));

        var morning = Assert.Single(filter.Tick(Instant.From(new DateTimeOffset(2026, 7, 2, 5, 0, 0, TimeSpan.Zero))));

        Assert.Equal("In the quiet hours:\n00:30 first\n00:31 second", morning.Text);
        Assert.Equal(AlertLevel.Warning, morning.Level);
        Assert.Empty(filter.Tick(morning.At + Minute));
    }

    [Fact]
    public void An_end_in_the_night_leaves_nothing_for_a_morning_that_does_not_come()
    {
        var filter = new AlertFilter(AlertLevel.Info, Night);
        Assert.Empty(filter.Take(Alert(Midnight, AlertLevel.Warning, "log: sent", "not sent")));
        Assert.Empty(filter.Take(Alert(Midnight, AlertLevel.Warning, "log: sent", "not sent either")));
        Assert.Empty(filter.Tick(Midnight + Minute));

        var last = Assert.Single(filter.Tick(Midnight + Minute, isLast: true));

        Assert.Equal("In the quiet hours:\n00:30 not sent\n00:31 not sent either (1 times more since 00:30)", last.Text);
        Assert.Empty(filter.Tick(Midnight + TimeSpan.FromHours(12)));
    }

    [Fact]
    public void A_long_night_is_kept_short()
    {
        var filter = new AlertFilter(AlertLevel.Info, Night);
        for (var i = 0; i < 100; i++) Assert.Empty(filter.Take(Alert(Midnight, AlertLevel.Info)));

        var morning = Assert.Single(filter.Tick(Midnight + TimeSpan.FromHours(12)));

        Assert.EndsWith("\nand 70 more", morning.Text, StringComparison.Ordinal);
        Assert.Equal(32, morning.Text.Split('\n').Length);
    }

    [Theory]
    //           UTC                     quiet
    [InlineData("2026-07-01T19:59:59Z", false)]
    [InlineData("2026-07-01T20:00:00Z", true)]
    [InlineData("2026-07-02T04:59:59Z", true)]
    [InlineData("2026-07-02T05:00:00Z", false)]
    [InlineData("2026-12-01T20:59:59Z", false)] // Winter: one hour ahead.
    [InlineData("2026-12-01T21:00:00Z", true)]
    [InlineData("2026-12-02T05:59:59Z", true)]
    [InlineData("2026-12-02T06:00:00Z", false)]
    public void The_night_is_that_of_the_zone(string moment, bool isQuiet) =>
        Assert.Equal(isQuiet, Night.Contains(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));

    private static Alert Alert(Instant at, AlertLevel level, string? topic = null, string text = "something") => new(at, level, topic, text);
}
