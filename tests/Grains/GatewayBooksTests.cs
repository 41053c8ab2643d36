using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

public class GatewayBooksTests
{
    /// <summary>60 are of a closed basket; an open one bought 100 and another sold 30 of the free ones and is to sell 20 more: 10 are left.</summary>
    [Fact]
    public void What_an_open_basket_sold_from_stock_is_not_taken_from_what_another_needs()
    {
        using var books = Books();
        Opened(books, "b-1", Side.Buy, shares: 60);
        books.Take(new Fact.BasketClosed(Given.Noon, new BasketId("b-1"), Given.Event, new(PolyArb.Domain.Edges.BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, "")));
        Opened(books, "b-2", Side.Buy, shares: 100);
        Opened(books, "b-3", Side.Sell, shares: 30, asked: 50);

        var stock = Assert.Single(books.StocksOf(Given.Event));
        Assert.Equal((Given.No(), Size.Shares(10)), (stock.Token, stock.Shares));
    }

    [Fact]
    public void Shares_of_a_call_under_way_are_not_free_and_are_announced_as_held()
    {
        using var books = Books();
        Opened(books, "b-1", Side.Buy, shares: 60);
        books.Take(new Fact.BasketClosed(Given.Noon, new BasketId("b-1"), Given.Event, new(PolyArb.Domain.Edges.BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, "")));
        var call = new SettlementCall
        {
            Kind = SettlementKind.Convert,
            Market = Given.Event,
            Shares = Size.Shares(45),
            Gives = [new SettlementToken(Given.Condition().Id, Given.No(), Outcome.No, 0)],
            Gets = [],
            NegRisk = true,
        };
        books.Take(new Fact.SettlementStarted(Given.Noon, new ReservationId(1, 1), call));

        Assert.Equal(Size.Shares(15), Assert.Single(books.StocksOf(Given.Event)).Shares);
        Assert.Equal([Given.Event], books.BusyMarkets());
        var held = Assert.Single(books.Announcement(1, false, []).Consumed);
        Assert.Equal((new ReservationId(1, 1), Usd.Zero, Size.Shares(45)), (held.Id, held.Money, held.Shares[Given.No()]));
    }

    private static GatewayBooks Books()
    {
        var books = new GatewayBooks(new ScriptedJournal(), 1);
        books.Take(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(100), ImmutableDictionary<TokenId, Size>.Empty));
        return books;
    }

    private static void Opened(GatewayBooks books, string id, Side side, long shares, long asked = 100)
    {
        var basket = Given.Basket(legs: 1, id: id);
        books.Take(Given.Opened(basket with { Side = side, Legs = [Given.Leg(side: side, shares: asked)] }));
        foreach (var news in new OrderEvent[]
        {
            new OrderEvent.Matched(new OrderId($"{id}/0"), Size.Shares(shares), IsFinal: true),
            new OrderEvent.Filled(Given.Fill($"t-{id}", TradeStatus.Confirmed, shares, shares * 45, order: $"{id}/0")),
        }) books.Take(new Fact.OrderChanged(Given.Noon, news));
    }
}
