using System.Collections.Immutable;
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

    /// <summary>Nothing more will be sent; only the settlement is waited for.</summary>
    public sealed record Lock(Size Quantity, Usd Payout) : BalanceStep;

    public sealed record Close(BasketResult Result) : BalanceStep;
}

/// <summary>
/// The ladder of an open basket (design 7): equal legs are complete; a short leg is completed at a worse price within its window;
/// then the excess is given back; what neither can mend is held. Each rung is capped by money tied to the basket's own profit. One
/// closing order at a time, none below the venue's minimum.
/// </summary>
public static class LegBalance
{
    /// <summary>Closing orders of one leg; a bound against a venue that refuses for ever.</summary>
    private const int AttemptsMax = 20;

    public static BalanceStep Decide(OpenBasket open, IReadOnlyList<CandidateLeg>? legs, EdgePolicy policy, BasketClock clock, Instant now)
    {
        var isSettled = open.Orders.All(order => order.IsSettled);
        var mayDrop = open.IsLocked || now - clock.Since >= policy.CompletionWindow;
        var tally = new BasketTally(open, mayDrop ? policy.UnwindCapBps : 0);
        if (open.IsLocked) return isSettled ? Close(open, tally, policy) : new BalanceStep.Wait();
        if (open.Orders.Any(order => !order.IsClosed)) return new BalanceStep.Wait();

        var isMended = tally.Most == Size.Zero || IsEven(tally, policy) || legs is null;
        var step = isMended ? null : NextRung(new Ladder(open, tally, legs!, policy), clock, now);
        if (step is not null) return step;
        if (isSettled) return Close(open, tally, policy);

        return tally.Most == Size.Zero ? new BalanceStep.Wait() : new BalanceStep.Lock(tally.Quantity, tally.Worth);
    }

    /// <summary>
    /// Buying, dollars certain whatever happens: the smallest leg, or of NOs everything but the largest. Selling, dollars owed at the
    /// most: the largest leg, or of all NOs of an event everything but the smallest.
    /// </summary>
    public static Usd Worth(BasketKind kind, IReadOnlyList<Size> legs, Side side = Side.Buy)
    {
        var (least, most, sum) = (long.MaxValue, 0L, 0L);
        foreach (var size in legs) (least, most, sum) = (Math.Min(least, size.Micros), Math.Max(most, size.Micros), sum + size.Micros);
        return new Usd((kind is BasketKind.No, side) switch
        {
            _ when kind is BasketKind.Excess => 0,
            (false, Side.Buy) => least,
            (true, Side.Buy) => sum - most,
            (false, _) => most,
            (true, _) => sum - least,
        });
    }

    private static BalanceStep? NextRung(Ladder ladder, BasketClock clock, Instant now)
    {
        if (ladder.CameToNothing is { } last && now - last < ladder.Policy.RetryAfter) return new BalanceStep.Wait();

        if (now - clock.Since < ladder.Policy.CompletionWindow && ladder.MayComplete)
        {
            if (ladder.Complete() is { } completion) return new BalanceStep.Send(Purpose.Complete, completion);
            return new BalanceStep.Wait(); // The price may come back.
        }

        if (!ladder.MayUnwind) return null;
        if (clock.Mined is not { } mined) return new BalanceStep.Wait(); // Shares are given back once they are on the chain.

        var completed = clock.Since + ladder.Policy.CompletionWindow;
        if (now > (mined > completed ? mined : completed) + ladder.Policy.UnwindWindow) return null;
        return ladder.Unwind() is { } unwind ? new BalanceStep.Send(Purpose.Unwind, unwind) : new BalanceStep.Wait();
    }

    /// <summary>Nothing is missing that the venue would let us mend.</summary>
    private static bool IsEven(BasketTally tally, EdgePolicy policy) => tally.Excess <= policy.MaxLegMismatch;

    private static BalanceStep.Close Close(OpenBasket open, BasketTally tally, EdgePolicy policy)
    {
        var residue = open.Basket.Legs.Select(leg => new Residue(leg.Leg, leg.Token, tally.Net[leg.Leg] - tally.Quantity))
            .Where(left => left.Shares > Size.Zero).ToImmutableArray();
        var end = (tally.Most > Size.Zero, tally.Quantity > Size.Zero, tally.HasUnwound) switch
        {
            (false, _, true) => BasketEnd.Unwound,
            (false, _, false) => BasketEnd.Unfilled,
            (true, true, _) when IsMinor(tally, policy) => BasketEnd.Completed,
            (true, false, true) when IsMinor(tally, policy) => BasketEnd.Unwound,
            _ => BasketEnd.Held,
        };
        var note = string.Join(" ", residue.Select(left => $"leg {left.Leg}: {left.Shares}"));
        return new BalanceStep.Close(new BasketResult(end, tally.Quantity, tally.Worth, tally.Spent, note.Length == 0 ? "" : $"residue {note}")
        {
            Earned = tally.Earned,
            Residues = residue,
        });
    }

    /// <summary>What is left over is within the mismatch a basket may have, or worth less than the venue lets us trade.</summary>
    private static bool IsMinor(BasketTally tally, EdgePolicy policy) => tally.Excess <= policy.MaxLegMismatch
        || new Usd((long)((Int128)tally.Planned(tally.Longest) * tally.Excess.Micros / 1_000_000)) < OneLeg.Min;

