using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>The accounts behind the flow: makers and, last, a taker, rich in pUSD and in complete sets.</summary>
internal sealed class House
{
    private const long Cash = 1_000_000_000_000_000; // A billion pUSD in micros.
    private const long Sets = 10_000_000_000_000; // Ten million shares of every token.

    private readonly Exchange _exchange;
    private readonly string[] _addresses;
    private long _orders;

    public House(Exchange exchange, int makers = 2)
    {
        _exchange = exchange;
        _addresses = [.. Enumerable.Range(0xa1, makers + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"0x{i:x40}"))];
        foreach (var address in _addresses) exchange.Ledger.Issue(exchange.Ledger.OpenHouse(address), Cash);
        foreach (var condition in exchange.World.Conditions) Fund(condition);
    }

    /// <summary>Gives every account shares of a condition, and what they cost; call it once for one that is listed later.</summary>
    public void Fund(Condition condition)
    {
        foreach (var account in _addresses.Select(_exchange.Ledger.Account))
        {
            _exchange.Ledger.Issue(account, Sets);
            _exchange.Ledger.Split(account, condition, Sets);
        }
    }

    /// <summary>A resting quote of a maker, or null when it met somebody and is gone. Price is in YES terms; shares in micros.</summary>
    public BookOrder? Quote(Condition condition, bool bid, int yesPrice, long shares, SeededRandom random)
    {
        var token = random.Chance(750) ? 0 : 1;
        var side = bid == (token == 0) ? Side.Buy : Side.Sell;
        var price = token == 0 ? yesPrice : Units.PriceOne - yesPrice;
        var order = Send(random.Between(0, _addresses.Length - 2), condition, token, side, OrderType.Gtc, shares, Units.Notional(shares, price));
        return order?.Place is null ? null : order;
    }

    /// <summary>A taker order that may reach the limit price of its own token.</summary>
    public void Take(Condition condition, int token, Side side, long shares, int limit) =>
        Send(_addresses.Length - 1, condition, token, side, OrderType.Fak, shares, Units.Notional(shares, limit));

    /// <summary>
    /// An order that rests whatever it crosses: a recorded book may be crossed for a moment (protocol 4.3). A bid buys YES, an ask buys NO,
    /// so the house needs no shares; it starts as a whole number of shares, partly filled, which any price divides exactly.
    /// </summary>
    public (BookOrder Order, LevelChange Change) Stand(Market market, bool bid, int yesPrice, long shares)
    {
        var whole = (shares + Units.MicrosOne - 1) / Units.MicrosOne * Units.MicrosOne;
        var price = bid ? yesPrice : Units.PriceOne - yesPrice;
        var request = Request(0, market.Condition, bid ? 0 : 1, Side.Buy, OrderType.Gtc, whole, Units.Notional(whole, price));
        var order = new BookOrder(request, market.Tick, _exchange.Agenda.Now) { Matched = whole - shares };
        var change = market.Book.Add(order);
        _exchange.Ledger.Account(request.Account).Reserve(order);
        return (order, change);
    }

    /// <summary>Takes an order that stands off the book again.</summary>
    public LevelChange Leave(Market market, BookOrder order)
    {
        var change = market.Book.Remove(order);
        order.Status = OrderStatus.Canceled;
        _exchange.Ledger.Account(order.Request.Account).Reserve(order);
        return change;
    }

    /// <summary>Trades with everybody else's orders that a quote at this price would cross.</summary>
    public void TakeFromOutsiders(Market market, bool bid, int yesPrice)
    {
        var crossed = market.Book.FromBest(bids: !bid).TakeWhile(l => bid ? l.Price <= yesPrice : l.Price >= yesPrice)
            .SelectMany(l => l.Orders).Where(o => !_addresses.Contains(o.Request.Account)).Sum(o => o.Remaining);
        if (crossed > 0) Take(market.Condition, 0, bid ? Side.Buy : Side.Sell, crossed, yesPrice);
    }

    private BookOrder? Send(int account, Condition condition, int token, Side side, OrderType type, long shares, long collateral)
    {
        var request = Request(account, condition, token, side, type, shares, collateral);
        return (_exchange.Place(request) as PlaceResult.Accepted)?.Order;
    }

    private OrderRequest Request(int account, Condition condition, int token, Side side, OrderType type, long shares, long collateral)
    {
        var (making, taking) = side is Side.Buy ? (collateral, shares) : (shares, collateral);
        return new OrderRequest(
            _exchange.Ids.Hash("house-order", ++_orders), _exchange.Ids.Uuid("house-key", account), _addresses[account], condition, token, side,
            type, making, taking, Expiration: 0, PostOnly: false);
    }
}
