using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Quotes;

/// <summary>What to do next with an open pair of quotes.</summary>
public abstract record QuoteStep
{
    private QuoteStep()
    {
    }

    public sealed record Wait : QuoteStep;

    /// <param name="IsUrgent">Risk asks for it: neither a minimum lifetime nor a cap on cancels holds it back.</param>
    public sealed record Pull(ImmutableArray<OrderId> Orders, string Why, bool IsUrgent) : QuoteStep;

    /// <summary>The next attempt of a leg of which nothing rests.</summary>
    public sealed record Send(LegOrder Order) : QuoteStep;

    /// <summary>Nothing of it rests any more: what it came to is balanced or closed like any other basket.</summary>
    public sealed record Ladder : QuoteStep;
}

/// <summary>What a desk remembers of a pair of quotes between two turns.</summary>
/// <param name="Ending">Why all of it has to go; null while it may stay.</param>
/// <param name="IsUrgent">With <paramref name="Ending"/>: at once.</param>
/// <param name="ShortSince">Since when one side has at least a minimum order more than the other.</param>
/// <param name="Leaving">Orders asked to go, or held back by the gateway for now: not to be asked again yet.</param>
public sealed record QuoteMemory(string? Ending, bool IsUrgent, Instant? ShortSince, IReadOnlySet<OrderId> Leaving);

/// <summary>
/// Keeps a pair of quotes: replaces what is off its price, takes all of it back when it should not rest, and lets a side that was
/// filled wait for the other one, until that is better taken (docs/maker.md).
/// </summary>
public static class QuoteKeeper
{
    /// <summary>Quotes of one leg; then the pair ends, and the next one begins at today's prices.</summary>
    private const int AttemptsMax = 10;

    /// <summary>Something of the basket may still rest, and the ladder has not begun.</summary>
    public static bool Holds(OpenBasket open) =>
        open is { Basket.Style: BasketStyle.Maker, IsLocked: false } && open.Orders.Any(order => !order.IsClosed)
        && open.Orders.All(order => order.Purpose is Purpose.Open or Purpose.Quote);

