using System.Numerics;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.World;

/// <summary>
/// Taker fee: shares x rate x (p(1-p))^exponent pUSD (protocol 8). The rate is in 1/10,000.
/// Sums exactly over the legs of a trade, then rounds half up to five decimals of a pUSD.
/// </summary>
internal sealed record FeeSchedule(int Rate, int Exponent)
{
    private const long Grain = 10; // Micros: the fee has five decimals.

    /// <summary>The fee in micros of one trade with these (micro-shares, price) legs.</summary>
    public long Charge(IEnumerable<(long Shares, int Price)> legs)
    {
        var numerator = BigInteger.Zero;
        foreach (var (shares, price) in legs)
        {
            numerator += (BigInteger)shares * Rate * BigInteger.Pow((BigInteger)price * (Units.PriceOne - price), Exponent);
        }

        var denominator = Units.PriceOne * BigInteger.Pow((BigInteger)Units.PriceOne * Units.PriceOne, Exponent);
        return checked((long)((2 * numerator + Grain * denominator) / (2 * Grain * denominator)) * Grain);
    }
}
