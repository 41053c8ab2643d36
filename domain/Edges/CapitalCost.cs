namespace PolyArb.Domain.Edges;

public enum CapitalKind
{
    Off,

    /// <summary>A yearly rate on the outlay, until the question is planned to be decided.</summary>
    Hold,

    /// <summary>What it costs to turn a complete basket into dollars: to merge a pair, to convert NOs.</summary>
    Merge,
}

public sealed record CapitalPolicy(CapitalKind Kind, int RateBpsPerYear, Usd MergeCost)
{
    public static readonly CapitalPolicy Off = new(CapitalKind.Off, 0, Usd.Zero);
}

/// <summary>What the dollars in one basket cost until they come back. Selling frees them at once and costs nothing.</summary>
/// <param name="PartsPerMillion">Of the outlay.</param>
/// <param name="Flat">Dollars per basket.</param>
public readonly record struct CapitalCost(long PartsPerMillion, Usd Flat)
{
    /// <summary>For a question whose end the venue does not say.</summary>
    private const int AssumedDays = 365;

    public Usd PerBasket(Usd outlay) => new(Flat.Micros + (long)(((Int128)outlay.Micros * PartsPerMillion + 999_999) / 1_000_000));

    /// <summary>As much as the slowest leg costs: the basket pays when all are decided.</summary>
    public static CapitalCost Of(CapitalPolicy policy, Side side, ReadOnlySpan<CandidateLeg> legs, Instant now)
    {
        if (side is Side.Sell || policy.Kind is CapitalKind.Off) return default;
        if (policy.Kind is CapitalKind.Merge) return new CapitalCost(0, policy.MergeCost);

        var wait = TimeSpan.Zero;
        foreach (var leg in legs)
        {
            var left = leg.Book.Condition.EndsAt is { } end ? end - now : TimeSpan.FromDays(AssumedDays);
            if (left > wait) wait = left;
        }

        // Basis points are 100 parts per million, and a year has 365 days.
        var yearTicks = TimeSpan.FromDays(365).Ticks;
        return new CapitalCost((long)(((Int128)policy.RateBpsPerYear * 100 * wait.Ticks + yearTicks - 1) / yearTicks), Usd.Zero);
    }
}
