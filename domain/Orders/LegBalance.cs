using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Orders;

/// <summary>What to do next with an open basket.</summary>
public abstract record BalanceStep
{
    private BalanceStep()
    {
    }

    /// <summary>Something is on its way or not final yet.</summary>
    public sealed record Wait : BalanceStep;

    /// <summary>One closing order: more of a short leg, or less of a long one.</summary>
    public sealed record Send(Purpose Purpose, LegOrder Order) : BalanceStep;

    /// <summary>Every leg has matched; only the settlement is waited for.</summary>
    public sealed record Lock(Size Quantity, Usd Payout) : BalanceStep;

    public sealed record Close(BasketResult Result) : BalanceStep;
}

/// <summary>
/// The ladder of an open basket (design 7): equal legs are complete; a short leg is completed within its window and cap,
/// else the excess is sold within its cap, else held. One closing order at a time, and none below the venue's minimum.
/// </summary>
public static class LegBalance
{
    private const int AttemptsMax = 3;

    public static BalanceStep Decide(
        OpenBasket open, IReadOnlyList<CandidateLeg>? legs, EdgePolicy policy, Instant since, Instant now)
    {
        var (basket, orders) = (open.Basket, open.Orders);
        if (orders.Any(order => !order.IsClosed)) return new BalanceStep.Wait();

        var filled = Filled(basket, orders);
        var (least, most) = (filled.Min(), filled.Max());
        if (most - least <= policy.MaxLegMismatch)
        {
            if (orders.All(order => order.IsSettled)) return Close(basket, orders, filled);
            return open.IsLocked || least == Size.Zero ? new BalanceStep.Wait() : new BalanceStep.Lock(least, Worth(basket.Kind, filled));
        }

        if (legs is null) return new BalanceStep.Wait(); // Without prices the shortfall cannot be mended, and a person must look.
        if (now - since <= policy.CompletionWindow && Complete(basket, orders, legs, policy, filled) is { } completion) return completion;
        if (orders.Any(order => !order.IsSettled)) return new BalanceStep.Wait(); // Shares are sold once they are mined.

        return (BalanceStep?)Unwind(basket, orders, legs, policy, filled) ?? Close(basket, orders, filled);
    }

    /// <summary>Dollars certain whatever happens: the smallest leg, or for a NO basket everything but the largest (design 7).</summary>
    public static Usd Worth(BasketKind kind, IReadOnlyList<Size> filled) => kind is BasketKind.No
        ? new Usd(filled.Sum(size => size.Micros) - filled.Max().Micros)
        : new Usd(filled.Min().Micros);

    private static BalanceStep.Send? Complete(
        Basket basket, IReadOnlyList<LegNews> orders, IReadOnlyList<CandidateLeg> legs, EdgePolicy policy, Size[] filled)
    {
        var shortest = Array.IndexOf(filled, filled.Min());
        var attempt = 1 + orders.Where(order => order.Leg == shortest).Max(order => order.Attempt);
        if (HasTriedEnough(orders, shortest) || !legs[shortest].Book.IsTrusted) return null;

        var missing = (filled.Max() - filled[shortest]).FloorToHundredth;
        if (missing < legs[shortest].Book.Condition.MinOrderSize) return null;
        if (BasketSizer.TakeOrder(legs[shortest], shortest, missing, attempt) is not var (order, expected)) return null;

        var after = (Size[])filled.Clone();
        after[shortest] += expected;
        var loss = order.Outlay - (Worth(basket.Kind, after) - Worth(basket.Kind, filled));
        return loss <= Cap(basket, policy.CompletionCapBps) ? new BalanceStep.Send(Purpose.Complete, order) : null;
    }

