using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>
/// What would have been earned by reacting later or being allowed less. Each time an edge appears, the recorded books are looked at again
/// after every delay: what a basket of each size would be expected to earn then is what acting so late, and so small, would have brought.
/// An edge that stays is one edge until it is gone. Our own fills are not in the recorded books, so it is the market that is measured,
/// not the bot.
/// </summary>
internal sealed class CaptureCurve(EdgePolicy policy, Agenda<Action<Instant>> agenda)
{
    private static readonly int[] DelaysMs = [0, 50, 100, 250, 500, 1_000, 2_000, 5_000];
    private static readonly Size[] Sizes = [Size.Shares(10), Size.Shares(50), Size.Shares(200), Size.Shares(1_000)];
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly HashSet<MarketId> _under = []; // An edge that began there is not gone yet.
    private readonly (long Baskets, long Micros)[,] _cells = new (long, long)[DelaysMs.Length, Sizes.Length];
    private long _edges;

    /// <summary>Empty when no edge ever appeared.</summary>
    public ImmutableArray<CaptureCell> Cells => _edges == 0
        ? []
        : [.. from delay in Enumerable.Range(0, DelaysMs.Length)
              from size in Enumerable.Range(0, Sizes.Length)
              select new CaptureCell(DelaysMs[delay], Sizes[size], _cells[delay, size].Baskets, new Usd(_cells[delay, size].Micros))];

    /// <summary>A desk has found an edge in its books.</summary>
    public void Found(DaySeat seat, Instant now)
    {
        if (!_under.Add(seat.Listed.Id)) return;

        _edges++;
        for (var delay = 0; delay < DelaysMs.Length; delay++)
        {
            var number = delay;
            if (number == 0) Look(seat, number, now);
            else agenda.Enter(now + TimeSpan.FromMilliseconds(DelaysMs[number]), at => Look(seat, number, at));
        }

        agenda.Enter(now + TimeSpan.FromMilliseconds(DelaysMs[^1]), at => LookForEnd(seat, at));
    }

    private void Look(DaySeat seat, int delay, Instant now)
    {
        if (seat.Desk.Peek(policy, now) is not { } best) return;

        for (var size = 0; size < Sizes.Length; size++)
        {
            // A basket costs less than it pays, so this allows at least so many shares.
            var cap = Usd.Payout(best.PayoutDollars, Sizes[size]);
            var basket = best.Outlay <= cap ? best : seat.Desk.Peek(policy with { MaxBasketOutlay = cap }, now);
            if (basket is null || basket.Quantity == Size.Zero) continue;

            var shares = Size.Min(basket.Quantity, Sizes[size]);
            var earned = (long)((Int128)basket.Profit.Micros * shares.Micros / basket.Quantity.Micros);
            ref var cell = ref _cells[delay, size];
            cell = (cell.Baskets + 1, cell.Micros + earned);
        }
    }

    private void LookForEnd(DaySeat seat, Instant now)
    {
        if (!seat.Desk.IsWorthALook) _under.Remove(seat.Listed.Id);
        else agenda.Enter(now + LookEvery, at => LookForEnd(seat, at));
    }
}
