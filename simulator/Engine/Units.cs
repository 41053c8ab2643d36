using System.Globalization;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// Integers for money. A price is in 1/10,000 pUSD a share; sizes and pUSD are in millionths (protocol 0.1: six decimals each).
/// The wire writes decimals without trailing zeros (protocol 3).
/// </summary>
internal static class Units
{
    public const int PriceOne = 10_000;
    public const long MicrosOne = 1_000_000;

    /// <summary>Price text without trailing zeros: 9000 is "0.9".</summary>
    public static string Price(int price) => Fixed(price, 4);

    /// <summary>Size or money text without trailing zeros: 21040000 is "21.04".</summary>
    public static string Micros(long micros) => Fixed(micros, 6);

    /// <summary>The venue writes a last trade with three decimals, "0.550" (design 2.2); four only where the tick needs them.</summary>
    public static string LastTrade(int? price)
    {
        if (price is not { } value) return "";
        return value % 10 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{value / PriceOne}.{value % PriceOne / 10:000}")
            : string.Create(CultureInfo.InvariantCulture, $"{value / PriceOne}.{value % PriceOne:0000}");
    }

    /// <summary>What s micro-shares cost at a price, rounded down to a millionth of a pUSD.</summary>
    public static long Notional(long shares, int price) => checked((long)((Int128)shares * price / PriceOne));

    /// <summary>The most micro-shares that an amount of pUSD pays for at a price.</summary>
    public static long Affordable(long collateral, int price) => checked((long)((Int128)collateral * PriceOne / price));

    /// <summary>What must be set aside for s micro-shares at a price, rounded up.</summary>
    public static long NotionalUp(long shares, int price) => checked((long)(((Int128)shares * price + PriceOne - 1) / PriceOne));

    /// <summary>Reads an unsigned decimal integer as the order body carries it.</summary>
    public static bool TryAmount(string? text, out long amount)
    {
        amount = 0;
        return text is { Length: > 0 and <= 16 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out amount);
    }

    /// <summary>Reads decimal text with at most six places as millionths.</summary>
    public static bool TryMicros(string text, out long micros)
    {
        micros = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        return whole.Length is > 0 and <= 12 && fraction.Length <= 6 && (point < 0 || fraction.Length > 0)
            && long.TryParse(whole + fraction.PadRight(6, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out micros);
    }

    /// <summary>A ratio in decimals, at most <paramref name="digits"/> of them, cut off: for error texts only.</summary>
    public static string Ratio(long numerator, long denominator, int digits)
    {
        var whole = numerator / denominator;
        var rest = (Int128)(numerator % denominator);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        if (rest == 0) return text;

        Span<char> fraction = stackalloc char[digits];
        for (var i = 0; i < digits; i++)
        {
            rest *= 10;
            fraction[i] = (char)('0' + (int)(rest / denominator));
            rest %= denominator;
        }

        return string.Concat(text, ".", fraction.TrimEnd('0'));
    }

    private static string Fixed(long value, int decimals)
    {
        if (value < 0) return "-" + Fixed(-value, decimals);

        Span<char> buffer = stackalloc char[32];
        var end = buffer.Length;
        var start = end;
        for (var i = 0; i < decimals; i++)
        {
            buffer[--start] = (char)('0' + (int)(value % 10));
            value /= 10;
        }

        while (end > start && buffer[end - 1] == '0') end--;
        if (end > start) buffer[--start] = '.';
        do
        {
            buffer[--start] = (char)('0' + (int)(value % 10));
            value /= 10;
        }
        while (value > 0);
        return new string(buffer[start..end]);
    }
}