    /// <param name="book">Null when the catalogue no longer carries the condition.</param>
    /// <param name="draining">No new risk is wanted in the market.</param>
    public static QuoteStep Next(
        OpenBasket open, ConditionBook? book, QuoteWish wish, QuoteMemory memory, EdgePolicy policy, TimeSpan minLifetime, bool draining, Instant now)
    {
        if (!Holds(open)) return new QuoteStep.Ladder();
        if (book is null) return Out(open.Orders, "its condition is gone", isUrgent: true);
        if (wish is QuoteWish.None { Why: QuoteRefusal.NotProven or QuoteRefusal.NotTradable } unsafely) return Out(open.Orders, Words(unsafely.Why), isUrgent: true);
        if (memory.Ending is { } ending) return Out(open.Orders, ending, memory.IsUrgent);
        if (memory.ShortSince is { } since) return Short(since);
        if (draining) return Out(open.Orders, "no new risk is wanted", isUrgent: false);

        return wish switch
        {
            QuoteWish.None { Why: QuoteRefusal.Unsettled } => new QuoteStep.Wait(),
            QuoteWish.None(var why) => Out(open.Orders, Words(why), isUrgent: false),
            QuoteWish.Rest rest => Keep(rest),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        // One side was filled: the other one completes it at a better price than any taker, for a while.
        QuoteStep Short(Instant since)
        {
            var filled = Filled(open);
            var leg = filled[0] < filled[1] ? 0 : 1;
            if (now - since > policy.CompletionWindow) return Out(open.Orders, "the completion window is over", isUrgent: true);
            if (open.Orders.All(order => order.Leg != leg || order.IsClosed)) return Out(open.Orders, "nothing of the short leg rests", isUrgent: true);
            return wish is QuoteWish.Rest && PaysToTake(leg, filled[1 - leg] - filled[leg])
                ? Out(open.Orders, "the short leg is worth taking", isUrgent: false)
                : new QuoteStep.Wait();
        }

        // As good as a new basket: then a pair in hand beats the few ticks more that a resting leg may bring.
        bool PaysToTake(int leg, Size missing)
        {
            var candidate = new CandidateLeg(book, open.Basket.Legs[leg].Outcome);
            if (OneLeg.Order(candidate, leg, Side.Buy, missing, attempt: 0) is not { Expected: var expected } order) return false;

            var left = Usd.Payout(1, expected) - order.Outlay - Usd.Cost(Standing(open, 1 - leg), expected);
            return (Int128)left.Micros * 1_000_000 > (Int128)(policy.MinEdge + policy.FailureBuffer).Micros * expected.Micros;
        }

        QuoteStep Keep(QuoteWish.Rest rest)
        {
            if (Standing(open, 0).Ticks + Standing(open, 1).Ticks > rest.Most.Ticks) return Out(open.Orders, "the edge is gone", isUrgent: false);

            var off = open.Orders.Where(order => Math.Abs(order.Order.Limit.Ticks - rest.Of(order.Order.Outcome).Ticks) > book.Tick.Ticks);
            if (Out(off, "off its price", isUrgent: false) is QuoteStep.Pull pull) return pull;
            if (open.Orders.Any(order => !order.IsClosed && memory.Leaving.Contains(order.Id))) return new QuoteStep.Wait();

            foreach (var leg in open.Basket.Legs)
            {
                if (Again(leg, rest) is { } step) return step;
            }

            return new QuoteStep.Wait();
        }

        // A leg that was taken back goes out again, beside the other one that stayed. Not for ever: each attempt stays with the basket.
        QuoteStep? Again(LegOrder leg, QuoteWish.Rest rest)
        {
            var before = open.Orders.Where(order => order.Leg == leg.Leg).ToArray();
            var size = (open.Basket.Quantity - Filled(open)[leg.Leg]).FloorToHundredth;
            if (before.Any(order => !order.IsClosed || now - order.PlacedAt < minLifetime) || size < book.Condition.MinOrderSize) return null;

            if (before.Length >= AttemptsMax) return Out(open.Orders, "replaced often enough", isUrgent: false);

            var wanted = rest.Of(leg.Outcome).Ticks;
            var room = (rest.Most.Ticks - Standing(open, 1 - leg.Leg).Ticks) / book.Tick.Ticks * book.Tick.Ticks;
            if (wanted - room > book.Tick.Ticks || room < book.Tick.Ticks) return Out(open.Orders, "no price is left for the other side", isUrgent: false);

            var attempt = 1 + before.Max(order => order.Attempt);
            return new QuoteStep.Send(Order(book.Condition, leg.Outcome, leg.Leg, attempt, new Price(Math.Min(wanted, room)), size));
        }

        QuoteStep Out(IEnumerable<LegNews> orders, string why, bool isUrgent)
        {
            ImmutableArray<OrderId> pulled = [.. orders
                .Where(order => !order.IsClosed && !memory.Leaving.Contains(order.Id) && (isUrgent || now - order.PlacedAt >= minLifetime))
                .Select(order => order.Id)];
            return pulled.IsEmpty ? new QuoteStep.Wait() : new QuoteStep.Pull(pulled, why, isUrgent);
        }
    }

    /// <summary>A bid of whole hundredths of a share on the tick, so its dollars are exact (protocol sheet 7.2).</summary>
    public static LegOrder Order(Condition condition, Outcome outcome, int leg, int attempt, Price price, Size size) => new()
    {
        Leg = leg,
        Attempt = attempt,
        Condition = condition.Id,
        Token = condition.Token(outcome),
        Outcome = outcome,
        NegRisk = condition.NegRisk,
        Protocol = condition.Protocol,
        Side = Side.Buy,
        Type = OrderType.Gtd,
        Limit = price,
        MakerAmount = Usd.Cost(price, size).Micros,
        TakerAmount = size.Micros,
        WorstFee = Usd.Zero, // Makers pay none (protocol sheet 8), and it is refused rather than filled on arrival.
        PostOnly = true,
    };

    public static IReadOnlyList<Size> Filled(OpenBasket open) => new BasketTally(open).Net;

    /// <summary>The highest price that a share of a leg cost or may cost; 0 when none can.</summary>
    private static Price Standing(OpenBasket open, int leg) => open.Orders
        .Where(order => order.Leg == leg && (!order.IsClosed || order.Matched > Size.Zero))
        .Select(order => order.Order.Limit).DefaultIfEmpty().Max();

    private static string Words(QuoteRefusal why) => why switch
    {
        QuoteRefusal.NotCovered => "not to be quoted",
        QuoteRefusal.NotTradable => "not tradable",
        QuoteRefusal.NoFee => "its fee is unknown",
        QuoteRefusal.DelaysTakers => "takers are delayed",
        QuoteRefusal.NotProven => "its book is not proven",
        QuoteRefusal.Unsettled => "its book is not settled",
        QuoteRefusal.BelowMinimum => "below the minimum size",
        QuoteRefusal.Inventory => "enough in stock",
        QuoteRefusal.OneSided => "one side of the book is empty",
        QuoteRefusal.Implausible => "the book is too wide",
        QuoteRefusal.NoRoom => "no price is low enough",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
