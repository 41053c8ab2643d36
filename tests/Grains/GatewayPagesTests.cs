using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>Orders, fills and baskets for readers: a page costs what it shows, and all pages are all there is.</summary>
public class GatewayPagesTests
{
    private static readonly (string What, Func<GatewayBooks, int> Read)[] Readers =
    [
        ("orders", books => books.Blotter.Orders(long.MaxValue, 5).Length),
        ("older orders", books => books.Blotter.Orders(6, 5).Length),
        ("fills", books => books.Blotter.Fills(long.MaxValue, 5).Length),
        ("baskets", books => books.Baskets(long.MaxValue, 5).Length),
        ("open orders", books => books.Blotter.OpenOrders().Length),
        ("open baskets", books => books.OpenBaskets().Length),
        ("earnings", books => books.Blotter.Earnings.Count),
    ];

    /// <summary>Every row that is looked at costs bytes; so bytes say how many were.</summary>
    [Fact]
    public void A_hundred_thousand_closed_orders_cost_a_reader_no_more_than_ten()
    {
        using var few = Books(baskets: 10);
        using var many = Books(baskets: 100_000);
        foreach (var (what, read) in Readers)
        {
            Assert.Equal(read(few), read(many)); // Warm as well.

            var (costOfFew, costOfMany) = (Cost(few, read), Cost(many, read));

            Assert.True(costOfMany <= costOfFew + 1_024, $"{what}: {costOfFew} bytes of ten, {costOfMany} bytes of a hundred thousand");
        }
    }

    [Fact]
    public void A_page_is_the_newest_rows_before_a_number_the_oldest_first()
    {
        using var books = Books(baskets: 10);

        Assert.Equal(["7 b-6/0", "8 b-7/0", "9 b-8/0"], books.Blotter.Orders(10, 3).Select(order => $"{order.N} {order.Id}"));
        Assert.Equal(["10 t-9", "11 t-open"], books.Blotter.Fills(long.MaxValue, 2).Select(fill => $"{fill.N} {fill.TradeId}"));
        Assert.Equal(["1 b-0 Completed", "2 b-1 Completed"], books.Baskets(3, 100).Select(basket => $"{basket.N} {basket.Id} {basket.State}"));
        Assert.Empty(books.Blotter.Orders(1, 3));
        Assert.Empty(books.Blotter.Orders(long.MinValue, 3));
        Assert.Empty(books.Blotter.Orders(10, -1));
    }

    [Fact]
    public void What_is_open_is_told_whatever_its_age()
    {
        using var books = Books(baskets: 0);
        books.Take(Given.Opened(Given.Basket(legs: 1, id: "old")));
        Trade(books, 2_000);

        Assert.Equal(["b-open/0", "old/0"], books.Blotter.OpenOrders().Select(order => order.Id.Text).Order());
        Assert.Equal(["b-open", "old"], books.OpenBaskets().Select(basket => basket.Id.Text).Order());
    }

    [Fact]
    public void A_trade_that_is_told_again_is_one_row_as_it_stands_now()
    {
        using var books = Books(baskets: 0);
        books.Take(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill("t-open", TradeStatus.Confirmed, 1, 45, order: "b-open/0"))));

        Assert.Equal([TradeStatus.Confirmed], books.Blotter.Fills(long.MaxValue, 10).Select(fill => fill.Status));
    }

    [Fact]
    public void A_basket_that_closes_again_has_earned_once()
    {
        using var books = Books(baskets: 3);
        books.Take(Closed("b-1", cents: 7));

        Assert.Equal(new Earnings(Given.Event, 3, new Usd(3 * Given.Basket(legs: 1).Profit.Micros), Usd.Cents(2 * 10 + 7)), Assert.Single(books.Blotter.Earnings));
    }

    /// <summary>More than two pages of them; of orders, trades and baskets alike.</summary>
    [Fact]
    public async Task All_pages_are_all_there_is()
    {
        const int Count = 2_100;
        var journal = new ScriptedJournal();
        await journal.Append([.. Facts(Count)], 1);
        await using var cluster = await ScriptedCluster.Start(journal: journal, before: _ => { });

        var (orders, fills, baskets) = (await cluster.Gateway.AllOrders(), await cluster.Gateway.AllFills(), await cluster.Gateway.AllBaskets());

        Assert.Equal(Enumerable.Range(0, Count).Select(n => $"b-{n}/0"), orders.OrderBy(order => order.N).Select(order => order.Id.Text));
        Assert.Equal(Enumerable.Range(0, Count).Select(n => $"t-{n}"), fills.OrderBy(fill => fill.N).Select(fill => fill.TradeId.Text));
        Assert.Equal(Enumerable.Range(0, Count).Select(n => $"b-{n}"), baskets.Select(basket => basket.Id.Text));
        Assert.Equal(ControlPages.Most, (await cluster.Gateway.Orders(last: int.MaxValue)).Length);
        Assert.Equal(
            baskets.GroupBy(basket => basket.Market).Select(market => new Earnings(
                market.Key, market.Count(), new Usd(market.Sum(basket => basket.Expected.Micros)), new Usd(market.Sum(basket => basket.Earned!.Value.Micros)))),
            await cluster.Gateway.Earned());
    }

    private static long Cost(GatewayBooks books, Func<GatewayBooks, int> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read(books);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>So many that are over, and one that is open and has one share.</summary>
    private static GatewayBooks Books(int baskets)
    {
        var books = new GatewayBooks(new ScriptedJournal(), 1);
        books.Take(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(100), ImmutableDictionary<TokenId, Size>.Empty));
        Trade(books, baskets);
        return books;
    }

    private static void Trade(GatewayBooks books, int baskets)
    {
        foreach (var fact in Facts(baskets)) books.Take(fact);
        books.Take(Given.Opened(Given.Basket(legs: 1, id: "b-open")));
        books.Take(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill("t-open", TradeStatus.Matched, 1, 45, order: "b-open/0"))));
    }

    private static IEnumerable<Fact> Facts(int baskets) => Enumerable.Range(0, baskets).SelectMany(n => new Fact[]
    {
        Given.Opened(Given.Basket(legs: 1, id: $"b-{n}")),
        new Fact.OrderChanged(Given.Noon, new OrderEvent.Matched(new OrderId($"b-{n}/0"), Size.Shares(1), IsFinal: true)),
        new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill($"t-{n}", TradeStatus.Confirmed, 1, 45, order: $"b-{n}/0"))),
        Closed($"b-{n}", cents: 10),
    });

    private static Fact.BasketClosed Closed(string basket, long cents) => new(
        Given.Noon, new BasketId(basket), Given.Event, new BasketResult(BasketEnd.Completed, Size.Shares(1), Usd.Zero, Usd.Zero, "") { Earned = Usd.Cents(cents) });
}
