using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Simulator.Faults;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Fault matrix: the legs of a basket do not fill as planned, or the book is not what it was.</summary>
public class FaultMatrixLegTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_fault_a_basket_is_bought_locked_and_settled()
    {
        await using var day = await FaultDay.Start(Stop);

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task A_leg_that_is_refused_is_completed_at_the_next_price()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0, price: 4_500));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task A_leg_that_is_filled_in_part_is_completed_with_what_is_missing()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Books.TakeBack(0, price: 4_500);
        day.Books.Ask(0, 4_500, 25);
        var gone = day.Books.Ask(0, 4_500, 15);
        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.Equal(["Open 0: Confirmed 25", "Open 1: Confirmed 40", "Complete 0: Confirmed 15"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task What_a_leg_that_is_filled_in_part_leaves_too_much_of_the_other_is_given_back()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.Zero });
        day.Books.TakeBack(0);
        day.Books.Ask(0, 4_500, 25);
        var gone = day.Books.Ask(0, 4_500, 15);
        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 25);
        Assert.Equal(["Open 0: Confirmed 25", "Open 1: Confirmed 40", "Unwind 1: Confirmed 15"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task What_a_better_price_fills_too_much_is_residue()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.Zero });
        day.Goes(FaultKind.FakOverfill, question: 0);

        day.Offer();

        var result = await day.Closed();
        Assert.True(day.HasFired(FaultKind.FakOverfill));
        Assert.Equal((BasketEnd.Completed, Size.Shares(40), Usd.Dollars(40)), (result.End, result.Quantity, result.Payout));
        Assert.Equal([new Residue(0, day.No(0), Size.Parse("0.90909"))], result.Residues);
        Assert.Equal(["Open 0: Confirmed 40.90909", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>Two shares for 49 cents are less than the dollar that the venue takes: the order is made a dollar.</summary>
    [Fact]
    public async Task A_completion_below_the_minimum_is_rounded_up_to_it()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Books.TakeBack(0, price: 4_500);
        day.Books.Ask(0, 4_500, 38);
        var gone = day.Books.Ask(0, 4_500, 2);
        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));

        day.Offer();

        var result = await day.Closed();
        Assert.Equal((BasketEnd.Completed, Size.Shares(40), Usd.Dollars(40)), (result.End, result.Quantity, result.Payout));
        Assert.Equal([new Residue(0, day.No(0), Size.Parse("0.040816"))], result.Residues);
        Assert.Equal(["Open 0: Confirmed 38", "Open 1: Confirmed 40", "Complete 0: Confirmed 2.040816"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>A dollar's worth for one share that is missing would leave more too many than there are too few.</summary>
    [Fact]
    public async Task A_rung_below_the_minimum_that_mends_nothing_is_not_sent()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.FromMilliseconds(500) });
        day.Books.TakeBack(0, price: 4_500);
        day.Books.Ask(0, 4_500, 39);
        var gone = day.Books.Ask(0, 4_500, 1);
        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));

        day.Offer();

        var result = await day.Closed();
        Assert.Equal((BasketEnd.Completed, Size.Shares(39), Usd.Dollars(39)), (result.End, result.Quantity, result.Payout));
        Assert.Equal([new Residue(1, day.No(1), Size.Shares(1))], result.Residues);
        Assert.Equal(["Open 0: Confirmed 39", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>The grid becomes coarser while the orders are on their way: what is off it is refused, and what comes after is on it.</summary>
    [Fact]
    public async Task A_tick_that_changes_under_a_basket_refuses_its_leg_and_the_completion_keeps_to_the_new_one()
    {
        await using var day = await FaultDay.Start(Stop, tick: 1, offer: 4_505);
        day.Door.Meanwhile("POST /orders", () => day.Goes(FaultKind.TickChange, question: 0));

        day.Offer();

        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        Assert.True(day.HasFired(FaultKind.TickChange, "from 0.0001 to 0.001"));
        Assert.Equal(["Open 0: Rejected 0", "Open 1: Confirmed 40", "Complete 0: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    /// <summary>The offer that the frozen book still shows is gone: taking it again and again would be all that the ladder does.</summary>
    [Fact]
    public async Task A_book_that_freezes_under_a_basket_is_not_hammered_and_the_other_leg_is_given_back()
    {
        await using var day = await FaultDay.Start(Stop, edge => edge with { CompletionWindow = TimeSpan.FromSeconds(1) });
        day.Goes(FaultKind.TokenFreeze, question: 0, durationMs: 60_000);
        day.Door.Meanwhile("POST /orders", () => day.Books.TakeBack(0));

        day.Offer();

        var result = await day.Closed();
        Assert.Equal((BasketEnd.Unwound, Size.Zero, Usd.Zero), (result.End, result.Quantity, result.Payout));
        Assert.Empty(result.Residues);
        var orders = day.Orders();
        Assert.Equal(["Open 0: Killed 0", "Open 1: Confirmed 40"], orders[..2]);
        Assert.InRange(orders.Count(order => order == "Complete 0: Killed 0"), 1, 5); // One each time the market rested.
        Assert.Equal("Unwind 1: Confirmed 40", orders[^1]);
        await day.AssertNothingTwice(Stop);
    }
}
