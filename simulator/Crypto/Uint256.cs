using System.Globalization;
using System.Numerics;

namespace PolyArb.Simulator.Crypto;

/// <summary>The chain's unsigned integers as decimal text; what does not fit into 32 bytes is none.</summary>
internal static class Uint256
{
    private const int DigitsMax = 78;

    public static bool TryParse(string text, out BigInteger number)
    {
        number = BigInteger.Zero;
        return text.Length <= DigitsMax && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number.GetByteCount(isUnsigned: true) <= 32;
    }
}
