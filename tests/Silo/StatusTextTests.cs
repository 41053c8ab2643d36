using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Commands;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo;

/// <summary>What a person on the road reads before he decides.</summary>
public class StatusTextTests
{
    private static readonly Status Well = GivenView.Status with { Reason = "because", DryRun = false };

    [Fact]
    public void All_is_well_in_five_lines_and_more_stand_there_only_for_what_is_wrong() => Assert.Equal(
        """
        RUNNING: because
        test, epoch 1, up 00:01:00
        cash 100, equity unknown, exposure 0
        profit: unknown in an hour, unknown in a day, 0 realized
        drawdown unknown
        orders: 0 open, 0 unresolved
        streams: market Live; user Live
        """,
        StatusText.Of(Well));

    public static TheoryData<Status, string> Wrong => new()
    {
        { Well with { Recovering = true }, "RUNNING, recovering: because\n" },
        { Well with { Reason = "" }, "RUNNING\ntest" },
        { Well with { DryRun = true }, "test, dry run, epoch" },
        { Well with { Journal = "disk full" }, "\njournal NOT WRITTEN, so nothing is sent: disk full" },
        { Well with { InputsLost = 3 }, "\nrecorder: 3 inputs were not kept" },
        { Well with { Venue = "orders rest: 425" }, "\nvenue: orders rest: 425" },
        { Well with { OpenOrders = 2, UnresolvedOrders = 1 }, "\norders: 2 open, 1 unresolved\n" },
        { Well with { Drawdown = Usd.Dollars(7), HourlyPnl = Usd.Dollars(-3) }, "-3 in an hour" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_is_said(Status status, string words) => Assert.Contains(words, StatusText.Of(status), StringComparison.Ordinal);

    [Fact]
    public void Markets_say_where_their_books_stand_and_how_many_are_not_shown()
    {
        Assert.Equal("no market is on", StatusText.Of([], [], 0));
        Assert.Equal(
            "Who wins?: 2 of 3 books synced, a basket is open\nRain?: 1 of 1 books synced (earned too little)\nand 4 more",
            StatusText.Of([Line("Who wins?", 3, ""), Line("Rain?", 1, "earned too little")], [View(2, hasOpenBasket: true), View(1, hasOpenBasket: false)], 4));
    }

    private static MarketLine Line(string title, int conditions, string reason) => new(new MarketId(title), title, conditions, IsTradable: true, IsEnabled: true, "", reason);

    private static MarketView View(int synced, bool hasOpenBasket) => new(
        new MarketId("m"), "", 3, synced, 0, default, ImmutableDictionary<string, long>.Empty, 0, 0, 0, hasOpenBasket, 0, "", 0, GuardsView.None);
}
