namespace PolyArb.Domain;

/// <summary>Money in millionths of a dollar of collateral.</summary>
public readonly record struct Usd(long Micros) : IComparable<Usd>
{
    public const int Decimals = 6;
    public static readonly Usd Zero = new(0);

    public static Usd Dollars(long dollars) => new(dollars * 1_000_000);

    public static Usd Cents(long cents) => new(cents * 10_000);

    /// <summary>What a buyer pays. Rounds up: rounding never flatters an edge.</summary>
    public static Usd Cost(Price price, Size size)
    {
        var product = (Int128)price.Ticks * size.Micros;
        return new Usd((long)((product + Price.TicksPerDollar - 1) / Price.TicksPerDollar));
    }

    /// <summary>What a seller receives. Rounds down, for the same reason.</summary>
    public static Usd Proceeds(Price price, Size size) =>
        new((long)((Int128)price.Ticks * size.Micros / Price.TicksPerDollar));

    /// <summary>A payout of whole dollars a share.</summary>
    public static Usd Payout(int dollarsPerShare, Size size) => new(dollarsPerShare * size.Micros);

    public Usd FloorToCent => new(Micros / 10_000 * 10_000);

    public static bool TryParse(ReadOnlySpan<byte> text, out Usd usd)
    {
        var ok = FixedPoint.TryParse(text, Decimals, out var micros);
        usd = new Usd(micros);
        return ok;
    }

    public static Usd Parse(string text)
    {
        var negative = text.StartsWith('-');
        return FixedPoint.TryParse(negative ? text[1..] : text, Decimals, out var micros)
            ? new Usd(negative ? -micros : micros)
            : throw new FormatException($"not an amount of dollars with at most 6 decimals: '{text}'");
    }

    public static Usd Min(Usd left, Usd right) => left.Micros <= right.Micros ? left : right;

    public int CompareTo(Usd other) => Micros.CompareTo(other.Micros);

    public override string ToString() => FixedPoint.Format(Micros, Decimals);

    public static Usd operator +(Usd left, Usd right) => new(left.Micros + right.Micros);

    public static Usd operator -(Usd left, Usd right) => new(left.Micros - right.Micros);

    public static Usd operator -(Usd usd) => new(-usd.Micros);

    public static bool operator <(Usd left, Usd right) => left.Micros < right.Micros;

    public static bool operator >(Usd left, Usd right) => left.Micros > right.Micros;

    public static bool operator <=(Usd left, Usd right) => left.Micros <= right.Micros;

    public static bool operator >=(Usd left, Usd right) => left.Micros >= right.Micros;
}
