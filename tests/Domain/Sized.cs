using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Tests.Domain;

/// <summary>What the evaluator finds in some books and how the sizer sizes it; a test states what differs from a neg-risk event without stock.</summary>
internal sealed record Sized
{
    public Sized(params ConditionBook[] books) => (Books, Market) = ([.. books], Given.Market([.. books.Select(book => book.Condition)]));

    public ImmutableArray<ConditionBook> Books { get; init; }

    public Market Market { get; init; }

    public EdgePolicy Policy { get; init; } = Given.Policy;

    public ImmutableArray<Stock> Stocks { get; init; } = [];

    public Usd? Buffer { get; init; }

    public Believed Believed { get; init; }

    public IReadOnlyList<Candidate> Candidates => new EdgeEvaluator(Market, Books, Policy).Find(Believed, Stocks, Buffer ?? Policy.FailureBuffer);

    public Basket? Basket => BasketSizer.Best(Candidates, Market.Id, Policy, Buffer ?? Policy.FailureBuffer, new BasketId("b-1"), Given.Noon);

    /// <summary>The only candidate of this kind and side; null when there is none.</summary>
    public Candidate? Of(BasketKind kind, Side side) => Candidates.SingleOrDefault(candidate => candidate.Kind == kind && candidate.Side == side);

    /// <summary>The same with so many shares of every token of that outcome in stock.</summary>
    public Sized Holding(Outcome outcome, string shares) => this with
    {
        Stocks = [.. Stocks, .. Books.Select(book => new Stock(book.Condition.Token(outcome), Size.Parse(shares), Usd.Zero))],
    };

    /// <summary>The same with the event vouched for.</summary>
    public Sized Vouched() => this with { Policy = Policy with { AllYes = [Market.Id] } };
}
