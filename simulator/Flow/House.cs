using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>The accounts behind the flow: two makers and a taker, rich in pUSD and in complete sets.</summary>
internal sealed class House
{
    private const long Cash = 1_000_000_000_000_000; // A billion pUSD in micros.
    private const long Sets = 10_000_000_000_000; // Ten million shares of every token.

    private readonly Exchange _exchange;
    private readonly string[] _addresses;
    private long _orders;

    public House(Exchange exchange)
    {
        _exchange = exchange;
        _addresses = ["0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2", "0x00000000000000000000000000000000000000a3"];
        foreach (var address in _addresses)
        {
            var account = exchange.Ledger.OpenHouse(address);
            exchange.Ledger.Issue(account, Cash);
            foreach (var condition in exchange.World.Conditions) exchange.Ledger.Split(account, condition, Sets);
        }
    }

    /// <summary>A resting quote of a maker, or null when it met somebody and is gone. Price is in YES terms; shares in micros.</summary>
    public BookOrder? Quote(Condition condition, bool bid, int yesPrice, long shares, SeededRandom random)
    {
        var token = random.Chance(750) ? 0 : 1;
        var side = bid == (token == 0) ? Side.Buy : Side.Sell;
        var price = token == 0 ? yesPrice : Units.PriceOne - yesPrice;
        var order = Send(random.Between(0, 1), condition, token, side, OrderType.Gtc, shares, Units.Notional(shares, price));
        return order?.Place is null ? null : order;
    }

    /// <summary>A taker order that may reach the limit price of its own token.</summary>
    public void Take(Condition condition, int token, Side side, long shares, int limit) =>
        Send(2, condition, token, side, OrderType.Fak, shares, Units.Notional(shares, limit));

    private BookOrder? Send(int account, Condition condition, int token, Side side, OrderType type, long shares, long collateral)
    {
        var (making, taking) = side is Side.Buy ? (collateral, shares) : (shares, collateral);
        var request = new OrderRequest(
            _exchange.Ids.Hash("house-order", ++_orders), _exchange.Ids.Uuid("house-key", account), _addresses[account], condition, token, side,
            type, making, taking, Expiration: 0, PostOnly: false);
        return (_exchange.Place(request) as PlaceResult.Accepted)?.Order;
    }
}
