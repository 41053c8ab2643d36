using System.Collections.Immutable;

namespace PolyArb.Domain.Books;

/// <summary>One entry of a price_change: the new aggregate size of a level, and the book's hash after its whole update.</summary>
public readonly record struct LevelChange(TokenId Token, Side Side, Level Level, BookHash? Hash);

/// <summary>What one market-channel message says about one condition. Venue times are milliseconds of Unix time.</summary>
public abstract record BookUpdate(ConditionId Condition)
{
    /// <summary>A whole book of one token. Levels in the venue's order or any other; sizes are totals.</summary>
    public sealed record Snapshot(
        ConditionId Condition,
        TokenId Token,
        long VenueMs,
        BookHash? Hash,
        ImmutableArray<Level> Bids,
        ImmutableArray<Level> Asks,
        Price? Tick,
        string? LastTrade) : BookUpdate(Condition);

    /// <summary>Level changes, usually each level on both tokens.</summary>
    public sealed record Changes(ConditionId Condition, long VenueMs, ImmutableArray<LevelChange> Entries) : BookUpdate(Condition);

    /// <summary>A public trade print. The price is of the token named.</summary>
    public sealed record Trade(ConditionId Condition, TokenId Token, long VenueMs, Price Price, Size Size, Side TakerSide) : BookUpdate(Condition);

    /// <summary>A new price grid: the book is worth nothing until the next snapshot.</summary>
    public sealed record TickChange(ConditionId Condition, TokenId Token, long VenueMs, Price Tick) : BookUpdate(Condition);

    /// <summary>The venue's own top of book. Compared, never traded on.</summary>
    public sealed record Best(ConditionId Condition, TokenId Token, long VenueMs, Price? Bid, Price? Ask) : BookUpdate(Condition);

    public sealed record Resolved(ConditionId Condition, TokenId? Winner) : BookUpdate(Condition);

    /// <summary>A market the venue just listed. Broadcast for all markets; the catalogue's business.</summary>
    public sealed record Listed(ConditionId Condition) : BookUpdate(Condition);

    /// <summary>
    /// From here on the condition is heard over another connection, whose book comes next. Not the venue's word but the feed's: nothing
    /// was missed, and an update that was under way is finished by that book or comes again.
    /// </summary>
    public sealed record Moved(ConditionId Condition) : BookUpdate(Condition);
}

/// <summary>What one frame says about one market, with where it came from.</summary>
/// <param name="Sequence">The recorder's number of the frame.</param>
/// <param name="ReceivedAt">When the frame was read off the socket.</param>
/// <param name="FrameDigest">First 8 bytes of the frame's SHA-256; the decision digest folds it in.</param>
/// <param name="Updates">In the frame's order; empty for a gap.</param>
/// <param name="Gap">Null, or why anything of this market may have been missed: its books wait for snapshots.</param>
public readonly record struct FeedInput(
    long Sequence, Instant ReceivedAt, ulong FrameDigest, ImmutableArray<BookUpdate> Updates, string? Gap)
{
    public static FeedInput Lost(long sequence, Instant at, string cause) => new(sequence, at, 0, [], cause);

    public static FeedInput Moved(long sequence, Instant at, ConditionId condition) => new(sequence, at, 0, [new BookUpdate.Moved(condition)], null);
}
