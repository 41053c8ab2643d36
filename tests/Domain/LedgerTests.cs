using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class LedgerTests
{
    private readonly Ledger _ledger = Opened(1_000);

    [Theory]
    [InlineData(TradeStatus.Matched, TradeStatus.Failed)]
    [InlineData(TradeStatus.Mined, TradeStatus.Failed)]
    [InlineData(TradeStatus.Retrying, TradeStatus.Failed)]
    public void A_failed_trade_gives_back_what_it_took(TradeStatus first, TradeStatus last)
    {
        Assert.True(_ledger.Apply(Settlement("t1", first, feeCents: 10)));
        Assert.Equal((Usd.Parse("954.9"), Size.Shares(100), Usd.Parse("45.1")), (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Cost));
        Assert.True(_ledger.Apply(Settlement("t1", last, feeCents: 10)));
        Assert.Equal((Usd.Dollars(1_000), Size.Zero, Usd.Zero, Usd.Zero), (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Cost, _ledger.Unsettled));
        Assert.Empty(_ledger.Positions);
    }

    [Fact]
    public void A_trade_counts_once_however_often_it_is_told()
    {
        foreach (var status in (TradeStatus[])[TradeStatus.Matched, TradeStatus.Matched, TradeStatus.Mined, TradeStatus.Retrying, TradeStatus.Confirmed, TradeStatus.Confirmed])
            _ledger.Apply(Settlement("t1", status));
        Assert.Equal((Usd.Dollars(955), Size.Shares(100), Usd.Zero), (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Unsettled));
    }

    /// <summary>Calls race: what was final stays final.</summary>
    [Theory]
    [InlineData(TradeStatus.Failed, TradeStatus.Matched)]
    [InlineData(TradeStatus.Failed, TradeStatus.Mined)]
    [InlineData(TradeStatus.Failed, TradeStatus.Retrying)]
    [InlineData(TradeStatus.Confirmed, TradeStatus.Matched)]
    [InlineData(TradeStatus.Confirmed, TradeStatus.Mined)]
    [InlineData(TradeStatus.Mined, TradeStatus.Matched)]
    public void An_older_status_overtaken_by_a_newer_one_changes_nothing(TradeStatus newer, TradeStatus older)
    {
        _ledger.Apply(Settlement("t1", newer));
        var before = (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Unsettled);
        Assert.False(_ledger.Apply(Settlement("t1", older)));
        Assert.Equal(before, (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Unsettled));
    }

    [Fact]
    public void Two_orders_of_one_trade_are_two_movements()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Matched, order: "o1"));
        _ledger.Apply(Settlement("t1", TradeStatus.Matched, order: "o2"));
        Assert.Equal(Size.Shares(200), _ledger.Shares(Given.No()));
    }

    [Fact]
    public void A_sell_takes_its_part_of_the_cost_and_realizes_the_rest()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(Settlement("t2", TradeStatus.Confirmed, Side.Sell, shares: 40, cents: 2_000, feeCents: 5));
        Assert.Equal((Usd.Dollars(27), Size.Shares(60), Usd.Parse("1.95")), (_ledger.Cost, _ledger.Shares(Given.No()), _ledger.Realized));
        _ledger.Apply(Settlement("t3", TradeStatus.Confirmed, Side.Sell, shares: 60, cents: 2_700));
        Assert.Equal((Usd.Zero, Usd.Parse("1.95"), Usd.Parse("1001.95")), (_ledger.Cost, _ledger.Realized, _ledger.Cash));
        Assert.Empty(_ledger.Positions);
    }

    [Fact]
    public void A_failed_sell_realizes_nothing()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(Settlement("t2", TradeStatus.Matched, Side.Sell, cents: 6_000));
        _ledger.Apply(Settlement("t2", TradeStatus.Failed, Side.Sell, cents: 6_000));
        Assert.Equal((Usd.Dollars(45), Usd.Zero, Usd.Dollars(955)), (_ledger.Cost, _ledger.Realized, _ledger.Cash));
    }

    [Fact]
    public void An_opening_balance_costs_nothing_and_is_no_profit()
    {
        var ledger = new Ledger();
        ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(5), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Shares(3))));
        Assert.Equal((Usd.Dollars(5), Size.Shares(3), Usd.Zero, Usd.Zero), (ledger.Cash, ledger.Shares(Given.No()), ledger.Cost, ledger.Realized));
    }

    [Fact]
    public void Cost_is_counted_by_market()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Matched));
        Assert.Equal((Usd.Dollars(45), Usd.Zero), (_ledger.CostIn(Given.Event), _ledger.CostIn(new MarketId("other"))));
    }

    [Fact]
    public void An_announced_copy_goes_on_where_the_original_stood()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Matched));
        var copy = Ledger.From(Given.Announcement(_ledger.Cash) with { Positions = [.. _ledger.Positions], Trades = [.. _ledger.Trades] });
        Assert.False(copy.Apply(Settlement("t1", TradeStatus.Matched)));
        Assert.True(copy.Apply(Settlement("t1", TradeStatus.Failed)));
        Assert.Equal((Usd.Dollars(1_000), Size.Zero), (copy.Cash, copy.Shares(Given.No())));
        Assert.True(copy.Unsettled >= Usd.Zero, "a copy does not know what was unsettled; it must not go below zero");
    }

    private static Ledger Opened(long dollars)
    {
        var ledger = new Ledger();
        ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(dollars), ImmutableDictionary<TokenId, Size>.Empty));
        return ledger;
    }

    private static Settlement Settlement(
        string trade, TradeStatus status, Side side = Side.Buy, long shares = 100, long cents = 4_500, long feeCents = 0, string order = "o1") => new(
        Given.Fill(trade, status, shares, cents, feeCents, order), new BasketId("b-1"), Given.Event, Given.Condition().Id, Given.No(), side, new ReservationId(1, 1));
}
