using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

public class RecoveryTests
{
    /// <summary>A stream that connects anew while trades are read may have missed one that this round did not see.</summary>
    [Fact]
    public async Task Trades_that_are_wanted_while_they_are_read_are_read_once_more()
    {
        var clock = new FakeTimeProvider(Given.Noon.ToDateTimeOffset());
        using var books = new GatewayBooks(new ScriptedJournal(), 1);
        books.Take(Given.Opened());
        foreach (var order in books.Blotter.Unfinished.ToArray()) books.Take(new Fact.OrderChanged(Given.Noon, new OrderEvent.Placed(order.Id)));
        var venue = new ScriptedVenue();
        var recovery = new Recovery(venue, _ => { }, clock);
        recovery.Finish();

        recovery.ReadTradesSoon();
        venue.WhileTrades = recovery.ReadTradesSoon;
        await recovery.FollowUp(books);
        venue.WhileTrades = () => { };
        clock.Advance(TimeSpan.FromSeconds(2));
        await recovery.FollowUp(books);
        clock.Advance(TimeSpan.FromSeconds(2));
        await recovery.FollowUp(books);

        Assert.Equal(2, venue.TradeReads);
    }
}
