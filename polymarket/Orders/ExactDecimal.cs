using System.Globalization;
using System.Numerics;
using PolyArb.Domain;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// A price, a size or an amount as somebody wrote it, before it is rounded to what the venue takes: 0 or more, below a
/// trillion, exact to 24 decimals.
/// </summary>
public readonly record struct ExactDecimal
{
    private const int Decimals = 24;
    private const int WholeMax = 12;

    private static readonly UInt128[] Powers = [.. Enumerable.Range(0, Decimals + 1).Select(exponent => (UInt128)BigInteger.Pow(10, exponent))];

    private readonly UInt128 _units;

    private ExactDecimal(UInt128 units) => _units = units;

    /// <summary>"0.505", "12", and the "4.5e-7" that JavaScript writes. False for anything else and for what does not fit.</summary>
    public static bool TryParse(string text, out ExactDecimal value)
    {
        value = default;
        var exponent = text.IndexOf("e-", StringComparison.Ordinal);
        var shift = 0;
        if (exponent >= 0 && !int.TryParse(text.AsSpan(exponent + 2), NumberStyles.None, CultureInfo.InvariantCulture, out shift)) return false;

        var digits = exponent >= 0 ? text.AsSpan(0, exponent) : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.IsEmpty || whole.Length > WholeMax || (point >= 0 && fraction.IsEmpty) || shift > Decimals - fraction.Length) return false;

        UInt128 units = 0;
        if (!TryAppend(whole, ref units) || !TryAppend(fraction, ref units)) return false;

        value = new ExactDecimal(units * Powers[Decimals - fraction.Length - shift]);
        return true;
    }

    /// <summary>Down to so many decimals, as a whole number of them.</summary>
    internal long Floor(int decimals) => checked((long)(_units / Powers[Decimals - decimals]));

    /// <summary>To the nearest of so many decimals, the half up.</summary>
    internal long HalfUp(int decimals) => checked((long)((_units + Powers[Decimals - decimals] / 2) / Powers[Decimals - decimals]));

    internal bool IsBelow(Price price) => _units < ((ExactDecimal)price)._units;

    internal bool IsAbove(Price price) => _units > ((ExactDecimal)price)._units;

    public static implicit operator ExactDecimal(Price price) => new((UInt128)price.Ticks * Powers[Decimals - Price.Decimals]);

    public static implicit operator ExactDecimal(Size size) => new((UInt128)size.Micros * Powers[Decimals - Size.Decimals]);

    public static implicit operator ExactDecimal(Usd usd) => new((UInt128)usd.Micros * Powers[Decimals - Usd.Decimals]);

    /// <summary>As JavaScript prints it, so that refusals read alike: without trailing zeros, below a millionth as 4.5e-7.</summary>
    public override string ToString()
    {
        var text = _units.ToString("D25", CultureInfo.InvariantCulture);
        var digits = text.TrimStart('0');
        if (_units > 0 && _units < Powers[Decimals - 6])
        {
            var mantissa = digits.TrimEnd('0');
            return $"{mantissa[0]}{(mantissa.Length > 1 ? "." : "")}{mantissa[1..]}e-{Decimals - digits.Length + 1}";
        }

        var fraction = text[^Decimals..].TrimEnd('0');
        return fraction is "" ? text[..^Decimals] : $"{text[..^Decimals]}.{fraction}";
    }

    private static bool TryAppend(ReadOnlySpan<char> digits, ref UInt128 units)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            units = units * 10 + (uint)(digit - '0');
        }

        return true;
    }

}
