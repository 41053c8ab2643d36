using System.Collections.Immutable;

namespace PolyArb.Domain.Risk;

/// <summary>What a share can be sold for, by a proven book.</summary>
/// <param name="Bid">Null: nobody bids.</param>
/// <param name="IsOver">The question is decided or about to be: its book says nothing any more, and the last bid stands.</param>
public readonly record struct TokenMark(TokenId Token, Price? Bid, bool IsOver = false);

/// <summary>What a market tells the portfolio: bids that changed, and what its guards counted since it last did.</summary>
/// <param name="Exhaustive">How many conditions it has, where one of them must end YES; else null.</param>
/// <param name="DelaysTakers">The venue holds taker orders back: how long it takes to answer says nothing.</param>
/// <param name="PickedOff">Fills that the price ran away from.</param>
/// <param name="Phantoms">Edges on books that could not be trusted.</param>
public sealed record MarketMark(
    MarketId Market, Instant At, int? Exhaustive, bool DelaysTakers, ImmutableArray<TokenMark> Tokens, int PickedOff, int Phantoms);
