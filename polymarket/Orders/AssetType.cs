using System.Globalization;
using System.Numerics;
using PolyArb.Domain;

namespace PolyArb.Polymarket.Orders;

/// <summary>Which kind of asset the venue is asked about (protocol sheet 0.2, 7.9).</summary>
internal static class AssetType
{
    public const string Collateral = "COLLATERAL";

    private const int ModuleAt = 248;
    private const int ReservedAt = 40;

    /// <summary>A token's id tells by its own bits: a module of 1 to 3 on top and 64 zeros in the middle is a position of Protocol V2.</summary>
    public static string Of(TokenId token)
    {
        var id = BigInteger.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : BigInteger.Zero;
        return id >> ModuleAt is var module && module >= 1 && module <= 3 && ((id >> ReservedAt) & ulong.MaxValue).IsZero ? "CONDITIONAL-V2" : "CONDITIONAL";
    }
}
