using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

public class MarketGrainTests
{
    /// <summary>The market falls quiet after a message that does not fit: no batch will come whose answer could ask for new books.</summary>
    [Fact]
    public async Task A_book_that_fails_by_the_clock_is_asked_for_at_once()
    {
        await using var cluster = await ScriptedCluster.Start();
        var grain = cluster.Market(Given.Event);
        await grain.Open(Given.Market(), isEnabled: true);
        var venue = new VenueBook(Given.Condition(0));
        venue.Set(Outcome.Yes, Side.Buy, 40, 100);
        FeedInput[] inputs = [Input(1, venue.Snapshot()), Input(2, Unsaid())];

        Assert.Equal(FeedAnswer.Applied, await grain.Apply(1, [.. inputs]));

        Assert.Equal((Given.Event, 1L), await cluster.Feed.Resynced.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        BookUpdate Unsaid()
        {
            venue.Ms++;
            venue.Set(Outcome.Yes, Side.Buy, 39, 5);
            return venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        }
    }

    private static FeedInput Input(long number, BookUpdate update) =>
        new(number, Instant.From(TimeProvider.System.GetUtcNow()), 0, [update], null);
}
