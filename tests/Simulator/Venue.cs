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
        : this([WorldBuilder.Build(1).Conditions[0] with { Fee = fee }], clock)
    {
    }

    /// <summary>Orders go to the first condition; alice, bob and carol hold 10,000 of every token.</summary>
    public Venue(IReadOnlyList<Condition> conditions, TimeProvider? clock = null)
    {
        Condition = conditions[0];
        Exchange = new Exchange(new ExchangeWorld(conditions), 1, clock ?? TimeProvider.System) { ChecksMoney = true };
        foreach (var name in (string[])["alice", "bob", "carol"])
        {
            Exchange.Users.Know(Key(name));
            foreach (var condition in conditions) Exchange.Ledger.Split(Account(name), condition, 10_000 * Units.MicrosOne);
        }
    }

    /// <summary>The conditions of one neg-risk event.</summary>
    public static IReadOnlyList<Condition> Event { get; } = WorldBuilder.Build(1).Events.First();

    public Exchange Exchange { get; }
    public Condition Condition { get; }
    public Market Market => Exchange.MarketOf(Condition);
    public OrderBook Book => Exchange.MarketOf(Condition).Book;

    public Account Account(string name) => Exchange.Ledger.Account(Address(name));

    public PlaceResult Limit(
        string who, int token, Side side, int price, long shares, OrderType type = OrderType.Gtc, bool postOnly = false, long expiration = 0) =>
        Exchange.Place(Request(who, token, side, price, shares, type, postOnly, expiration));

    /// <summary>As over the API: the market may make it wait.</summary>
    public Task<PlaceResult> LimitAsync(
        string who, int token, Side side, int price, long shares, OrderType type = OrderType.Gtc, bool defer = false) =>
        Exchange.PlaceAsync(Request(who, token, side, price, shares, type) with { DeferExec = defer });

    public OrderRequest Request(
        string who, int token, Side side, int price, long shares, OrderType type = OrderType.Gtc, bool postOnly = false, long expiration = 0)
    {
        var (size, cash) = (shares * Units.MicrosOne, shares * price * 100);
        var (making, taking) = side is Side.Buy ? (cash, size) : (size, cash);
        return Request(who, token, side, type, making, taking, postOnly, expiration);
    }

    /// <summary>A FOK or FAK BUY that spends micros of pUSD at a limit given by how many micro-shares it wants at least.</summary>
    public PlaceResult Spend(string who, int token, OrderType type, long cash, long shares) =>
        Exchange.Place(Request(who, token, Side.Buy, type, cash, shares, postOnly: false, expiration: 0));

    private OrderRequest Request(
        string who, int token, Side side, OrderType type, long making, long taking, bool postOnly, long expiration)
    {
        var id = "0x" + (++_orders).ToString("x64", CultureInfo.InvariantCulture);
        return new OrderRequest(id, Key(who), Address(who), Condition, token, side, type, making, taking, expiration, postOnly);
    }

    /// <summary>Gives away all of somebody's pUSD but so many micros.</summary>
    public void LeaveOnly(string name, long cash)
    {
        var account = Account(name);
        lock (Exchange.Gate)
        {
            var refusal = new Chain(Exchange).Transfer(account, Account("dave"), Movement.Cash, account.Cash - cash);
            if (refusal is not null) throw new InvalidOperationException(refusal);
        }
    }

    public static string Key(string name) => "key of " + name;

    private static string Address(string name) => PublicAccounts.Addresses[name[0] - 'a'];
}
