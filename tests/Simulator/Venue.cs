using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Tests.Simulator;

/// <summary>An exchange without flow; orders go straight to the engine. Prices in 1/10,000, sizes in whole shares unless said.</summary>
internal sealed class Venue
{
    public const int Yes = 0;
    public const int No = 1;

    private int _orders;

    public Venue(FeeSchedule? fee = null, TimeProvider? clock = null)
    {
        var condition = WorldBuilder.Build(1).Conditions[0] with { Fee = fee };
        Condition = condition;
        Exchange = new Exchange(new ExchangeWorld([condition]), 1, clock ?? TimeProvider.System);
        foreach (var name in (string[])["alice", "bob", "carol"])
        {
            Exchange.Users.Know(Key(name));
            Exchange.Ledger.Split(Account(name), condition, 10_000 * Units.MicrosOne);
        }
    }

    public Exchange Exchange { get; }
    public Condition Condition { get; }
    public OrderBook Book => Exchange.MarketOf(Condition).Book;

    public Account Account(string name) => Exchange.Ledger.Account(Address(name));

    public PlaceResult Limit(
        string who, int token, Side side, int price, long shares, OrderType type = OrderType.Gtc, bool postOnly = false, long expiration = 0)
    {
        var (size, cash) = (shares * Units.MicrosOne, shares * price * 100);
        return side is Side.Buy
            ? Send(who, token, side, type, cash, size, postOnly, expiration)
            : Send(who, token, side, type, size, cash, postOnly, expiration);
    }

    /// <summary>A FOK or FAK BUY that spends micros of pUSD at a limit given by how many micro-shares it wants at least.</summary>
    public PlaceResult Spend(string who, int token, OrderType type, long cash, long shares) =>
        Send(who, token, Side.Buy, type, cash, shares, postOnly: false, expiration: 0);

    private PlaceResult Send(string who, int token, Side side, OrderType type, long making, long taking, bool postOnly, long expiration)
    {
        var id = "0x" + (++_orders).ToString("x64", CultureInfo.InvariantCulture);
        return Exchange.Place(new OrderRequest(id, Key(who), Address(who), Condition, token, side, type, making, taking, expiration, postOnly));
    }

    private static string Key(string name) => "key of " + name;

    private static string Address(string name) => PublicAccounts.Addresses[name[0] - 'a'];
}
