using System.Globalization;
using System.Text;

namespace PolyArb.Domain;

/// <summary>Decimal text ("0.505", "1250.5") as a scaled integer and back. No floating point on the way.</summary>
public static class FixedPoint
{
    /// <summary>The largest number of digits that surely fits a long.</summary>
    private const int DigitsMax = 18;

    /// <summary>Reads plain non-negative decimal text. False for anything else, also for more decimals than fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int decimals, out long scaled)
    {
        scaled = 0;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (point >= 0 && fraction.IsEmpty) return false;

        fraction = fraction.TrimEnd((byte)'0');
        if (whole.IsEmpty || fraction.Length > decimals || whole.Length + decimals > DigitsMax) return false;

        foreach (var digit in whole)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            scaled = scaled * 10 + (digit - '0');
        }

        for (var i = 0; i < decimals; i++)
        {
            var digit = i < fraction.Length ? fraction[i] : (byte)'0';
            if (!char.IsAsciiDigit((char)digit)) return false;
            scaled = scaled * 10 + (digit - '0');
        }

        return true;
    }

    public static bool TryParse(string text, int decimals, out long scaled)
    {
        scaled = 0;
        if (text.Length > 40) return false;

        Span<byte> utf8 = stackalloc byte[text.Length * 3];
        return TryParse(utf8[..Encoding.UTF8.GetBytes(text, utf8)], decimals, out scaled);
    }

    /// <summary>Writes the venue's form, without trailing zeros ("0.9", "12", "0.000001"); returns the bytes written.</summary>
    public static int Format(long scaled, int decimals, Span<byte> into)
    {
        Span<byte> digits = stackalloc byte[20];
        var magnitude = (UInt128)Int128.Abs(scaled);
        var count = 0;
        do
        {
            digits[count++] = (byte)('0' + (int)(magnitude % 10));
            magnitude /= 10;
        }
        while (magnitude > 0 || count <= decimals);

        var written = 0;
        if (scaled < 0) into[written++] = (byte)'-';
        for (var i = count - 1; i >= decimals; i--) into[written++] = digits[i];

        var last = 0; // The lowest digit that is not a trailing zero.
        while (last < decimals && digits[last] == (byte)'0') last++;
        if (last == decimals) return written;

        into[written++] = (byte)'.';
        for (var i = decimals - 1; i >= last; i--) into[written++] = digits[i];
        return written;
    }

    public static string Format(long scaled, int decimals)
    {
        Span<byte> text = stackalloc byte[32];
        return Encoding.ASCII.GetString(text[..Format(scaled, decimals, text)]);
    }

    /// <summary>With all its decimals ("0.550" for 5500 of 4 decimals at 3): how the venue writes a last trade price.</summary>
    public static string Padded(long scaled, int decimals, int shown)
    {
        var text = Format(scaled, decimals);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var have = point < 0 ? 0 : text.Length - point - 1;
        if (have >= shown) return text;
        return string.Create(CultureInfo.InvariantCulture, $"{text}{(point < 0 ? "." : "")}{new string('0', shown - have)}");
    }
}
