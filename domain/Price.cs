namespace PolyArb.Domain;

/// <summary>Dollars per share in ten-thousandths. Every tick of the venue is a whole multiple of it.</summary>
public readonly record struct Price(int Ticks) : IComparable<Price>
{
    public const int TicksPerDollar = 10_000;
    public const int Decimals = 4;

    public static Price Cents(int cents) => new(cents * 100);

    /// <summary>What the other token of the condition costs: a YES bid at p is a NO ask at 1 - p.</summary>
    public Price Complement => new(TicksPerDollar - Ticks);

    /// <summary>Strictly inside the book: neither free nor certain.</summary>
    public bool IsInside => Ticks is > 0 and < TicksPerDollar;

    public bool IsOn(Price tick) => Ticks % tick.Ticks == 0;

    /// <summary>The lowest price of the grid that is not below it.</summary>
    public Price UpTo(Price tick) => new((Ticks + tick.Ticks - 1) / tick.Ticks * tick.Ticks);

    /// <summary>The highest price of the grid that is not above it.</summary>
    public Price DownTo(Price tick) => new(Ticks / tick.Ticks * tick.Ticks);

    public static bool TryParse(ReadOnlySpan<byte> text, out Price price)
    {
        price = default;
        if (!FixedPoint.TryParse(text, Decimals, out var scaled) || scaled > TicksPerDollar) return false;

        price = new Price((int)scaled);
        return true;
    }

    public static Price Parse(string text) =>
        FixedPoint.TryParse(text, Decimals, out var scaled) && scaled <= TicksPerDollar
            ? new Price((int)scaled)
            : throw new FormatException($"not a price between 0 and 1 with at most 4 decimals: '{text}'");

    public int CompareTo(Price other) => Ticks.CompareTo(other.Ticks);

    /// <summary>As the venue writes it: no trailing zeros.</summary>
    public override string ToString() => FixedPoint.Format(Ticks, Decimals);

    public static bool operator <(Price left, Price right) => left.Ticks < right.Ticks;

    public static bool operator >(Price left, Price right) => left.Ticks > right.Ticks;

    public static bool operator <=(Price left, Price right) => left.Ticks <= right.Ticks;

    public static bool operator >=(Price left, Price right) => left.Ticks >= right.Ticks;
}
