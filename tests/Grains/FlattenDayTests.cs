using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What `flatten` does with a basket that has 25 shares of one leg and 40 of the other, on the real wire and the exchange in process.</summary>
public class FlattenDayTests
{
    private static readonly TradingState[] ToSafe = [TradingState.Flattening, TradingState.Safe];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_basket_has_too_much_of_is_sold_as_its_own_and_nothing_else_happens_while_flattening()
    {
        await using var day = await Uneven(sells: true);

        var answer = await day.Gateway.Flatten("test", "drill");

        Assert.Equal((true, "flattened", TradingState.Safe), (answer.IsDone, answer.Text, answer.State));
        Assert.Equal(["Open 0: Confirmed 25", "Open 1: Confirmed 40", "Flatten 1: Matched 15"], WithoutSettlement(day));
        var stopped = day.PlaceOf(IsMove(TradingState.Flattening));
        var safe = day.PlaceOf(IsMove(TradingState.Safe), stopped);
        var sent = day.Witness.Facts.Skip(stopped).OfType<Fact.ClosingOrderPlaced>().Select(placed => placed.Order.Intent.Purpose);
        Assert.Equal([Purpose.Flatten], sent);
        Assert.InRange(day.PlaceOf(IsSale), stopped, safe);
        Assert.DoesNotContain(day.Witness.Facts.Skip(stopped), fact => fact is Fact.BasketOpened);

        await Resumed(day);
        FaultDay.AssertHasNoResidue(await day.Closed());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task Without_selling_everything_stays_as_it_is_and_is_named()
    {
        await using var day = await Uneven(sells: false);

        var answer = await day.Gateway.Flatten("test", "drill");

        Assert.Equal((true, $"flattened; held, completing no basket: 15 of {day.No(1)}", TradingState.Safe), (answer.IsDone, answer.Text, answer.State));
        Assert.Equal(ToSafe, Moves(day));
        Assert.DoesNotContain(day.Witness.Facts, IsSale);
    }

    [Fact]
    public async Task A_complete_basket_is_never_sold()
    {
        await using var day = await FaultDay.Start(Stop, sells: true);
        day.Offer();
        await day.Closed();

        var answer = await day.Gateway.Flatten("test", "drill");

        Assert.Equal((true, "flattened", TradingState.Safe), (answer.IsDone, answer.Text, answer.State));
        Assert.Equal(["Open 0: Confirmed 40", "Open 1: Confirmed 40"], day.Orders());
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task What_an_earlier_basket_left_over_is_sold_as_well()
    {
        await using var day = await Uneven(sells: true, edge => edge with { CompletionWindow = TimeSpan.Zero, UnwindWindow = TimeSpan.Zero });
        Assert.Equal(BasketEnd.Held, (await day.Closed()).End);

        var answer = await day.Gateway.Flatten("test", "drill");

        Assert.Equal((true, "flattened", TradingState.Safe), (answer.IsDone, answer.Text, answer.State));
        var sale = Assert.Single(day.Witness.Facts.OfType<Fact.BasketOpened>().Skip(1)).Basket;
        Assert.Equal((BasketKind.Excess, Side.Sell, Size.Shares(15)), (sale.Kind, sale.Side, sale.Quantity));
        await day.Witness.Until(fact => fact is Fact.BasketClosed closed && closed.Basket == sale.Id);
        await day.AssertNothingTwice(Stop);
    }

    [Fact]
    public async Task No_sale_is_made_deeper_than_the_slippage_allowed_and_what_is_left_is_named()
    {
        await using var day = await Uneven(sells: true, bid: (4_500, 5), deeper: (4_000, 400));

        var answer = await day.Gateway.Flatten("test", "drill");

        Assert.Equal((true, $"flattened; held, completing no basket: 10 of {day.No(1)}"), (answer.IsDone, answer.Text));
        var sale = Assert.IsType<Fact.ClosingOrderPlaced>(Assert.Single(day.Witness.Facts, fact => IsSale(fact))).Order.Intent.Order;
        Assert.Equal((new Price(4_500), Size.Shares(5)), (sale.Limit, sale.Shares));
    }

    [Fact]
    public async Task A_kill_in_the_middle_sells_nothing_more()
    {
        await using var day = await Uneven(sells: true, bid: (4_500, 5), deeper: (4_400, 400), edge: edge => edge with { FlattenPause = TimeSpan.FromMinutes(10) });
        var flattening = day.Gateway.Flatten("test", "drill");
        await day.Witness.Until(IsSale);

        var killed = await day.Gateway.Kill("test", "enough");

        Assert.Equal(TradingState.Safe, killed.State);
        Assert.Equal("overtaken by another stop", (await flattening).Text.Split("; ")[^1]);
        Assert.Equal(ToSafe, Moves(day));
    }

    /// <summary>NO of the first question lost 15 of its 40 shares on offer to somebody faster, and completing costs too much.</summary>
    private static async Task<FaultDay> Uneven(
        bool sells, Func<EdgePolicy, EdgePolicy>? edge = null, (int Price, int Shares)? bid = null, (int Price, int Shares)? deeper = null)
    {
        var day = await FaultDay.Start(
            Stop, its => (edge ?? (same => same))(its with { CompletionCapBps = 0, UnwindCapBps = 0 }), sells: sells);
        day.Books.TakeBack(0);
        day.Books.Ask(0, 4_500, 25);
        var gone = day.Books.Ask(0, 4_500, 15);
        if (bid is { } first)
        {
            day.Books.TakeBackBids(1);
            day.Books.Bid(1, first.Price, first.Shares);
            if (deeper is { } second) day.Books.Bid(1, second.Price, second.Shares);
        }

        day.Door.Meanwhile("POST /orders", () => day.Exchange.Cancel(gone));
        day.Offer();
        await day.UntilHeard(TradeStatus.Confirmed, trades: 2);
        return day;
    }

    private static async Task Resumed(FaultDay day)
    {
        Assert.False((await day.Gateway.Resume("test", "too early")).IsDone);
        Assert.True((await day.Gateway.Pause("test", "looked at it")).IsDone);
        Assert.True((await day.Gateway.Resume("test", "all is well")).IsDone);
    }

    /// <summary>The sale may have been settled by the time it is looked at, and completing tried at a price that is gone already.</summary>
    private static IEnumerable<string> WithoutSettlement(FaultDay day) =>
        day.Orders().Where(order => !order.StartsWith("Complete", StringComparison.Ordinal)).Select(order => order.StartsWith("Flatten", StringComparison.Ordinal) ? order.Replace("Confirmed", "Matched", StringComparison.Ordinal) : order);

    private static IEnumerable<TradingState> Moves(FaultDay day) =>
        day.Witness.Facts.OfType<Fact.StateChanged>().Select(move => move.To).Where(to => to is TradingState.Flattening or TradingState.Safe);

    private static bool IsSale(Fact fact) => fact is Fact.ClosingOrderPlaced { Order.Intent.Purpose: Purpose.Flatten };

    private static Func<Fact, bool> IsMove(TradingState to) => fact => fact is Fact.StateChanged move && move.To == to;
}
