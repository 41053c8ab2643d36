using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>Our trades at the simulated venue, each from its match until it is confirmed or taken back, as the user channel tells it.</summary>
internal sealed class SimulatedTrades(VenueRules rules, SimulatedAccount account, Agenda<Due> agenda, List<OrderEvent> told)
{
    private readonly List<Fill> _trades = [];

    /// <summary>Oldest first, as they stand.</summary>
    public IReadOnlyList<Fill> All => _trades;

    /// <param name="fails">It will be taken back.</param>
    public void Match(SimulatedOrder order, Level fill, Usd amount, Usd fee, Instant now, bool fails)
    {
        var trade = _trades.Count;
        var matched = new Fill(new TradeId($"sim-{trade + 1}-{now.Micros:x}"), order.Id, TradeStatus.Matched, fill.Size, amount, fee, fill.Price, now);
        order.Matched += fill.Size;
        account.Matched(order.Leg, matched);
        _trades.Add(matched);
        told.Add(new OrderEvent.Filled(matched));
        agenda.Enter(now + rules.MinedAfter, fails ? new Due.Fails(order, trade) : new Due.Mines(order, trade));
    }

    public void Mine(SimulatedOrder order, int trade, Instant at)
    {
        account.Mined(order.Leg, _trades[trade]);
        agenda.Enter(at + rules.ConfirmedAfter, new Due.Confirms(trade));
        Tell(trade, TradeStatus.Mined);
    }

    public void Fail(SimulatedOrder order, int trade)
    {
        account.Failed(order.Leg, _trades[trade]);
        Tell(trade, TradeStatus.Failed);
    }

    public void Confirm(int trade) => Tell(trade, TradeStatus.Confirmed);

    private void Tell(int trade, TradeStatus status)
    {
        _trades[trade] = _trades[trade] with { Status = status };
        told.Add(new OrderEvent.Filled(_trades[trade]));
    }
}