    private static BalanceStep.Send? Unwind(
        Basket basket, IReadOnlyList<LegNews> orders, IReadOnlyList<CandidateLeg> legs, EdgePolicy policy, Size[] filled)
    {
        var longest = Array.IndexOf(filled, filled.Max());
        var attempt = 1 + orders.Where(order => order.Leg == longest).Max(order => order.Attempt);
        var book = legs[longest].Book;
        if (HasTriedEnough(orders, longest) || !book.IsTrusted) return null;

        var next = filled.Where((_, leg) => leg != longest).Max();
        var excess = (filled[longest] - (basket.Kind is BasketKind.No ? next : filled.Min())).FloorToHundredth;
        var (proceeds, left, limit) = (Usd.Zero, excess, default(Price));
        var bids = book.Open.Of(legs[longest].Outcome).Bids;
        for (var n = 0; n < bids.Count && left > Size.Zero; n++)
        {
            var (price, size) = bids.FromTop(n);
            var sold = Size.Min(size, left);
            proceeds += Usd.Proceeds(price, sold);
            (left, limit) = (left - sold, price);
        }

        if (excess < book.Condition.MinOrderSize || left > Size.Zero || proceeds < Usd.Dollars(1)) return null;

        var fee = legs[longest].Fee.Worst(limit, excess);
        var paid = orders.Where(order => order.Leg == longest && order.Side is Side.Buy).ToArray();
        var cost = new Usd((long)((Int128)paid.Sum(order => order.Money.Micros) * excess.Micros / Math.Max(1, paid.Sum(order => order.Matched.Micros))));
        if (cost - (proceeds - fee) > Cap(basket, policy.UnwindCapBps)) return null;

        return new BalanceStep.Send(Purpose.Unwind, new LegOrder
        {
            Leg = longest,
            Attempt = attempt,
            Condition = book.Condition.Id,
            Token = book.Condition.Token(legs[longest].Outcome),
            Outcome = legs[longest].Outcome,
            NegRisk = book.Condition.NegRisk,
            Protocol = book.Condition.Protocol,
            Side = Side.Sell,
            Type = OrderType.Fak,
            Limit = limit,
            MakerAmount = excess.Micros,
            TakerAmount = Usd.Proceeds(limit, excess).Micros,
            WorstFee = fee,
        });
    }

    private static BalanceStep.Close Close(Basket basket, IReadOnlyList<LegNews> orders, Size[] filled)
    {
        var spent = new Usd(orders.Sum(order => order.Side is Side.Buy ? order.Money.Micros : -order.Money.Micros));
        var payout = Worth(basket.Kind, filled);
        var complete = filled.Min();
        var end = (filled.Max() == Size.Zero, complete > Size.Zero, orders.Any(order => order.Side is Side.Sell)) switch
        {
            (true, _, true) => BasketEnd.Unwound,
            (true, _, false) => BasketEnd.Unfilled,
            (false, true, _) => BasketEnd.Completed,
            (false, false, _) => BasketEnd.Held,
        };
        var residue = string.Join(" ", filled.Select((size, leg) => (leg, over: size - complete)).Where(leg => leg.over > Size.Zero)
            .Select(leg => $"leg {leg.leg}: {leg.over}"));
        return new BalanceStep.Close(new BasketResult(end, complete, payout, spent, residue.Length == 0 ? "" : $"residue {residue}"));
    }

    private static bool HasTriedEnough(IReadOnlyList<LegNews> orders, int leg) =>
        orders.Count(order => order.Leg == leg && order.Purpose is not (Purpose.Open or Purpose.Quote)) >= AttemptsMax;

    private static Size[] Filled(Basket basket, IReadOnlyList<LegNews> orders)
    {
        var filled = new Size[basket.Legs.Length];
        foreach (var order in orders) filled[order.Leg] = order.Side is Side.Buy ? filled[order.Leg] + order.Matched : filled[order.Leg] - order.Matched;
        return filled;
    }

    private static Usd Cap(Basket basket, int bps)
    {
        var profit = Usd.Payout(basket.PayoutDollars, basket.Quantity) - basket.Outlay;
        return new Usd((long)((Int128)profit.Micros * bps / 10_000));
    }
}
