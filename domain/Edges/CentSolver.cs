namespace PolyArb.Domain.Edges;

/// <summary>
/// Whole cents for every leg of a basket of FAK or FOK BUYs. A leg's fill is a step function of its cents, and a basket is worth its
/// smallest fill m. For a given m each leg spends the least that fills it, so profit rises with m until some leg needs one cent more: the best
/// m is a fill of some leg's whole cents. Those are tried from the largest down, until no rounding can win back what fewer baskets lose.
/// </summary>
internal static class CentSolver
{
    /// <summary>Fills tried, times legs: some microseconds.</summary>
    private const int WorkMax = 4_000;

    /// <summary>A leg's cents and fee are each rounded by less than one of its unit.</summary>
    private const long RoundingMicros = 20;

    /// <summary>Cents of every leg, or null where no whole cents keep the rules.</summary>
    public static long[]? Solve(ReadOnlySpan<CandidateLeg> legs, EdgeRule rule, Depth depth, EdgePolicy policy)
    {
        var steps = new CentSteps[legs.Length];
        for (var leg = 0; leg < legs.Length; leg++)
        {
            steps[leg] = new CentSteps(legs[leg], depth.Quantity);
            if (steps[leg].Cents < CentSteps.CentsMin) return null;
        }

        var least = Least(legs);
        var ceiling = depth.Profit.Micros + legs.Length * RoundingMicros;
        var (best, found) = (long.MinValue, default(long[]));
        for (var work = 0; work < WorkMax; work += legs.Length)
        {
            var (m, most, next, leg, spent, fees) = Look(steps);
            if (m < least) break;

            if (next < m || next < 0) // Else a leg still spends a cent that m does not need.
            {
                var profit = rule.Payout.Micros / 1_000_000 * m - spent - fees;
                if (profit > best && most - m <= policy.MaxLegMismatch.Micros && spent + fees <= policy.MaxBasketOutlay.Micros
                    && BasketSizer.Terms(rule, new Usd(spent), new Usd(fees), new Size(m)).Executable > policy.MinEdge)
                {
                    best = profit;
                    found ??= new long[legs.Length];
                    for (var i = 0; i < steps.Length; i++) found[i] = steps[i].Cents;
                }

                var lost = Math.BigMul(depth.Quantity.Micros - m, depth.Marginal) / 1_000_000;
                if (found is not null && lost > ceiling - best) break;
            }

            if (next < 0) break;
            steps[leg].Down();
        }

        return found;
    }

    internal static long Least(ReadOnlySpan<CandidateLeg> legs)
    {
        var least = 0L;
        foreach (var leg in legs) least = Math.Max(least, leg.Book.Condition.MinOrderSize.Micros);
        return least;
    }

    private static (long Least, long Most, long Next, int Leg, long Spent, long Fees) Look(ReadOnlySpan<CentSteps> steps)
    {
        var (least, most, next, leg, spent, fees) = (long.MaxValue, 0L, -1L, 0, 0L, 0L);
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var step = ref steps[i];
            least = Math.Min(least, step.Fill);
            most = Math.Max(most, step.Fill);
            spent += step.Cents * 10_000;
            fees += step.Fee;
            if (step.NextFill > next) (next, leg) = (step.NextFill, i);
        }

        return (least, most, next, leg, spent, fees);
    }
}

/// <summary>One leg's fill by its whole cents, walked downwards. Money is micros.</summary>
internal struct CentSteps
{
    public static readonly long CentsMin = OneLeg.Min.Micros / 10_000;

    private readonly CandidateLeg _leg;
    private readonly FeeCurve _curve;
    private int _level; // Where the cent after next is spent.
    private Price _price;
    private Size _size;
    private Size _sharesBefore;
    private Usd _costBefore;
    private Int128 _feeBefore;

    /// <summary>At the cents that this quantity needs, or fewer where only the next level would take the last of them.</summary>
    public CentSteps(CandidateLeg leg, Size quantity)
    {
        (_leg, _curve) = (leg, leg.Fee);
        (_price, _size) = leg.Asks.FromTop(0);
        while (_sharesBefore + _size < quantity)
        {
            _sharesBefore += _size;
            _costBefore += Usd.Cost(_price, _size);
            _feeBefore += _curve.Exact(_price, _size);
            (_price, _size) = leg.Asks.FromTop(++_level);
        }

        var needed = (_costBefore + Usd.Cost(_price, quantity - _sharesBefore)).Micros;
        var there = (_costBefore + Usd.Cost(_price, _size)).Micros;
        NextCents = Math.Min((needed + 9_999) / 10_000, there / 10_000);
        Find();
        Down();
    }

    /// <summary>What it spends now.</summary>
    public long Cents { get; private set; }

    /// <summary>Micro-shares those fill.</summary>
    public long Fill { get; private set; }

    public long Fee { get; private set; }

    /// <summary>Micro-shares with a cent less; -1 when that is too little for an order.</summary>
    public long NextFill { get; private set; }

    private long NextCents { get; set; }

    private long NextFee { get; set; }

    public void Down()
    {
        (Cents, Fill, Fee) = (NextCents, NextFill, NextFee);
        NextCents--;
        Find();
    }

    private void Find()
    {
        if (NextCents < CentsMin)
        {
            NextFill = -1;
            return;
        }

        var dollars = new Usd(NextCents * 10_000);
        while (dollars <= _costBefore)
        {
            (_price, _size) = _leg.Asks.FromTop(--_level);
            _sharesBefore -= _size;
            _costBefore -= Usd.Cost(_price, _size);
            _feeBefore -= _curve.Exact(_price, _size);
        }

        var here = Size.Min(_size, LegTake.Affordable(dollars - _costBefore, _price));
        NextFill = (_sharesBefore + here).Micros;
        NextFee = LegTake.Fees(_curve, _feeBefore + _curve.Exact(_price, here), _price, LegTake.Affordable(dollars, _price)).Worst.Micros;
    }
}
