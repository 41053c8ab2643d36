using System.Globalization;
using System.Text;

namespace PolyArb.Domain;

/// <summary>Decimal text ("0.505", "1250.5") as a scaled integer and back. No floating point on the way.</summary>
public static class FixedPoint
{
    /// <summary>The largest number of digits that surely fits a long.</summary>
    private const int DigitsMax = 18;

    private static readonly long[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000,
        10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>Reads plain non-negative decimal text. False for anything else, also for more decimals than fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int decimals, out long scaled)
    {
        scaled = 0;
        var whole = 0;
        while (whole < text.Length && whole < DigitsMax && IsDigit(text[whole])) scaled = scaled * 10 + (text[whole++] - '0');
        if (whole == 0 || whole + decimals > DigitsMax) return false;

        var rest = text[whole..];
        if (!rest.IsEmpty && (rest[0] != (byte)'.' || rest.Length == 1)) return false;

        if (!rest.IsEmpty) rest = rest[1..];
        var shown = 0;
        while (shown < rest.Length && shown < decimals && IsDigit(rest[shown])) scaled = scaled * 10 + (rest[shown++] - '0');
        scaled *= PowersOfTen[decimals - shown];
        return shown == rest.Length || !rest[shown..].ContainsAnyExcept((byte)'0');
    }

    private static bool IsDigit(byte letter) => letter is >= (byte)'0' and <= (byte)'9';

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
        var written = 0;
        if (scaled < 0) into[written++] = (byte)'-';

        var (whole, rest) = Math.DivRem(unchecked(scaled < 0 ? 0 - (ulong)scaled : (ulong)scaled), (ulong)PowersOfTen[decimals]);
        whole.TryFormat(into[written..], out var digits, default, CultureInfo.InvariantCulture);
        written += digits;
        if (rest == 0) return written;

        for (; rest % 100 == 0; rest /= 100) decimals -= 2;
        if (rest % 10 == 0) (rest, decimals) = (rest / 10, decimals - 1);

        into[written] = (byte)'.';
        for (var i = decimals; i > 0; i--, rest /= 10) into[written + i] = (byte)('0' + rest % 10);
        return written + 1 + decimals;
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
