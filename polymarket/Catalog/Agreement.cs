using PolyArb.Domain;

namespace PolyArb.Polymarket.Catalog;

/// <summary>A condition after both sources were heard.</summary>
/// <param name="IsRead">It is known in full, whether or not it may be traded.</param>
internal sealed record Judged(GammaMarket Listed, Condition? Condition, string? Problem, bool IsRead);

/// <summary>
/// Gamma against `/clob-markets` (protocol sheet 2.3, 8). Tick and minimum size are the order book's; a contradiction about anything else
/// closes the condition.
/// </summary>
internal static class Agreement
{
    /// <summary>As the list has it: no fee, so nothing to trade yet.</summary>
    public static Judged Unheard(GammaMarket listed) => new(listed, listed.Condition, listed.Problem, listed.Condition is not null);

    public static Judged Judge(GammaMarket listed, TradingTerms? terms, string why)
    {
        if (listed.Condition is not { IsTradable: true } condition) return Unheard(listed);
        if (terms is null) return Closed(why);
        if (Contradiction(listed, condition, terms) is { } contradiction) return Closed(contradiction);

        var fee = FeeWord.Agreed(listed.Fee, terms.Says, out var disagreement);
        var heard = condition with
        {
            Fee = fee,
            Tick = terms.Tick ?? condition.Tick,
            MinOrderSize = terms.MinOrderSize ?? condition.MinOrderSize,
            DelaysTakers = condition.DelaysTakers || terms.DelaysTakers,
        };
        return new Judged(listed, heard, disagreement, fee is not null);

        Judged Closed(string reason) => new(listed, condition with { IsTradable = false }, reason, IsRead: false);
    }

    /// <summary>Kept terms are worth asking for again when Gamma has moved on, or when the end is near: it may never be announced.</summary>
    public static bool IsBelieved(GammaMarket listed, TradingTerms terms, Instant now) =>
        Judge(listed, terms, "").Problem is null && (terms.Tick is null || terms.Tick == listed.Condition?.Tick) && !(listed.EndsAt <= now);

    private static string? Contradiction(GammaMarket listed, Condition condition, TradingTerms terms)
    {
        if (terms.Protocol != condition.Protocol) return $"protocol version {condition.Protocol} at Gamma, {terms.Protocol} at the order book";
        if (!terms.Tokens.AsSpan().SequenceEqual([condition.Yes, condition.No])) return "Gamma and the order book name other tokens";
        if (GammaCondition.Is(terms.Labels, listed.Labels[1], listed.Labels[0])) return "Gamma and the order book pair tokens and outcomes the other way round";
        if (terms.NegRisk != condition.NegRisk) return "Gamma and the order book disagree about neg-risk";
        if (terms.Tick is { } tick && !GammaCondition.IsTick(tick)) return $"'{tick}' is not a price step";
        return terms.AcceptsOrders ? null : "the order book accepts no orders";
    }
}
