namespace PolyArb.Domain;

/// <summary>Shares in millionths. Negative only where a difference is meant.</summary>
public readonly record struct Size(long Micros) : IComparable<Size>
{
    public const int Decimals = 6;
    public static readonly Size Zero = new(0);

    public static Size Shares(long shares) => new(shares * 1_000_000);

    /// <summary>Down to a whole hundredth of a share, the venue's grid for order sizes.</summary>
    public Size FloorToHundredth => new(Micros / 10_000 * 10_000);

    public static bool TryParse(ReadOnlySpan<byte> text, out Size size)
    {
        var ok = FixedPoint.TryParse(text, Decimals, out var micros);
        size = new Size(micros);
        return ok;
    }

    public static Size Parse(string text) =>
        FixedPoint.TryParse(text, Decimals, out var micros)
            ? new Size(micros)
            : throw new FormatException($"not a number of shares with at most 6 decimals: '{text}'");

    public static Size Min(Size left, Size right) => left.Micros <= right.Micros ? left : right;

    public static Size Max(Size left, Size right) => left.Micros >= right.Micros ? left : right;

    public int CompareTo(Size other) => Micros.CompareTo(other.Micros);

    /// <summary>As the venue writes it: no trailing zeros.</summary>
    public override string ToString() => FixedPoint.Format(Micros, Decimals);

    public static Size operator +(Size left, Size right) => new(left.Micros + right.Micros);

    public static Size operator -(Size left, Size right) => new(left.Micros - right.Micros);

    public static bool operator <(Size left, Size right) => left.Micros < right.Micros;

    public static bool operator >(Size left, Size right) => left.Micros > right.Micros;

    public static bool operator <=(Size left, Size right) => left.Micros <= right.Micros;

    public static bool operator >=(Size left, Size right) => left.Micros >= right.Micros;
}
