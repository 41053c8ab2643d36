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
    public void What_comes_from_outside_is_no_profit_and_costs_nothing()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(new Fact.ExternalCredited(Given.Noon, Usd.Dollars(7), Some(10), "deposit"));
        Assert.Equal((Usd.Dollars(962), Size.Shares(110), Usd.Dollars(45), Usd.Zero), (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Cost, _ledger.Realized));
        Assert.Equal(Usd.Dollars(1_007), _ledger.External);
    }

    [Fact]
    public void What_rounding_takes_is_a_loss_with_the_cost_of_its_shares()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(new Fact.RoundingAdjusted(Given.Noon, Usd.Cents(2), "rounding", Some(10)));
        Assert.Equal((Usd.Parse("954.98"), Size.Shares(90), Usd.Parse("40.5"), Usd.Parse("-4.52")), (_ledger.Cash, _ledger.Shares(Given.No()), _ledger.Cost, _ledger.Realized));
    }

    [Fact]
    public void Redeemed_shares_leave_at_their_cost_and_the_rest_is_profit()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(new Fact.SharesRedeemed(Given.Noon, Some(100), Usd.Dollars(100)));
        Assert.Equal((Usd.Dollars(1_055), Usd.Zero, Usd.Dollars(55)), (_ledger.Cash, _ledger.Cost, _ledger.Realized));
        Assert.Empty(_ledger.Positions);
    }

    /// <summary>Bought for 45, paid 100, and then the trade never happened: neither did the profit.</summary>
    [Fact]
    public void A_payout_for_shares_that_a_failed_trade_took_away_can_be_given_back()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Matched));
        _ledger.Apply(new Fact.SharesRedeemed(Given.Noon, Some(100), Usd.Dollars(100)));
        _ledger.Apply(Settlement("t1", TradeStatus.Failed));
        Assert.Equal((Size.Shares(-100), Usd.Dollars(-45)), (_ledger.Shares(Given.No()), _ledger.Cost));

        _ledger.Apply(new Fact.SharesRedeemed(Given.Noon, Some(-40), Usd.Dollars(-40)));
        Assert.Equal((Size.Shares(-60), Usd.Dollars(-27)), (_ledger.Shares(Given.No()), _ledger.Cost));

        _ledger.Apply(new Fact.SharesRedeemed(Given.Noon, Some(-60), Usd.Dollars(-60)));
        Assert.Equal((Usd.Dollars(1_000), Usd.Zero, Usd.Zero), (_ledger.Cash, _ledger.Cost, _ledger.Realized));
        Assert.Empty(_ledger.Positions);
    }

    /// <summary>Sold before the buy failed, the shares are owed; what buying them back costs beyond what the failure gave back is lost.</summary>
    [Theory]
    [InlineData(5_500, -5)]
    [InlineData(4_000, 10)]
    public void Owed_shares_that_are_bought_back_leave_no_profit_behind(long cents, long realized)
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Matched));
        _ledger.Apply(Settlement("t2", TradeStatus.Confirmed, Side.Sell, cents: 5_000));
        _ledger.Apply(Settlement("t1", TradeStatus.Failed));
        Assert.Equal((Size.Shares(-100), Usd.Dollars(-45), Usd.Dollars(5)), (_ledger.Shares(Given.No()), _ledger.Cost, _ledger.Realized));

        _ledger.Apply(Settlement("t3", TradeStatus.Matched, cents: cents));
        Assert.Empty(_ledger.Positions);
        Assert.Equal((Usd.Dollars(1_000 + realized), Usd.Zero, Usd.Dollars(realized)), (_ledger.Cash, _ledger.Cost, _ledger.Realized));

        _ledger.Apply(Settlement("t3", TradeStatus.Failed, cents: cents)); // Owed again, and nothing is counted twice.
        Assert.Equal(_ledger.External + _ledger.Realized, _ledger.Cash + _ledger.Cost);
    }

    [Fact]
    public void What_a_person_accepted_is_neither_profit_nor_loss()
    {
        _ledger.Apply(Settlement("t1", TradeStatus.Confirmed));
        _ledger.Apply(new Fact.LedgerAccepted(Given.Noon, Usd.Dollars(-5), Some(3, Given.Yes()), Some(100), "me", "sold by hand"));
        Assert.Equal((Usd.Dollars(950), Usd.Zero, Usd.Zero), (_ledger.Cash, _ledger.Cost, _ledger.Realized));
        Assert.Equal((Size.Zero, Size.Shares(3)), (_ledger.Shares(Given.No()), _ledger.Shares(Given.Yes())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Cash_and_cost_are_what_came_from_outside_and_what_was_earned(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    _ledger.Apply(new Fact.ExternalCredited(Given.Noon, Usd.Cents(random.Next(99)), Some(random.Next(1, 5)), ""));
                    break;
                case 1:
                    _ledger.Apply(new Fact.RoundingAdjusted(Given.Noon, Usd.Cents(random.Next(9)), "", random.Next(2) == 0 ? null : Some(1)));
                    break;
                case 2:
                    _ledger.Apply(new Fact.SharesRedeemed(Given.Noon, Some(random.Next(1, 9)), Usd.Cents(random.Next(900))));
                    break;
                case 3:
                    _ledger.Apply(new Fact.LedgerAccepted(Given.Noon, Usd.Cents(random.Next(-99, 99)), Some(1), Some(random.Next(1, 4), Given.Yes()), "", ""));
                    break;
                default:
                    var (trade, shares) = (random.Next(20), random.Next(1, 4)); // So few that none are left, or owed, often.
                    _ledger.Apply(Settlement($"t{trade}", (TradeStatus)random.Next(5), trade < 8 ? Side.Sell : Side.Buy, shares, random.Next(1, 900), random.Next(9)));
                    break;
            }

            Assert.True(_ledger.Cash + _ledger.Cost == _ledger.External + _ledger.Realized, $"seed {seed}, step {i}: {_ledger.Cash} + {_ledger.Cost}, {_ledger.External} + {_ledger.Realized}");
        }
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

    private static ImmutableDictionary<TokenId, Size> Some(long shares, TokenId? token = null) =>
        ImmutableDictionary<TokenId, Size>.Empty.Add(token ?? Given.No(), Size.Shares(shares));

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
