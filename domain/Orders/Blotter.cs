using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Orders;

/// <summary>A basket with all its orders. Open until its market closes it with a result.</summary>
/// <param name="LockedAt">Since when every leg of it has matched; null again when a trade fails.</param>
public sealed record BasketRecord(Basket Basket, Instant OpenedAt, ImmutableArray<OrderId> Orders, Instant? LockedAt, BasketResult? Result)
{
    public bool IsOpen => Result is null;
}

/// <summary>What changed by one piece of news.</summary>
/// <param name="Reopened">The basket was locked, and no longer is.</param>
public sealed record BlotterChange(Order Before, Order After, Settlement? Settlement, MarketId Market, Basket? Reopened);

/// <summary>What the closed baskets of a market were to earn, and did.</summary>
public sealed record Earnings(MarketId Market, int Baskets, Usd Expected, Usd Earned);

/// <summary>
/// Our orders and where they stand, made from facts alone. Apply is total. Keeps them all, for as long as it lives: an order may be told of again
/// years later. What is asked often costs as much as is open or as is asked for, never as much as there ever was.
/// </summary>
public sealed class Blotter
{
    private readonly Dictionary<OrderId, Order> _orders = [];
    private readonly Dictionary<OrderId, ReservationId> _reservations = [];
    private readonly Dictionary<BasketId, BasketRecord> _baskets = [];
    private readonly Dictionary<MarketId, ImmutableArray<BasketId>> _open = []; // Oldest first.
    private readonly Dictionary<MarketId, long> _versions = [];
    private readonly HashSet<OrderId> _unfinished = [];
    private readonly List<OrderId> _placed = []; // These three in the order of the facts.
    private readonly List<BasketId> _opened = [];
    private readonly List<(OrderId Order, TradeId Trade)> _traded = [];
    private readonly Dictionary<MarketId, Earnings> _earnings = [];

    public IReadOnlyCollection<BasketRecord> Baskets => _baskets.Values;

    public IReadOnlyCollection<Order> Orders => _orders.Values;

    /// <summary>Orders that may still change.</summary>
    public IEnumerable<Order> Unfinished => _unfinished.Select(id => _orders[id]);

    public IReadOnlyCollection<Earnings> Earnings => _earnings.Values;

    public Page<Order> OrdersBefore(long number, int most) => Page.Of(_placed, number, most, id => _orders[id]);

    public Page<BasketRecord> BasketsBefore(long number, int most) => Page.Of(_opened, number, most, id => _baskets[id]);

    public Page<(Order Order, Fill Fill)> FillsBefore(long number, int most) =>
        Page.Of(_traded, number, most, traded => (_orders[traded.Order], _orders[traded.Order].Fills[traded.Trade]));

    public Order? Find(OrderId id) => _orders.GetValueOrDefault(id);

    public ReservationId? ReservationOf(OrderId id) => _reservations.TryGetValue(id, out var reservation) ? reservation : null;

    public IEnumerable<BasketRecord> OpenBaskets(MarketId market) => _open.GetValueOrDefault(market, []).Select(id => _baskets[id]);

    public IEnumerable<BasketRecord> AllOpenBaskets => _open.Values.SelectMany(ids => ids).Select(id => _baskets[id]);

    public BasketRecord? Basket(BasketId id) => _baskets.GetValueOrDefault(id);

    /// <summary>An order of this leg and attempt was placed already: a second one would be the same order twice.</summary>
    public bool HasPlaced(BasketId basket, int leg, int attempt) => _baskets.TryGetValue(basket, out var record)
        && OrdersOf(record).Any(order => order.Intent.Order.Leg == leg && order.Intent.Order.Attempt == attempt);

    public IEnumerable<Order> OrdersOf(BasketRecord basket) => basket.Orders.Select(id => _orders[id]);

    /// <summary>Grows with every change that concerns the market.</summary>
    public long Version(MarketId market) => _versions.GetValueOrDefault(market);

