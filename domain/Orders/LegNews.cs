using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Orders;

/// <summary>One order of an open basket as its market needs to see it.</summary>
/// <param name="Matched">Shares, trades seen or not; those of failed trades do not count.</param>
/// <param name="Money">Dollars given (BUY, fees on top) or received (SELL, fees off) in the trades seen.</param>
/// <param name="Paid">Shares of those trades; fewer than matched while trades have yet to be told.</param>
/// <param name="Fees">Of those trades.</param>
/// <param name="IsClosed">Nothing more of it can match.</param>
/// <param name="IsMined">Every share that matched is on the chain: it can be sold, merged or converted.</param>
/// <param name="IsSettled">Closed, and every trade of it is known and final.</param>
/// <param name="Refusal">Why the venue did not take it; null when it did.</param>
public sealed record LegNews(
    OrderId Id, LegOrder Order, Purpose Purpose, Instant PlacedAt, OrderState State, Size Matched, Usd Money, Size Paid, Usd Fees,
    bool IsClosed, bool IsMined, bool IsSettled, RejectCode? Refusal)
{
    [JsonIgnore]
    public int Leg => Order.Leg;

    [JsonIgnore]
    public int Attempt => Order.Attempt;

    [JsonIgnore]
    public Side Side => Order.Side;

    /// <summary>Rests in the book, or may: an order that waits to be taken.</summary>
    [JsonIgnore]
    public bool Rests => !IsClosed && Order.Type is OrderType.Gtc or OrderType.Gtd;

    /// <summary>Money, with the shares whose trades have yet to be told at the limit and the worst fee.</summary>
    [JsonIgnore]
    public Usd MoneyAtWorst
    {
        get
        {
            var untold = Matched - Paid;
            if (untold <= Size.Zero) return Money;

            var fee = new Usd((long)((Int128)Order.WorstFee.Micros * untold.Micros / Math.Max(1, Order.Shares.Micros)));
            return Side is Side.Buy ? Money + Usd.Cost(Order.Limit, untold) + fee : Money + Usd.Proceeds(Order.Limit, untold) - fee;
        }
    }

    public static LegNews Of(Order order) => new(
        order.Id, order.Intent.Order, order.Intent.Purpose, Instant.FromMillis(order.Intent.TimestampMs), order.State, order.Matched, order.Money,
        order.Filled, order.Fees,
        order.IsClosed || order.IsDone, order.IsMined, order.IsDone, order.Refusal);
}

/// <summary>An open basket with its orders.</summary>
/// <param name="LockedAt">When every leg had matched; null while it is being bought, completed or undone. A trade that fails takes it back.</param>
public sealed record OpenBasket(Basket Basket, Instant OpenedAt, ImmutableArray<LegNews> Orders, Instant? LockedAt = null)
{
    [JsonIgnore]
    public bool IsLocked => LockedAt is not null;

    /// <summary>
    /// What it bought can be sold: all of it is on the chain, and where the venue refused a sale all the same, for want of a balance, all
    /// of it is final too.
    /// </summary>
    [JsonIgnore]
    public bool IsSellable => Orders.All(order => order.IsMined)
        && (Orders.All(order => order.IsSettled) || !Orders.Any(order => order is { Side: Side.Sell, Refusal: RejectCode.NotEnoughBalance }));
}

/// <summary>Shares of one token that no open basket needs, and what they cost.</summary>
public sealed record Stock(TokenId Token, Size Shares, Usd Cost);
