using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>Baskets worth trading in the books of one market, and the ones that only look so: those are noted as phantoms.</summary>
public sealed class BasketFinder(Market market, ImmutableArray<ConditionBook> books, EdgePolicy policy)
{
    private readonly EdgeEvaluator _edges = new(market, books, policy);
    private readonly Dictionary<ConditionId, ConditionBook> _byCondition = books.ToDictionary(book => book.Condition.Id);

    /// <summary>Edges on books that could not be trusted. Never traded.</summary>
    public PhantomLog Phantoms { get; } = new();

    /// <summary>The best basket in books that are proven and settled; almost always none.</summary>
    /// <param name="stocks">What may be sold.</param>
    /// <param name="buffer">Taken off every edge, dollars a basket.</param>
    public Basket? Find(ImmutableArray<Stock> stocks, Usd buffer, Instant now)
    {
        if (_edges.IsUnsettled) return null;

        var found = Best(Believed.Trusted, stocks, buffer, now);
        if (policy.ProofCheck is ProofCheck.BeforeTrade && _edges.IsUnsettled) return null; // By what was just compared.

        var isPlausible = found?.IsPlausible(policy.MaxPlausibleEdgeBps) == true;
        Phantoms.Note(isPlausible ? null : found is not null ? PhantomLog.Implausible : Doubt(stocks, buffer, now), now);
        return isPlausible ? found : null;
    }

    /// <summary>The best basket to be bought now, sized by another policy; notes nothing.</summary>
    public Basket? Peek(EdgePolicy sizing, Usd buffer, Instant now)
    {
        if (_edges.IsUnsettled) return null;

        var candidates = _edges.Find(Believed.LooksTrusted, stocks: [], buffer);
        if (candidates.Count == 0) return null;

        var found = BasketSizer.Best(candidates, market.Id, sizing, buffer, NewId(now), now);
        return found?.IsPlausible(policy.MaxPlausibleEdgeBps) == true ? found : null;
    }

    /// <summary>Something might be bought now: what <see cref="Peek"/> would look at more closely.</summary>
    public bool IsWorthALook(Usd buffer) => !_edges.IsUnsettled && _edges.Find(Believed.LooksTrusted, stocks: [], buffer).Count > 0;

    /// <summary>The books turn out to be wrong for this cause: an edge they show now never was.</summary>
    public void Expose(string cause, ImmutableArray<Stock> stocks, Usd buffer, Instant now)
    {
        if (Best(Believed.Synced, stocks, buffer, now) is not null) Phantoms.Note(cause, now);
    }

    /// <summary>Would there be a basket if the books were believed? Then why they are not.</summary>
    private string? Doubt(ImmutableArray<Stock> stocks, Usd buffer, Instant now)
    {
        if (!_edges.HasDoubts || Best(Believed.Synced, stocks, buffer, now) is not { } basket) return null;

        return basket.Legs.Select(leg => _byCondition[leg.Condition]).FirstOrDefault(book => !book.Prove()) switch
        {
            null => null,
            { Book.IsCrossed: true } => PhantomLog.Crossed,
            { IsSkewed: true } => PhantomLog.Skew,
            { Proof: ProofState.Failed } => PhantomLog.FailedProof,
            _ => PhantomLog.Unproven,
        };
    }

    private Basket? Best(Believed believed, ImmutableArray<Stock> stocks, Usd buffer, Instant now)
    {
        var candidates = _edges.Find(believed, stocks, buffer);
        return candidates.Count == 0 ? null : BasketSizer.Best(candidates, market.Id, policy, buffer, NewId(now), now);
    }

    /// <summary>One taker basket of a market is open at a time, so its clock names it.</summary>
    private BasketId NewId(Instant now)
    {
        var text = market.Id.Text.StartsWith("0x", StringComparison.Ordinal) ? market.Id.Text[2..] : market.Id.Text;
        return new BasketId($"b-{text[..Math.Min(10, text.Length)]}-{now.Micros:x}");
    }
}
