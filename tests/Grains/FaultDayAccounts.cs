using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Demo;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What must hold at the end of every day, whatever went wrong in it: nothing was counted twice, and nothing was lost.</summary>
internal sealed class FaultDayAccounts(Day day)
{
    private const string Wallet = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    private static readonly string[] Posts = ["POST /order", "POST /orders"];

    /// <summary>
    /// Our ledger is the exchange's to the last unit, and the portfolio's; the baskets' accounts add up to the money that moved; every
    /// order went out once, and none while another one of its leg could still match; each step of each trade was settled once.
    /// </summary>
    /// <param name="reserved">Dollars that are still set aside, for what is still open.</param>
    /// <param name="differences">What the exchange cannot agree with yet, in the ledger's words.</param>
    public async Task AssertNothingTwice(Usd reserved, ImmutableArray<string> differences, CancellationToken stop)
    {
        Assert.Null(day.Exchange.Failure);
        var exchange = day.Exchange.Exchange;
        lock (exchange.Gate) exchange.Ledger.AssertConserved();
        using var http = new HttpClient();
        var venue = await VenueLedger.Read(http, new Uri($"http://127.0.0.1:{day.Exchange.Port}"), Wallet, stop);
        Assert.Equal(differences, venue.Differences(await day.Control.Positions(), await day.Control.AllOrders(), await day.Control.AllFills()));

        var facts = day.Witness.Facts;
        var closed = facts.OfType<Fact.BasketClosed>().ToArray();
        Assert.Equal(closed.Length, closed.Select(basket => basket.Basket).Distinct().Count());
        Assert.Equal(facts.OfType<Fact.OpeningBalanceTaken>().Single().Cash - venue.Cash, new Usd(closed.Sum(basket => basket.Result.Spent.Micros)));

        AssertOneAtATime(facts);
        AssertPostedOnce(facts);
        await AssertPortfolioAgrees(venue, reserved);
    }

    private static void AssertOneAtATime(ImmutableArray<Fact> facts)
    {
        var blotter = new Blotter();
        var settled = new HashSet<(TradeId, OrderId, TradeStatus)>();
        foreach (var fact in facts)
        {
            if (fact is Fact.ClosingOrderPlaced { Order.Intent: var intent })
            {
                var before = blotter.OrdersOf(blotter.Basket(intent.Basket)!).Where(order => order.Intent.Order.Leg == intent.Order.Leg);
                Assert.All(before, order => Assert.True(order.IsClosed, $"attempt {intent.Order.Attempt} while {order.Id} was {order.State}"));
            }

            if (blotter.Apply(fact)?.Settlement is { Fill: var fill })
                Assert.True(settled.Add((fill.Trade, fill.Order, fill.Status)), $"trade {fill.Trade} was {fill.Status} twice");
        }
    }

    /// <summary>By their salts, which are those of basket, leg and attempt.</summary>
    private void AssertPostedOnce(ImmutableArray<Fact> facts)
    {
        var posted = Posts.SelectMany(day.Door.Bodies).SelectMany(Salts).ToArray();
        var placed = facts.SelectMany(fact => fact switch
        {
            Fact.BasketOpened opened => opened.Orders.Select(order => order.Intent.Salt),
            Fact.ClosingOrderPlaced closing => [closing.Order.Intent.Salt],
            _ => [],
        });
        Assert.Equal(placed.Order(), posted.Order());
        Assert.Equal(posted.Length, posted.Distinct().Count());
    }

    private static IEnumerable<long> Salts(string body)
    {
        using var json = JsonDocument.Parse(body);
        JsonElement[] orders = json.RootElement.ValueKind is JsonValueKind.Array ? [.. json.RootElement.EnumerateArray()] : [json.RootElement];
        return [.. orders.Select(order => order.GetProperty("order").GetProperty("salt").GetInt64())];
    }

    /// <summary>It hears of everything by calls that may be under way still.</summary>
    private async Task AssertPortfolioAgrees(VenueLedger venue, Usd reserved)
    {
        var portfolio = day.Grains.GetGrain<IPortfolioGrain>(0);
        await FaultDay.Until(async () => await portfolio.View() is var view && view.Cash == venue.Cash && view.Reserved == reserved);
        var held = (await portfolio.View()).Positions.Where(position => position.Shares > Size.Zero);
        Assert.Equal(
            venue.Positions.OrderBy(position => position.Key.Text),
            held.Select(position => KeyValuePair.Create(position.Token, position.Shares)).OrderBy(position => position.Key.Text));
    }
}
