using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>
/// The set of one market that is nearest to being worth buying, for one basket at the best prices, whether it clears the threshold or not.
/// For who looks: nothing is decided by it.
/// </summary>
/// <param name="Threshold">It is traded only above this, dollars a basket.</param>
/// <param name="IsTrusted">Every book in it is proven and settled.</param>
public sealed record EdgeLook(BasketKind Kind, EdgeTerms Terms, Usd Threshold, ImmutableArray<LookedLeg> Legs, bool IsTrusted)
{
    public bool Clears => Terms.Executable > Threshold;

    /// <summary>Null where no set is offered: a side is empty, a book is not whole, or a fee is unknown.</summary>
    /// <param name="books">Of the market's conditions. Nothing changes in them.</param>
    /// <param name="buffer">Taken off every edge, per basket; the policy's own at the least.</param>
    public static EdgeLook? Nearest(Market market, IReadOnlyList<ConditionBook> books, EdgePolicy policy, Usd buffer, Instant now)
    {
        EdgeLook? nearest = null;
        foreach (var candidate in Candidates(market, books, policy))
        {
            var look = Of(candidate, policy, buffer, now);
            if (nearest is null || look.Terms.Executable > nearest.Terms.Executable) nearest = look;
        }

        return nearest;
    }

    private static IEnumerable<Candidate> Candidates(Market market, IReadOnlyList<ConditionBook> books, EdgePolicy policy)
    {
        var usable = books.Where(book => book.Life is BookLife.Synced && policy.MayTake(book.Condition)).ToArray();
        var nos = Offered(usable, Outcome.No);
        var yeses = Offered(usable, Outcome.Yes);
        foreach (var yes in yeses)
        {
            if (nos.FirstOrDefault(no => no.Book == yes.Book) is { } no) yield return new Candidate(BasketKind.Pair, Side.Buy, [yes, no]);
        }

        if (market.NegRisk && nos.Length >= 2) yield return new Candidate(BasketKind.No, Side.Buy, [.. Cheapest(nos, policy.MaxLegs)]);

        if (market.NegRisk && policy.Exhaustive(market) is not null && yeses.Length == market.Conditions.Length && yeses.Length <= policy.MaxLegs)
            yield return new Candidate(BasketKind.AllYes, Side.Buy, [.. yeses]);
    }

    private static CandidateLeg[] Offered(ConditionBook[] books, Outcome outcome) =>
        [.. books.Select(book => new CandidateLeg(book, outcome)).Where(leg => leg.Asks.Count > 0)];

    /// <summary>Those that add something, the best first; the best two at the least, which make a set.</summary>
    private static IEnumerable<CandidateLeg> Cheapest(CandidateLeg[] nos, int legsMax)
    {
        var ordered = nos.OrderBy(leg => leg.BestNet(Side.Buy)).ToArray();
        return ordered.Take(Math.Clamp(ordered.Count(leg => leg.BestNet(Side.Buy) < 1_000_000), 2, legsMax));
    }

    private static EdgeLook Of(Candidate candidate, EdgePolicy policy, Usd buffer, Instant now)
    {
        CandidateLeg[] legs = [.. candidate.Legs];
        var rule = EdgeRule.Of(candidate, legs, policy, buffer, now);
        var terms = rule.At(rule.Best, new Usd(legs.Sum(leg => leg.Fee.PerShare(leg.Asks.FromTop(0).Price))));
        return new EdgeLook(
            candidate.Kind, terms, policy.MinEdge,
            [.. legs.Select(leg => new LookedLeg(leg.Book.Condition.Id, leg.Outcome, leg.Asks.FromTop(0)))], legs.All(leg => leg.Book.LooksTrusted));
    }
}

/// <param name="Best">What is offered at the best price.</param>
public sealed record LookedLeg(ConditionId Condition, Outcome Outcome, Level Best);