    /// <summary>What the news would change; null if it says nothing new or is about an order that is not ours.</summary>
    public BlotterChange? Preview(OrderEvent news)
    {
        if (!_orders.TryGetValue(news.Order, out var before)) return null;

        var after = before.Apply(news);
        if (ReferenceEquals(after, before)) return null;

        var settlement = news is OrderEvent.Filled(var fill) ? SettlementOf(after, fill) : null;
        var basket = _baskets.GetValueOrDefault(before.Intent.Basket);
        var reopened = basket is { IsOpen: true, LockedAt: not null } && after.Matched != before.Matched ? basket.Basket : null;
        return new BlotterChange(before, after, settlement, before.Intent.Market, reopened);
    }

    public BlotterChange? Apply(Fact fact)
    {
        switch (fact)
        {
            case Fact.BasketOpened opened when _baskets.TryAdd(
                opened.Basket.Id, new BasketRecord(opened.Basket, opened.At, [.. opened.Orders.Select(order => order.Id)], null, null)):
                _opened.Add(opened.Basket.Id);
                _open[opened.Basket.Market] = _open.GetValueOrDefault(opened.Basket.Market, []).Add(opened.Basket.Id);
                foreach (var placed in opened.Orders) Add(placed, opened.Reservation);
                Touch(opened.Basket.Market);
                return null;

            case Fact.ClosingOrderPlaced closing when !_orders.ContainsKey(closing.Order.Id)
                && _baskets.TryGetValue(closing.Order.Intent.Basket, out var basket):
                _baskets[basket.Basket.Id] = basket with { Orders = basket.Orders.Add(closing.Order.Id) };
                Add(closing.Order, closing.Reservation);
                Touch(basket.Basket.Market);
                return null;

            case Fact.OrderChanged changed when Preview(changed.News) is { } change:
                _orders[change.After.Id] = change.After;
                if (change.After.Fills.Count > change.Before.Fills.Count && changed.News is OrderEvent.Filled(var told)) _traded.Add((change.After.Id, told.Trade));
                if (change.After.IsDone) _unfinished.Remove(change.After.Id);
                else _unfinished.Add(change.After.Id);
                if (change.Reopened is { } reopened) _baskets[reopened.Id] = _baskets[reopened.Id] with { LockedAt = null };
                Touch(change.Market);
                return change;

            case Fact.BasketLocked locked when _baskets.TryGetValue(locked.Basket, out var held) && held.IsOpen:
                _baskets[locked.Basket] = held with { LockedAt = locked.At };
                Touch(locked.Market);
                return null;

            case Fact.BasketClosed closed when _baskets.TryGetValue(closed.Basket, out var record):
                _baskets[closed.Basket] = record with { Result = closed.Result };
                Earn(record, closed.Result);
                if (_open.GetValueOrDefault(closed.Market, []).Remove(closed.Basket) is { IsEmpty: false } others) _open[closed.Market] = others;
                else _open.Remove(closed.Market);
                Touch(closed.Market);
                return null;

            case Fact.SettlementStarted started:
                Touch(started.Call.Market); // Its free shares are fewer now.
                return null;

            case Fact.SettlementEnded ended:
                Touch(ended.Call.Market);
                return null;

            default:
                return null; // Other facts are not about orders.
        }
    }

    /// <summary>The settlement of a fill of one of our orders.</summary>
    private Settlement SettlementOf(Order order, Fill fill)
    {
        var leg = order.Intent.Order;
        return new Settlement(
            fill, order.Intent.Basket, order.Intent.Market, leg.Condition, leg.Token, leg.Side, _reservations.GetValueOrDefault(order.Id), leg.Outcome);
    }

    private void Add(OrderPlaced placed, ReservationId reservation)
    {
        if (!_orders.TryAdd(placed.Id, new Order(placed))) return;

        _placed.Add(placed.Id);
        _reservations[placed.Id] = reservation;
        _unfinished.Add(placed.Id);
    }

    /// <summary>A basket that closes again counts once, by its last result.</summary>
    private void Earn(BasketRecord before, BasketResult result)
    {
        var market = before.Basket.Market;
        var sum = _earnings.GetValueOrDefault(market) ?? new Earnings(market, 0, Usd.Zero, Usd.Zero);
        _earnings[market] = before.Result is { } replaced
            ? sum with { Earned = sum.Earned - replaced.Earned + result.Earned }
            : sum with { Baskets = sum.Baskets + 1, Expected = sum.Expected + before.Basket.Profit, Earned = sum.Earned + result.Earned };
    }

    private void Touch(MarketId market) => _versions[market] = Version(market) + 1;
}
