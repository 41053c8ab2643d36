using System.Globalization;
using PolyArb.Domain;

namespace PolyArb.Tests.Polymarket;

/// <summary>
/// What the official client computes, in doubles as it does (protocol sheet 7.2, 7.3). Ours is exact; where the two differ,
/// this says that the double is to blame.
/// </summary>
internal static class ClientDoubles
{
    /// <summary>Maker and taker amount in millionths.</summary>
    public static (long Maker, long Taker) Limit(Side side, double price, double size, string tick)
    {
        var shares = Down(size, 2);
        var dollars = Computed(shares * HalfUp(price, PriceDecimals(tick)), tick);
        return side is Side.Buy ? (Micros(dollars), Micros(shares)) : (Micros(shares), Micros(dollars));
    }

    /// <summary>The amount is dollars for a BUY, shares for a SELL.</summary>
    public static (long Maker, long Taker) Market(Side side, double price, double amount, string tick)
    {
        var (given, worst) = (Down(amount, 2), Down(price, PriceDecimals(tick)));
        return (Micros(given), Micros(Computed(side is Side.Buy ? given / worst : given * worst, tick)));
    }

    /// <summary>The dollars of a BUY, less when the balance would not cover them and the fees.</summary>
    public static double WithinBalance(double dollars, double price, double balance, double feeRate, int feeExponent, double builderRate)
    {
        var spent = Math.Min(dollars, balance);
        var fee = spent / price * (feeRate * Math.Pow(price * (1 - price), feeExponent));
        var builderFee = spent * builderRate;
        return balance <= dollars + fee + builderFee ? Math.Max(balance - fee - builderFee, 0) : dollars;
    }

    public static double HalfUp(double value, int decimals) =>
        Decimals(value) <= decimals ? value : Math.Floor((value + Math.Pow(2, -52)) * Math.Pow(10, decimals) + 0.5) / Math.Pow(10, decimals);

    /// <summary>The shortest text that reads back as the same double, as JSON has it.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    public static int PriceDecimals(string tick) => tick switch
    {
        "0.1" => 1,
        "0.01" => 2,
        "0.005" or "0.001" => 3,
        "0.0025" or "0.0001" => 4,
        _ => throw new FormatException($"no tick of the venue: {tick}"),
    };

    private static double Computed(double value, string tick)
    {
        var decimals = PriceDecimals(tick) + 2;
        if (Decimals(value) <= decimals) return value;

        value = Decimals(value) <= decimals + 4 ? value : Math.Ceiling(value * Math.Pow(10, decimals + 4)) / Math.Pow(10, decimals + 4);
        return Down(value, decimals);
    }

    private static double Down(double value, int decimals) =>
        Decimals(value) <= decimals ? value : Math.Floor(value * Math.Pow(10, decimals)) / Math.Pow(10, decimals);

    private static int Decimals(double value)
    {
        var text = Plain(value);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : text.Length - point - 1;
    }

    private static long Micros(double value) => (long)Math.Round(decimal.Parse(Plain(value), CultureInfo.InvariantCulture) * 1_000_000m, MidpointRounding.AwayFromZero);

    /// <summary>Without an exponent.</summary>
    private static string Plain(double value) =>
        decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
