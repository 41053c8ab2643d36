using PolyArb.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What becomes of a leg that finds 25 of the 40 shares it wants, by the type of taker orders.</summary>
public class TakerTypeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OrderType.Fak, "Open 0: Confirmed 25", "Complete 0: Confirmed 15")]
    [InlineData(OrderType.Fok, "Open 0: Canceled 0", "Complete 0: Confirmed 40")]
    [InlineData(OrderType.Gtc, "Open 0: Confirmed 25", "Complete 0: Confirmed 15")] // Once the rest has rested for its time.
    public async Task A_short_leg_is_completed(OrderType type, string opened, string completed)
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { TakerType = type }, ttl: TimeSpan.FromSeconds(2));
        day.Books.TakeBack(0, price: 4_500);
        day.Books.Ask(0, 4_500, 25);
        var gone = day.Books.Ask(0, 4_500, 15);
        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        var orders = day.Orders().Select(order => order.Replace("Rejected 0", "Canceled 0", StringComparison.Ordinal)); // A kill's event races with its refusal.
        Assert.Equal([opened, "Open 1: Confirmed 40", completed], orders);
        await day.AssertNothingTwice(Stop);
    }
}
