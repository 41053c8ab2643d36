namespace PolyArb.Domain.Edges;

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
