using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>What a gateway that has traded for a long time tells the portfolio.</summary>
public sealed class GatewayStateTests
{
    private const int Baskets = 1_500;

    private readonly GatewayState _state = new();

    public GatewayStateTests()
    {
        for (var basket = 0; basket < Baskets; basket++)
        {
            _state.Apply(Given.Opened(Given.Basket(legs: 1, id: $"b-{basket}")));
            Settle(basket, TradeStatus.Matched);
            _state.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Matched(Order(basket), Size.Shares(100), IsFinal: true)));
            if (basket != 7) Settle(basket, TradeStatus.Confirmed);
        }
    }

    [Fact]
    public void Old_trades_that_are_final_are_not_told_and_whatever_may_still_be_heard_of_is()
    {
        var told = Told().Trades.Select(trade => trade.Order).ToHashSet();
        Assert.Equal(1_001, told.Count);
        Assert.Contains(Order(7), told); // Not final.
        Assert.Contains(Order(Baskets - 1), told);
        Assert.DoesNotContain(Order(8), told);
    }

    [Fact]
    public void The_portfolios_copy_counts_nothing_twice()
    {
        var copy = Ledger.From(Told());
        Assert.Equal(_state.Ledger.Cash, copy.Cash);
        Assert.False(copy.Apply(Settle(Baskets - 1, TradeStatus.Confirmed, at: copy)));
        Assert.Equal(_state.Ledger.Cash, copy.Cash);
    }

    /// <summary>Then its order is unfinished again, which a gateway announces.</summary>
    [Fact]
    public void An_old_trade_that_fails_after_all_is_told_again()
    {
        var change = _state.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Fill(8, TradeStatus.Failed))))!;
        Assert.True(change.Before.IsDone && !change.After.IsDone);

        var told = Told();
        Assert.Contains(told.Trades, trade => trade.Order == Order(8) && trade.Status is TradeStatus.Failed);
        Assert.Equal(_state.Ledger.Cash, Ledger.From(told).Cash);
    }

    private Announcement Told() => _state.Announcement(gateway: 1, isRecovering: false, unwritten: []);

    private void Settle(int basket, TradeStatus status) => _state.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Fill(basket, status))));

    private static Settlement Settle(int basket, TradeStatus status, Ledger at)
    {
        Assert.True(at.Knows(Fill(basket, status)));
        return new Settlement(Fill(basket, status), new BasketId($"b-{basket}"), Given.Event, Given.Condition().Id, Given.No(), Side.Buy, new ReservationId(1, 1));
    }

    private static Fill Fill(int basket, TradeStatus status) => Given.Fill($"t{basket}", status, order: Order(basket).Text);

    private static OrderId Order(int basket) => new($"b-{basket}/0");
}
