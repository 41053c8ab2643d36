using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;

namespace PolyArb.Grains.Interfaces;

/// <summary>A market's books as readers see them, and the edge that is nearest in them.</summary>
/// <param name="Books">In the order of the market's conditions; empty while nobody follows the market.</param>
/// <param name="Edge">Null where no complete set is offered.</param>
/// <param name="Found">How many of the best basket could be bought now, and what it would earn; null when there is none, as almost always.</param>
public sealed record MarketBooks(
    MarketId Id, string Title, bool NegRisk, Instant At, ImmutableArray<BookLadder> Books, EdgeLook? Edge, FoundBasket? Found)
{
    /// <summary>Most levels a side that may be asked for.</summary>
    public const int LevelsMax = 50;
}

/// <param name="Profit">Of all of them, at the least.</param>
public sealed record FoundBasket(BasketKind Kind, Size Quantity, Usd Outlay, Usd Profit, EdgeTerms Edge);

/// <summary>The top of one condition's book, the best level first, in YES terms: <see cref="Of"/> has both tokens.</summary>
/// <param name="Cause">Why the book is stale or ended; empty otherwise.</param>
/// <param name="IsTrusted">Whole, proven and settled: it may be traded on.</param>
/// <param name="LastTrade">As the venue writes it ("0.550"); null when unknown.</param>
/// <param name="Levels">Of the whole book, both sides.</param>
public sealed record BookLadder(
    ConditionId Condition, string Question, TokenId Yes, TokenId No, BookLife Life, string Cause, ProofState Proof, bool IsTrusted, bool IsCrossed,
    ProofCounts Proofs, Price Tick, string? LastTrade, Instant UpdatedAt, int Levels, ImmutableArray<Level> Bids, ImmutableArray<Level> Asks)
{
    /// <summary>As its holders see it: a YES bid at p is a NO ask at 1 - p, the same size.</summary>
    public (ImmutableArray<Level> Bids, ImmutableArray<Level> Asks) Of(Outcome outcome) =>
        outcome is Outcome.Yes ? (Bids, Asks) : (Mirrored(Asks), Mirrored(Bids));

    private static ImmutableArray<Level> Mirrored(ImmutableArray<Level> levels) =>
        [.. levels.Select(level => level with { Price = level.Price.Complement })];
}
