using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.World;

/// <summary>
/// The liquidity rewards of a market (protocol 2.1): orders of at least <see cref="MinSize"/> micro-shares, at most
/// <see cref="SpreadMax"/> (in 1/10,000) from the midpoint, share <see cref="PerDay"/> pUSD. Nothing is paid out here.
/// </summary>
internal sealed record RewardTerms(long MinSize, int SpreadMax, int PerDay)
{
    private static readonly RewardTerms Usual = new(50 * Units.MicrosOne, 350, 10);

    /// <summary>The one-cent markets that charge a fee have them; the others have none.</summary>
    public static RewardTerms? Of(Condition condition) => condition is { Tick: 100, Fee: not null } ? Usual : null;
}
