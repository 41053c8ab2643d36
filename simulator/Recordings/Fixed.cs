using System.Globalization;

namespace PolyArb.Simulator.Recordings;

/// <summary>Decimal text as a scaled integer; no floating point on the way.</summary>
internal static class Fixed
{
    /// <summary>In 1/10,000. Throws <see cref="FormatException"/>.</summary>
    public static int Price(string text) => checked((int)Parse(text, 4));

    /// <summary>In millionths. Throws <see cref="FormatException"/>.</summary>
    public static long Micros(string text) => Parse(text, 6);

    private static long Parse(string text, int decimals)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..].TrimEnd('0'));
        if (fraction.Length <= decimals && whole.Length + decimals <= 18
            && long.TryParse(whole + fraction.PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var scaled))
        {
            return scaled;
        }

        throw new FormatException($"\"{text}\" is no decimal number with up to {decimals} decimals");
    }
}
