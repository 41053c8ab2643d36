namespace PolyArb.Domain;

/// <summary>A part of a whole, or one amount as a multiple of another, in millionths.</summary>
public readonly record struct Share(long Millionths) : IComparable<Share>
{
    public const int Decimals = 6;
    public static readonly Share Zero = new(0);
    public static readonly Share Whole = new(1_000_000);

    public static Share Percent(int percent) => new(percent * 10_000L);

    /// <summary>Rounded toward zero; null where there is nothing to be a part of.</summary>
    public static Share? Of(long part, long whole) => whole > 0 ? new Share((long)((Int128)part * 1_000_000 / whole)) : null;

    public int CompareTo(Share other) => Millionths.CompareTo(other.Millionths);

    public override string ToString() => FixedPoint.Format(Millionths, Decimals);

    public static bool operator <(Share left, Share right) => left.Millionths < right.Millionths;

    public static bool operator >(Share left, Share right) => left.Millionths > right.Millionths;

    public static bool operator <=(Share left, Share right) => left.Millionths <= right.Millionths;

    public static bool operator >=(Share left, Share right) => left.Millionths >= right.Millionths;
}
