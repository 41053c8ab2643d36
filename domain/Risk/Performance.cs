namespace PolyArb.Domain.Risk;

/// <summary>How we do, in dollars, by the same figures as the breakers judge.</summary>
/// <param name="IsWhole">False: something held has no proven bid and counts at what it cost.</param>
/// <param name="Hourly">Profit within the last hour, or since the baseline; null before the first sample.</param>
/// <param name="Drawdown">Below the highest since the baseline, zero or more.</param>
public sealed record Performance(Usd Equity, bool IsWhole, Usd? Hourly, Usd? Daily, Usd? Drawdown)
{
    public static Performance Of(RiskState state, Instant now)
    {
        var profit = state.Profit;
        return new Performance(
            state.Equity, state.Worth.IsWhole,
            state.Trail.Over(TimeSpan.FromHours(1), profit, now),
            state.Trail.Over(TimeSpan.FromHours(24), profit, now),
            state.Trail.Peak is { } peak ? new Usd(Math.Max(0, (peak - profit).Micros)) : null);
    }
}
