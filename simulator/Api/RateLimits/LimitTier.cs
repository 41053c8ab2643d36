namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>A volume tier (protocol 9.2): the pUSD traded in 30 days that it takes, and the two buckets it gives.</summary>
/// <param name="Overdraft">The cancel bucket may go below zero.</param>
internal sealed record LimitTier(string Name, long Volume, long OrderRate, long OrderBurst, long CancelRate, long CancelBurst, bool Overdraft)
{
    public static readonly IReadOnlyList<LimitTier> All =
    [
        new("Standard", 0, 40, 60, 80, 120, true),
        new("Copper", 30_000, 60, 90, 120, 180, true),
        new("Bronze", 50_000, 80, 120, 160, 240, true),
        new("Silver", 100_000, 200, 300, 400, 600, true),
        new("Gold", 500_000, 400, 600, 800, 1_200, true),
        new("Platinum", 2_500_000, 450, 675, 900, 1_350, false),
        new("Diamond", 5_000_000, 525, 787, 1_050, 1_575, false),
        new("Elite", 10_000_000, 600, 900, 1_200, 1_800, false),
    ];

    public static LimitTier For(long volume) => All.Last(t => volume >= t.Volume);
}
