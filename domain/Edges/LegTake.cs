using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Edges;

/// <summary>One leg's order in integers, and what it is expected to do to the book at hand.</summary>
/// <param name="Limit">Price of the last level it needs, or the next worse on a grid that became coarser.</param>
/// <param name="Gives">Signed: micro-dollars of a BUY, micro-shares of a SELL.</param>
/// <param name="Gets">Signed: micro-shares of a BUY, micro-dollars of a SELL.</param>
/// <param name="Amount">Dollars the shares are expected to cost or bring, before the fee.</param>
/// <param name="Fee">At the expected fills.</param>
/// <param name="WorstFee">The same, or that of everything at the limit where it is more.</param>
internal readonly record struct LegTake(Price Limit, long Gives, long Gets, Size Shares, Usd Amount, Usd Fee, Usd WorstFee)
{
    /// <summary>
    /// A BUY that spends these dollars, as FAK and FOK do: a better price buys more shares (protocol sheet 10.3). What it asks for at the
    /// least is rounded down to 4 decimals, so that the signed price is not below the limit (7.2). Null beyond the depth.
    /// </summary>
    public static LegTake? Spend(CandidateLeg leg, Usd dollars)
    {
        var asks = leg.Asks;
        var (shares, left) = (Size.Zero, dollars);
        Int128 fee = 0;
        for (var n = 0; n < asks.Count; n++)
        {
            var (price, size) = asks.FromTop(n);
            var cost = Usd.Cost(price, size);
            var taken = left < cost ? Size.Min(size, Affordable(left, price)) : size;
            (shares, left, fee) = (shares + taken, left - Usd.Min(left, cost), fee + leg.Fee.Exact(price, taken));
            if (left > Usd.Zero) continue;

            var limit = price.UpTo(leg.Book.Tick);
            var least = new Size(Affordable(dollars, limit).Micros / 100 * 100);
            var (expected, worst) = Fees(leg.Fee, fee, limit, Affordable(dollars, limit));
            return new LegTake(limit, dollars.Micros, least.Micros, shares, dollars, expected, worst);
        }

        return null;
    }

    /// <summary>
    /// An order for exactly these shares, whole hundredths: a GTC BUY, or any SELL. Their product with the limit is exact on every tick
    /// (7.2). Null beyond the depth.
    /// </summary>
    public static LegTake? Trade(CandidateLeg leg, Side side, Size shares)
    {
        var levels = leg.Levels(side);
        var (left, amount) = (shares, Usd.Zero);
        Int128 fee = 0;
        for (var n = 0; n < levels.Count; n++)
        {
            var (price, size) = levels.FromTop(n);
            var taken = Size.Min(size, left);
            amount += side is Side.Buy ? Usd.Cost(price, taken) : Usd.Proceeds(price, taken);
            (left, fee) = (left - taken, fee + leg.Fee.Exact(price, taken));
            if (left > Size.Zero) continue;

            var limit = side is Side.Buy ? price.UpTo(leg.Book.Tick) : price.DownTo(leg.Book.Tick);
            var dollars = Usd.Proceeds(limit, shares).Micros;
            var (expected, worst) = Fees(leg.Fee, fee, limit, shares);
            return side is Side.Buy
                ? new LegTake(limit, dollars, shares.Micros, shares, amount, expected, worst)
                : new LegTake(limit, shares.Micros, dollars, shares, amount, expected, worst);
        }

        return null;
    }

    public LegOrder Order(CandidateLeg leg, int index, int attempt, Side side, OrderType type) => new()
    {
        Leg = index,
        Attempt = attempt,
        Condition = leg.Book.Condition.Id,
        Token = leg.Book.Condition.Token(leg.Outcome),
        Outcome = leg.Outcome,
        NegRisk = leg.Book.Condition.NegRisk,
        Protocol = leg.Book.Condition.Protocol,
        Side = side,
        Type = type,
        Limit = Limit,
        MakerAmount = Gives,
        TakerAmount = Gets,
        WorstFee = WorstFee,
        Expected = Shares,
        ExpectedAmount = Amount,
    };

    /// <summary>What dollars buy at a price, to the millionth of a share.</summary>
    internal static Size Affordable(Usd dollars, Price price) => new(dollars.Micros * Price.TicksPerDollar / price.Ticks);

    internal static (Usd Expected, Usd Worst) Fees(FeeCurve curve, Int128 fee, Price limit, Size atLimit)
    {
        var (expected, worst) = (curve.Worst(fee), curve.Worst(limit, atLimit));
        return (expected, expected > worst ? expected : worst);
    }
}
