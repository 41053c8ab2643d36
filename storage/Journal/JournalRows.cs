using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Storage;

// Written with DomainJson these are the shapes of `orders`, `fills`, `positions` and `errors` --json: amounts as decimal
// text, times in milliseconds.

/// <param name="CreatedAt">Milliseconds of Unix time.</param>
public sealed record OrderRow(
    OrderId Id, BasketId Basket, MarketId Market, ConditionId Condition, TokenId Token, Side Side, OrderType Type,
    Price Price, Size Size, Size Matched, string Status, string Why, long CreatedAt);

/// <summary>Token and Side are null for a trade of an order that this journal does not have.</summary>
/// <param name="Time">Milliseconds of Unix time.</param>
public sealed record FillRow(
    TradeId TradeId, OrderId OrderId, TokenId? Token, Side? Side, Price Price, Size Size, Usd Fee, TradeStatus Status, long Time);

/// <summary>Market, Condition and Outcome are null where no order of ours says them.</summary>
/// <param name="AvgPrice">Dollars a share of what was bought here and is still held; null when that is nothing.</param>
public sealed record PositionRow(MarketId? Market, ConditionId? Condition, TokenId Token, Outcome? Outcome, Size Qty, Usd? AvgPrice);

/// <param name="Qty">Complete baskets: expected while open.</param>
/// <param name="Locked">What it pays for certain; zero while open.</param>
/// <param name="State">Open, or how it ended.</param>
public sealed record BasketRow(BasketId Id, MarketId Market, BasketKind Kind, Size Qty, Usd Locked, string State, string Note, long OpenedAt);

/// <param name="Time">Milliseconds of Unix time.</param>
public sealed record ErrorRow(long Time, string Where, string What);

/// <summary>A fact as it stands in the journal.</summary>
/// <param name="N">Its number; greater ones came later.</param>
/// <param name="Time">Milliseconds of Unix time.</param>
/// <param name="Body">The fact in DomainJson.</param>
public sealed record FactRow(long N, long Time, string Kind, MarketId? Market, BasketId? Basket, string Body);
