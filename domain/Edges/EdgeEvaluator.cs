using System.Collections.Immutable;
using PolyArb.Domain.Books;

namespace PolyArb.Domain.Edges;

/// <summary>One token to buy, with the book it is bought from.</summary>
public sealed record CandidateLeg(ConditionBook Book, Outcome Outcome)
{
    public BookSide Asks => Book.Open.Of(Outcome).Asks;

    public BookSide Bids => Book.Open.Of(Outcome).Bids;

    public FeeCurve Fee => Book.Condition.Fee!.Value;

    /// <summary>Best ask plus its worst fee, in micros a share.</summary>
    public long BestCost => Asks.Best is { } best ? Cost(best.Price) : long.MaxValue;

    /// <summary>Micros a share at this price, worst fee included.</summary>
    public long Cost(Price price) => price.Ticks * 100L + Fee.Worst(price, Size.Shares(1)).Micros;

    /// <summary>Micros a share at this price, worst fee taken off.</summary>
    public long Proceeds(Price price) => price.Ticks * 100L - Fee.Worst(price, Size.Shares(1)).Micros;
}

/// <summary>Legs that pay together, not yet sized.</summary>
public sealed record Candidate(BasketKind Kind, ImmutableArray<CandidateLeg> Legs, int PayoutDollars);

/// <summary>Which complete sets of one market cost less than they pay at the best prices.</summary>
public static class EdgeEvaluator
{
    /// <summary>Every set worth sizing, best first by edge at the top of the books. Usually empty.</summary>
    public static IEnumerable<Candidate> Find(IReadOnlyList<ConditionBook> books, Market market, EdgePolicy policy)
    {
        var candidates = new List<(Candidate Candidate, long Edge)>(0);
        foreach (var book in books)
        {
            if (!IsUsable(book, policy)) continue;
            Consider(new Candidate(BasketKind.Pair, [new CandidateLeg(book, Outcome.Yes), new CandidateLeg(book, Outcome.No)], 1));
        }

        if (market.NegRisk)
        {
            if (BestNoLegs(books, policy) is { Length: > 1 } legs) Consider(new Candidate(BasketKind.No, legs, legs.Length - 1));
            if (policy.AllYes.Contains(market.Id) && Exhaustiveness.Holds(market) && books.Count <= policy.MaxLegs
                && books.Count == market.Conditions.Length && books.All(book => IsUsable(book, policy)))
                Consider(new Candidate(BasketKind.AllYes, [.. books.Select(book => new CandidateLeg(book, Outcome.Yes))], 1));
        }

        return candidates.OrderByDescending(found => found.Edge).Select(found => found.Candidate);

        void Consider(Candidate candidate)
        {
            var edge = candidate.PayoutDollars * 1_000_000L - policy.FailureBuffer.Micros;
            foreach (var leg in candidate.Legs)
            {
                if (leg.Asks.Count == 0) return;
                edge -= leg.BestCost;
            }

            if (edge > policy.MinEdge.Micros) candidates.Add((candidate, edge));
        }
    }

    /// <summary>
    /// The NOs of any m conditions pay at least m - 1 together, so a leg earns its place when 1 - ask (the YES bid)
    /// exceeds its fee; of those the best.
    /// </summary>
    private static ImmutableArray<CandidateLeg> BestNoLegs(IReadOnlyList<ConditionBook> books, EdgePolicy policy)
    {
        var worth = new List<CandidateLeg>(books.Count);
        foreach (var book in books)
        {
            if (!IsUsable(book, policy)) continue;
            var leg = new CandidateLeg(book, Outcome.No);
            if (leg.BestCost < 1_000_000) worth.Add(leg);
        }

        worth.Sort((left, right) => left.BestCost.CompareTo(right.BestCost));
        return [.. worth.Take(policy.MaxLegs)];
    }

    private static bool IsUsable(ConditionBook book, EdgePolicy policy) =>
        book.Life is BookLife.Synced && book.Condition is { IsTradable: true, Fee: not null }
        && (policy.AllowDelayed || !book.Condition.DelaysTakers);
}

/// <summary>Whether an event's listed questions cover every outcome. No field of the venue says so.</summary>
public static class Exhaustiveness
{
    /// <summary>
    /// Nothing hidden, no Other, question indices 0..n-1 without a gap, every condition tradable. The operator's list is asked for as well:
    /// a last question that the venue does not name leaves no gap.
    /// </summary>
    public static bool Holds(Market market)
    {
        if (!market.IsWhole || market.IsAugmented) return false;

        var expected = 0;
        foreach (var condition in market.Conditions.OrderBy(condition => condition.QuestionIndex))
        {
            if (condition.QuestionIndex != expected++ || !condition.IsTradable) return false;
        }

        return expected > 1;
    }
}
