using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>
/// A FAK or FOK BUY that gets more shares than its takerAmount (protocol 10.3): just before it matches, somebody offers a tick below the
/// best ask what all its collateral can buy there. Nothing is made up, so book, money and hashes are true. Call it with the exchange's lock held.
/// </summary>
internal sealed class Overfill(Exchange exchange)
{
    private const string Seller = "0x00000000000000000000000000000000000000f1";

    private long _orders;

    /// <summary>The better offer, or null when the order is none that it is for or the spread has no room.</summary>
    public BookOrder? Prepare(BookOrder order)
    {
        if (exchange.Faults.IsIdle || !exchange.Faults.IsArmed(FaultKind.FakOverfill, order.Condition)) return null;
        if (!order.Request.TargetsCollateral || exchange.Ledger.Account(order.Request.Account).House) return null;

        var market = exchange.MarketOf(order.Condition);
        var (bid, ask) = market.Top(order.Token);
        if (ask is not { } best || best > order.Request.WorstPrice || best - market.Tick <= (bid ?? 0)) return null;

        return Offer(order, best - market.Tick);
    }

    /// <summary>Takes back what is left of the offer; only an order that really got too much has used the fault up.</summary>
    public void Finish(BookOrder offer, PlaceResult result)
    {
        exchange.Cancel(offer);
        if (result is not PlaceResult.Accepted { Trade: { } trade } || trade.Shares <= trade.Taker.Request.TakerAmount) return;

        exchange.Faults.Strikes(
            FaultKind.FakOverfill, trade.Condition, $"{Units.Micros(trade.Shares)} shares instead of {Units.Micros(trade.Taker.Request.TakerAmount)}");
    }

    private BookOrder? Offer(BookOrder order, int price)
    {
        var shares = (Units.Affordable(order.Request.MakerAmount, price) / Units.MicrosOne + 1) * Units.MicrosOne; // Whole ones, so every price divides them.
        var seller = Funded(order.Condition, shares);
        var request = new OrderRequest(
            exchange.Ids.Hash("overfill-order", ++_orders), exchange.Ids.Uuid("overfill-key"), seller.Address, order.Condition, order.Token, Side.Sell,
            OrderType.Gtc, shares, Units.Notional(shares, price), Expiration: 0, PostOnly: false);
        return (exchange.Place(request) as PlaceResult.Accepted)?.Order;
    }

    private Account Funded(Condition condition, long shares)
    {
        var ledger = exchange.Ledger;
        var seller = ledger.Accounts.FirstOrDefault(account => account.Address == Seller) ?? ledger.OpenHouse(Seller);
        ledger.Issue(seller, shares);
        ledger.Split(seller, condition, shares);
        return seller;
    }
}
