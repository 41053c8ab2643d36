namespace PolyArb.Domain.Edges;

/// <summary>
/// The taker fee of one market: shares x rate x (p(1-p))^exponent, makers pay nothing
/// (`fd` of /clob-markets; protocol sheet 8). The rate is in millionths.
/// </summary>
public readonly record struct FeeCurve(int RateMicros, int Exponent)
{
    /// <summary>The venue charges whole hundred-thousandths of a dollar.</summary>
    private const int ChargeUnitMicros = 10;

    public static readonly FeeCurve Free = new(0, 1);

    /// <summary>What the venue charges for one execution: exact over its legs, then half up to 5 decimals.</summary>
    public Usd Charge(ReadOnlySpan<Level> legs) => Rounded(legs, halfUp: true);

    public Usd Charge(Price price, Size size) => Charge([new Level(price, size)]);

    /// <summary>At least what the venue may charge, however it splits or rounds. For edges and reserves.</summary>
    public Usd Worst(ReadOnlySpan<Level> legs) => Rounded(legs, halfUp: false);

    public Usd Worst(Price price, Size size) => Worst([new Level(price, size)]);

    private Usd Rounded(ReadOnlySpan<Level> legs, bool halfUp)
    {
        if (RateMicros == 0) return Usd.Zero;

        Int128 scale = 1_000_000; // The rate's own.
        for (var i = 0; i < Exponent; i++) scale *= (long)Price.TicksPerDollar * Price.TicksPerDollar;

        Int128 sum = 0;
        foreach (var (price, size) in legs)
        {
            var variance = (Int128)price.Ticks * (Price.TicksPerDollar - price.Ticks);
            var term = (Int128)size.Micros * RateMicros;
            for (var i = 0; i < Exponent; i++) term *= variance;
            sum += term;
        }

        var unit = scale * ChargeUnitMicros;
        var units = (sum + (halfUp ? unit / 2 : unit - 1)) / unit;
        return new Usd((long)units * ChargeUnitMicros);
    }
}
