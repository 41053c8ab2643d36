using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>
/// Books that one maker alone fills, told of NO tokens: an offer of NO at p is a bid for YES at 1 - p. Prices in 1/10,000, sizes in
/// whole shares; a question is its condition's place in the listing.
/// </summary>
internal sealed class MakerBooks
{
    private const string Key = "the maker's key";

    private readonly Exchange _exchange;
    private readonly ImmutableArray<Condition> _conditions;
    private readonly List<BookOrder> _resting = [];
    private int _orders;

    public MakerBooks(Exchange exchange)
    {
        (_exchange, _conditions) = (exchange, [.. exchange.World.Conditions]);
        lock (exchange.Gate) exchange.Users.Know(Key);
    }

    /// <summary>The maker offers NO.</summary>
    public BookOrder Ask(int question, int price, long shares) => Rest(question, token: 0, Units.PriceOne - price, shares);

    /// <summary>The maker bids for NO.</summary>
    public BookOrder Bid(int question, int price, long shares) => Rest(question, token: 1, price, shares);

    /// <summary>The maker takes his offers of NO back: those at a price, or all.</summary>
    public void TakeBack(int question, int? price = null)
    {
        foreach (var order in _resting.Where(order => order.Condition.Id == _conditions[question].Id && order.Token == 0))
        {
            if (price is null || order.Price == Units.PriceOne - price) _exchange.Cancel(order);
        }
    }

    /// <summary>The maker takes his bids for NO back.</summary>
    public void TakeBackBids(int question)
    {
        foreach (var order in _resting.Where(order => order.Condition.Id == _conditions[question].Id && order.Token == 1)) _exchange.Cancel(order);
    }

    private BookOrder Rest(int question, int token, int price, long shares)
    {
        var (size, cash) = (shares * Units.MicrosOne, shares * price * 100);
        var id = "0x" + (++_orders).ToString("x64", CultureInfo.InvariantCulture);
        var placed = _exchange.Place(new OrderRequest(
            id, Key, PublicAccounts.Addresses[1], _conditions[question], token, Side.Buy, OrderType.Gtc, cash, size, Expiration: 0, PostOnly: false));
        var order = Assert.IsType<PlaceResult.Accepted>(placed).Order;
        _resting.Add(order);
        return order;
    }
}
