using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Silo.Demo;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>What must hold at the end of every day, whatever went wrong in it.</summary>
internal sealed partial class FaultDay
{
    private static readonly string[] Posts = ["POST /order", "POST /orders"];

    /// <summary>
    /// Nothing was counted twice, and nothing was lost: our ledger is the exchange's to the last unit, the baskets' accounts add up to
    /// the money that moved, every order went out once, and none while another one of its leg could still match.
    /// </summary>
    /// <param name="reserved">Dollars that are still set aside, for what is still open.</param>
    /// <param name="differences">What the exchange cannot agree with, in the ledger's words.</param>
    public async Task AssertNothingTwice(CancellationToken stop, Usd reserved = default, ImmutableArray<string> differences = default)
    {
        Assert.Null(_day.Exchange.Failure);
        lock (Exchange.Gate) Exchange.Ledger.AssertConserved();
        using var http = new HttpClient();
        var venue = await VenueLedger.Read(http, new Uri($"http://127.0.0.1:{_day.Exchange.Port}"), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", stop);
        var ours = await _day.Control.Positions();
        Assert.Equal(differences.IsDefault ? [] : differences, venue.Differences(ours, await _day.Control.Orders(), await _day.Control.Fills()));

        var facts = Witness.Facts;
        var opening = facts.OfType<Fact.OpeningBalanceTaken>().Single().Cash;
        Assert.Equal(opening - venue.Cash, new Usd(facts.OfType<Fact.BasketClosed>().Sum(closed => closed.Result.Spent.Micros)));
        Assert.Equal(facts.OfType<Fact.BasketClosed>().Count(), facts.OfType<Fact.BasketClosed>().Select(closed => closed.Basket).Distinct().Count());

        AssertOneAtATime(facts);
        AssertPostedOnce(facts);
        await AssertPortfolioAgrees(venue, reserved);
    }

    /// <summary>Each step of each trade is settled once; a closing order comes when nothing of its leg can match any more.</summary>
    private static void AssertOneAtATime(ImmutableArray<Fact> facts)
    {
        var blotter = new Blotter();
        var settled = new HashSet<(TradeId, OrderId, TradeStatus)>();
        foreach (var fact in facts)
        {
            if (fact is Fact.ClosingOrderPlaced { Order.Intent: var intent })
            {
                var before = blotter.OrdersOf(blotter.Basket(intent.Basket)!).Where(order => order.Intent.Order.Leg == intent.Order.Leg);
                Assert.All(before, order => Assert.True(order.IsClosed, $"{intent.Order.Leg}/{intent.Order.Attempt} was sent while {order.Id} was {order.State}"));
            }

            if (blotter.Apply(fact)?.Settlement is { Fill: var fill })
                Assert.True(settled.Add((fill.Trade, fill.Order, fill.Status)), $"trade {fill.Trade} was {fill.Status} twice");
        }
    }

    private void AssertPostedOnce(ImmutableArray<Fact> facts)
    {
        var posted = Posts.SelectMany(Door.Bodies).SelectMany(body => Salt().Matches(body)).Select(salt => long.Parse(salt.Groups[1].ValueSpan, null)).ToArray();
        var placed = facts.SelectMany(fact => fact switch
        {
            Fact.BasketOpened opened => opened.Orders.Select(order => order.Intent.Salt),
            Fact.ClosingOrderPlaced closing => [closing.Order.Intent.Salt],
            _ => [],
        });
        Assert.Equal(placed.Order(), posted.Order());
        Assert.Equal(posted.Length, posted.Distinct().Count());
    }

    /// <summary>It hears of everything by calls that may be under way still.</summary>
    private async Task AssertPortfolioAgrees(VenueLedger venue, Usd reserved)
    {
        await Until(async () => await Portfolio.View() is var view && view.Cash == venue.Cash && view.Reserved == reserved);
        Assert.Equal(
            venue.Positions.OrderBy(position => position.Key.Text),
            (await Portfolio.View()).Positions.Where(position => position.Shares > Size.Zero)
                .Select(position => KeyValuePair.Create(position.Token, position.Shares)).OrderBy(position => position.Key.Text));
    }

    [GeneratedRegex("\"salt\":\"?([0-9]+)")]
    private static partial Regex Salt();
}