    /// <summary>The orders that could mend a basket as it is.</summary>
    private sealed class Ladder(OpenBasket open, BasketTally tally, IReadOnlyList<CandidateLeg> legs, EdgePolicy policy)
    {
        private readonly Basket _basket = open.Basket;

        public EdgePolicy Policy => policy;

        /// <summary>Some leg is short, and has not been tried too often.</summary>
        public bool MayComplete => ShortLegs.Any(leg => Tries(leg) < AttemptsMax);

        public bool MayUnwind => !IsMinor(tally, policy) && Tries(tally.Longest) < AttemptsMax;

        /// <summary>When the last rung was sent if nobody was there to take it: the book it was made from is not the venue's (yet).</summary>
        public Instant? CameToNothing => open.Orders[^1] is { Purpose: Purpose.Complete or Purpose.Unwind, Matched.Micros: 0, PlacedAt: var at } ? at : null;

        private bool HasRoundedUp => open.Orders.Any(order =>
            order is { Purpose: Purpose.Complete, Side: Side.Buy } && order.Order.MakerAmount == OneLeg.Min.Micros);

        private IEnumerable<int> ShortLegs => tally.CanDrop
            ? tally.Excess > policy.MaxLegMismatch ? [tally.Second] : []
            : Enumerable.Range(0, legs.Count).Where(leg => tally.Most - tally.Net[leg] > policy.MaxLegMismatch);

        /// <summary>The cheapest way to more of a short leg within the cap; null when there is none now.</summary>
        public LegOrder? Complete()
        {
            var cap = tally.Share(policy.CompletionCapBps) - tally.Completed;
            LegOrder? best = null;
            var bestCost = long.MaxValue;
            foreach (var leg in ShortLegs)
            {
                if (Tries(leg) >= AttemptsMax || !legs[leg].Book.Prove()) continue;
                if (Order(leg, _basket.Side, tally.Most - tally.Net[leg], tally.Planned(leg), cap) is not var (order, cost)) continue;

                var perShare = (long)((Int128)cost.Micros * 1_000_000 / Math.Max(1, order.Expected.Micros));
                if (perShare < bestCost) (best, bestCost) = (order, perShare);
            }

            return best;
        }

        /// <summary>Gives the excess of the largest leg back within the cap; null when that is not possible now.</summary>
        public LegOrder? Unwind()
        {
            if (!legs[tally.Longest].Book.Prove()) return null;

            var side = _basket.Side is Side.Buy ? Side.Sell : Side.Buy;
            var cap = tally.Share(policy.UnwindCapBps) - tally.Unwound;
            return Order(tally.Longest, side, tally.Excess, tally.Paid(tally.Longest), cap) is var (order, _) ? order : null;
        }

        /// <summary>
        /// As many of the shares as the cap allows, measured against dollars a share (micros). Less than the venue takes is rounded up
        /// to its minimum, the shares too many counted as lost, if the cap allows that too. Once, and for the only short leg: else
        /// legs would overtake each other for ever.
        /// </summary>
        private (LegOrder Order, Usd Cost)? Order(int leg, Side side, Size missing, long against, Usd cap)
        {
            var affordable = Affordable(leg, side, missing, against, cap);
            if (affordable is { Order.Expected: var expected } && expected > Size.Zero) return affordable;

            if (side is Side.Sell || HasRoundedUp || ShortLegs.Count() > 1) return null; // The shares for a larger sale are not there.
            if (OneLeg.Smallest(legs[leg]) is not { } quantity || quantity <= missing || quantity - missing >= missing) return null;
            if (OneLeg.Order(legs[leg], leg, side, quantity, NextAttempt(leg)) is not { } order) return null;

            var cost = order.Outlay - new Usd((long)((Int128)against * missing.Micros / 1_000_000));
            return cost <= cap ? (order, cost) : null;
        }

        private (LegOrder Order, Usd Cost)? Affordable(int leg, Side side, Size missing, long against, Usd cap)
        {
            var levels = legs[leg].Levels(side);
            var (quantity, spent) = (Size.Zero, 0L);
            for (var n = 0; n < levels.Count && quantity < missing; n++)
            {
                var (price, size) = levels.FromTop(n);
                var worse = side is Side.Buy ? legs[leg].Net(price, side) - against : against - legs[leg].Net(price, side);
                var taken = Size.Min(size, missing - quantity);
                if (worse > 0)
                {
                    // The order may fill at its limit from the first share on: the cap holds for that too.
                    var most = new Size((long)((Int128)Math.Max(0, cap.Micros) * 1_000_000 / worse));
                    taken = Size.Min(taken, Size.Max(Size.Zero, most - quantity));
                }

                if (taken == Size.Zero) break;

                quantity += taken;
                spent += (long)((Int128)worse * taken.Micros / 1_000_000);
                if (taken < size) break;
            }

            if (quantity == Size.Zero || OneLeg.Order(legs[leg], leg, side, quantity, NextAttempt(leg)) is not { } order) return null;

            return (order, new Usd(spent));
        }

        private int Tries(int leg) => open.Orders.Count(order => order.Leg == leg && order.Purpose is not (Purpose.Open or Purpose.Quote));

        private int NextAttempt(int leg) => 1 + open.Orders.Where(order => order.Leg == leg).Max(order => order.Attempt);
    }
}
