namespace PolyArb.Domain.Names;

/// <summary>One of the names that a person may call a market by: an id, a slug, a question, an event's number.</summary>
/// <param name="Condition">Which of its conditions is meant; null for all of it.</param>
public readonly record struct MarketName(string Text, ConditionId? Condition = null);

/// <summary>What a person seems to mean.</summary>
/// <param name="Number">Of the market, in the order they were given.</param>
public readonly record struct NameHit(int Number, MarketName Name);

/// <param name="IsExact">The name as it is, but for upper and lower case; else it is a part of what was found.</param>
public sealed record NameMatch(bool IsExact, IReadOnlyList<NameHit> Hits)
{
    public static readonly NameMatch None = new(false, []);
}
