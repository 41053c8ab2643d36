namespace PolyArb.Domain.Edges;

/// <summary>
/// The taker fee of one market: shares x rate x (p(1-p))^exponent, makers pay nothing
/// (`fd` of /clob-markets; protocol sheet 8). The rate is in millionths.
/// </summary>
public readonly record struct FeeCurve(int RateMicros, int Exponent)
{
    /// <summary>The venue charges whole hundred-thousandths of a dollar.</summary>
    private const int ChargeUnitMicros = 10;

    /// <summary>Of p(1-p), which is a whole number of these.</summary>
    private const long VarianceUnits = (long)Price.TicksPerDollar * Price.TicksPerDollar;

    public static readonly FeeCurve Free = new(0, 1);

    /// <summary>What the venue charges for one execution: exact over its legs, then half up to 5 decimals.</summary>
    public Usd Charge(ReadOnlySpan<Level> legs) => Rounded(Sum(legs), halfUp: true);

    public Usd Charge(Price price, Size size) => Charge([new Level(price, size)]);

    /// <summary>
    /// The market with this curve wherever its own is unknown: for a capture that carries no fees. Never for live trading, which does not guess.
    /// </summary>
    public static Market WithDefaultFee(Market market, int rateMicros) => market with
    {
        Conditions = [.. market.Conditions.Select(condition => condition with { Fee = condition.Fee ?? new FeeCurve(rateMicros, 1) })],
    };

    /// <summary>At least what the venue may charge, however it splits or rounds. For edges and reserves.</summary>
    public Usd Worst(ReadOnlySpan<Level> legs) => Worst(Sum(legs));

    public Usd Worst(Price price, Size size) => Worst(Exact(price, size));

    /// <summary>The fee of one share in micro-dollars, rounded up but not yet to the venue's unit: for comparing prices.</summary>
    public long PerShare(Price price)
    {
        if (RateMicros == 0) return 0;
        if (Exponent == 1) return (RateMicros * Variance(price) + VarianceUnits - 1) / VarianceUnits;

        var unit = Scale / 1_000_000;
        return (long)((Weight(price) + unit - 1) / unit);
    }

    /// <summary>An unrounded fee. Those of one market add up, and <see cref="Worst(Int128)"/> makes money of the sum.</summary>
    internal Int128 Exact(Price price, Size size)
    {
        if (RateMicros == 0) return 0;
        return Exponent == 1 ? Math.BigMul(size.Micros, RateMicros * Variance(price)) : size.Micros * Weight(price);
    }

    internal Usd Worst(Int128 exact) => Rounded(exact, halfUp: false);

    /// <summary>Fee of a micro-share in 1/<see cref="Scale"/> of a micro-dollar.</summary>
    private Int128 Weight(Price price)
    {
        Int128 weight = RateMicros;
        for (var i = 0; i < Exponent; i++) weight *= Variance(price);
        return weight;
    }

    private static long Variance(Price price) => (long)price.Ticks * (Price.TicksPerDollar - price.Ticks);

    private Int128 Scale
    {
        get
        {
            Int128 scale = 1_000_000;
            for (var i = 0; i < Exponent; i++) scale *= VarianceUnits;
            return scale;
        }
    }

    private Int128 Sum(ReadOnlySpan<Level> legs)
    {
        Int128 sum = 0;
        foreach (var (price, size) in legs) sum += Exact(price, size);
        return sum;
    }

    private Usd Rounded(Int128 exact, bool halfUp)
    {
        if (exact == 0) return Usd.Zero;
        if (Exponent == 1 && !halfUp && exact - 1 >> 15 is var shifted && shifted <= ulong.MaxValue)
        {
            // The unit is 10^15 = 2^15 x 5^15, and a division in two steps rounds down as one does: all in 64 bits.
            return new Usd(((long)((ulong)shifted / 30_517_578_125) + 1) * ChargeUnitMicros);
        }

        var unit = Scale * ChargeUnitMicros;
        var units = (exact + (halfUp ? unit / 2 : unit - 1)) / unit;
        return new Usd((long)units * ChargeUnitMicros);
    }
}
