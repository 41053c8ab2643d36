using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Quotes;

/// <summary>Why a condition is not quoted, in the order it is asked.</summary>
public enum QuoteRefusal
{
    /// <summary>Not among the markets to quote.</summary>
    NotCovered,

    NotTradable,

    /// <summary>The venue did not say what it charges whoever would complete the pair by taking.</summary>
    NoFee,

    /// <summary>Takers are held back: a short pair could not be completed in time.</summary>
    DelaysTakers,

    /// <summary>No book, or one that failed its proof.</summary>
    NotProven,

    /// <summary>In the middle of a change: the next message or a moment will tell.</summary>
    Unsettled,

    BelowMinimum,

    /// <summary>Too many shares of one token already.</summary>
    Inventory,

    /// <summary>Nothing bid or nothing asked: no price to go by.</summary>
    OneSided,

    /// <summary>The pair would earn more than a market without a fault in it leaves.</summary>
    Implausible,

    /// <summary>A bid would lie below the lowest price there is.</summary>
    NoRoom,
}

/// <summary>What should rest in one condition.</summary>
public abstract record QuoteWish
{
    private QuoteWish()
    {
    }

    /// <param name="Size">Shares of each side.</param>
    /// <param name="Most">The most the two bids may add up to.</param>
    public sealed record Rest(Price Yes, Price No, Size Size, Price Most) : QuoteWish
    {
        public Price Of(Outcome outcome) => outcome is Outcome.Yes ? Yes : No;
    }

    public sealed record None(QuoteRefusal Why) : QuoteWish;
}

/// <summary>Where the two bids of a condition belong: so low together that the pair earns its threshold whoever comes first.</summary>
public static class Quoter
{
    /// <param name="book">Seen without our own orders.</param>
    /// <param name="held">Shares of YES held beyond those of NO; negative when it is the other way round.</param>
    public static QuoteWish Wish(ConditionBook book, MarketId market, EdgePolicy policy, MakerPolicy maker, Size held)
    {
        if (Refusal(book, market, policy, maker, held) is { } refusal) return new QuoteWish.None(refusal);

        var view = book.Open.Yes;
        if (view.Bids.Best is not { } bid || view.Asks.Best is not { } ask) return new QuoteWish.None(QuoteRefusal.OneSided);

        // Above no ask of its own token, and off the best bid by what we hold of it already.
        var tick = book.Tick.Ticks;
        var skew = (long)((Int128)held.Micros * maker.SkewTicks / maker.Size.Micros) * tick;
        var yes = Bid(bid.Price.Ticks, ask.Price.Ticks, Math.Max(0, skew));
        var no = Bid(Price.TicksPerDollar - ask.Price.Ticks, Price.TicksPerDollar - bid.Price.Ticks, Math.Max(0, -skew));

        // Over the budget both give way, the side we hold more of by the odd tick.
        var most = Most(policy);
        var over = yes + no <= most ? 0 : (yes + no - most + tick - 1) / tick;
        yes -= (skew >= 0 ? (over + 1) / 2 : over / 2) * tick;
        no -= (skew >= 0 ? over / 2 : (over + 1) / 2) * tick;
        if (yes < tick || no < tick) return new QuoteWish.None(QuoteRefusal.NoRoom);
        if ((Price.TicksPerDollar - yes - no) * 10_000 > (long)policy.MaxPlausibleEdgeBps * Price.TicksPerDollar) return new QuoteWish.None(QuoteRefusal.Implausible);

        return new QuoteWish.Rest(new Price((int)yes), new Price((int)no), maker.Size.FloorToHundredth, new Price((int)most));

        long Bid(int best, int opposite, long off) =>
            Math.Min(best + maker.ImproveTicks * tick, opposite - tick) / tick * tick - off;
    }

    /// <summary>The largest sum of the two bids whose pair still earns more than the threshold after the buffer, in 1/10,000.</summary>
    private static long Most(EdgePolicy policy) =>
        ((Usd.Dollars(1) - policy.FailureBuffer - policy.MinEdge).Micros - 1) / (1_000_000 / Price.TicksPerDollar);

    private static QuoteRefusal? Refusal(ConditionBook book, MarketId market, EdgePolicy policy, MakerPolicy maker, Size held)
    {
        if (!maker.Covers(market, book.Condition.Id)) return QuoteRefusal.NotCovered;
        if (!book.Condition.IsTradable || book.Life is BookLife.Ended) return QuoteRefusal.NotTradable;
        if (book.Condition.Fee is null) return QuoteRefusal.NoFee;
        if (book.Condition.DelaysTakers && !policy.AllowDelayed) return QuoteRefusal.DelaysTakers;
        if (book.Life is not BookLife.Synced || book.Proof is ProofState.Failed or ProofState.Unknown) return QuoteRefusal.NotProven;
        if (!book.Prove()) return QuoteRefusal.Unsettled;
        if (maker.Size.FloorToHundredth < book.Condition.MinOrderSize) return QuoteRefusal.BelowMinimum;
        return Math.Abs(held.Micros) >= maker.MaxInventory.Micros ? QuoteRefusal.Inventory : null;
    }
}
