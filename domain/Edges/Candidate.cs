using System.Collections.Immutable;
using PolyArb.Domain.Books;

namespace PolyArb.Domain.Edges;

/// <summary>One token to buy or sell, with the book it is traded in.</summary>
/// <param name="Stock">Shares that may be sold; nothing of them is looked at when buying.</param>
public sealed record CandidateLeg(ConditionBook Book, Outcome Outcome, Size Stock = default)
{
    public BookSide Asks => Book.Open.Of(Outcome).Asks;

    public BookSide Bids => Book.Open.Of(Outcome).Bids;

    public FeeCurve Fee => Book.Condition.Fee!.Value;

    /// <summary>What is taken when buying or selling.</summary>
    internal BookSide Levels(Side side) => side is Side.Buy ? Asks : Bids;

    /// <summary>Best price with its fee, in micros a share: what is paid, or what is received. Buying from nobody costs everything, selling to nobody brings nothing.</summary>
    internal long BestNet(Side side)
    {
        if (Levels(side).Best is not { } best) return side is Side.Buy ? long.MaxValue : 0;

        return Net(best.Price, side);
    }

    /// <summary>A price with its fee, in micros a share: what is paid, or what is received.</summary>
    internal long Net(Price price, Side side) => price.Ticks * 100L + (side is Side.Buy ? Fee.PerShare(price) : -Fee.PerShare(price));
}

/// <summary>Legs that pay together, not yet sized.</summary>
/// <param name="Legs">Best first where any subset of them will do, then maybe more than one basket takes.</param>
public sealed record Candidate(BasketKind Kind, Side Side, ImmutableArray<CandidateLeg> Legs)
{
    /// <summary>The NOs of any m conditions pay at least m - 1, and their YES never more than 1.</summary>
    public bool IsAnySubset => (Kind, Side) is (BasketKind.No, Side.Buy) or (BasketKind.AllYes, Side.Sell);

    /// <summary>Dollars that so many legs pay when bought, or can cost when sold.</summary>
    internal int PayoutDollars(int legs) => Kind is BasketKind.No ? legs - 1 : 1;
}
