using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PolyArb.Domain.Books;

/// <summary>One entry of a price_change: the new aggregate size of a level, and the book's hash after its whole update.</summary>
public readonly record struct LevelChange(TokenId Token, Side Side, Level Level, BookHash? Hash);

public enum BookUpdateKind
{
    /// <summary>A whole book of one token. Levels in the venue's order or any other; sizes are totals.</summary>
    Snapshot,

    /// <summary>Level changes, usually each level on both tokens.</summary>
    Changes,

    /// <summary>A public trade print. The price is of the token named.</summary>
    Trade,

    /// <summary>A new price grid: the book is worth nothing until the next snapshot.</summary>
    TickChange,

    /// <summary>The venue's own top of book. Compared, never traded on.</summary>
    Best,

    Resolved,

    /// <summary>A market the venue just listed. Broadcast for all markets; the catalogue's business.</summary>
    Listed,

    /// <summary>
    /// From here on the condition is heard over another connection, whose book comes next. Not the venue's word but the feed's: nothing
    /// was missed, and an update that was under way is finished by that book or comes again.
    /// </summary>
    Moved,
}

/// <summary>
/// What one market-channel message says about one condition; what its kind does not carry is empty. Venue times are
/// milliseconds of Unix time. A value, so that reading a frame allocates nothing: its levels and entries may stand in an
/// <see cref="UpdateBuffer"/> that is used again, and <see cref="Copy"/> is for whoever keeps them longer.
/// </summary>
public readonly record struct BookUpdate
{
    public BookUpdateKind Kind { get; init; }

    public ConditionId Condition { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TokenId Token { get; init; }

    public long VenueMs { get; init; }

    /// <summary>Of a snapshot; each entry of a change has its own.</summary>
    public BookHash? Hash { get; init; }

    public ReadOnlyMemory<Level> Bids { get; init; }

    public ReadOnlyMemory<Level> Asks { get; init; }

    public ReadOnlyMemory<LevelChange> Entries { get; init; }

    /// <summary>The price grid, of a snapshot that says it and of a tick change.</summary>
    public Price? Tick { get; init; }

    /// <summary>Of a snapshot: one value for both tokens in YES terms, in the venue's own text.</summary>
    public string? LastTrade { get; init; }

    /// <summary>Of a trade: its price and size.</summary>
    public Level Level { get; init; }

    public Side TakerSide { get; init; }

    /// <summary>Of a summary; null for an empty side.</summary>
    public Price? Bid { get; init; }

    public Price? Ask { get; init; }

    public static BookUpdate Snapshot(
        ConditionId condition, TokenId token, long venueMs, BookHash? hash, ReadOnlyMemory<Level> bids, ReadOnlyMemory<Level> asks, Price? tick,
        string? lastTrade) => new()
        {
            Kind = BookUpdateKind.Snapshot,
            Condition = condition,
            Token = token,
            VenueMs = venueMs,
            Hash = hash,
            Bids = bids,
            Asks = asks,
            Tick = tick,
            LastTrade = lastTrade,
        };

    public static BookUpdate Changes(ConditionId condition, long venueMs, ReadOnlyMemory<LevelChange> entries) =>
        new() { Kind = BookUpdateKind.Changes, Condition = condition, VenueMs = venueMs, Entries = entries };

    public static BookUpdate Trade(ConditionId condition, TokenId token, long venueMs, Price price, Size size, Side takerSide) => new()
    {
        Kind = BookUpdateKind.Trade,
        Condition = condition,
        Token = token,
        VenueMs = venueMs,
        Level = new Level(price, size),
        TakerSide = takerSide,
    };

    public static BookUpdate TickChange(ConditionId condition, TokenId token, long venueMs, Price tick) =>
        new() { Kind = BookUpdateKind.TickChange, Condition = condition, Token = token, VenueMs = venueMs, Tick = tick };

    public static BookUpdate Best(ConditionId condition, TokenId token, long venueMs, Price? bid, Price? ask) =>
        new() { Kind = BookUpdateKind.Best, Condition = condition, Token = token, VenueMs = venueMs, Bid = bid, Ask = ask };

    /// <summary>The token is the winner, or none when the venue did not say.</summary>
    public static BookUpdate Resolved(ConditionId condition, TokenId? winner) =>
        new() { Kind = BookUpdateKind.Resolved, Condition = condition, Token = winner ?? default };

    public static BookUpdate Listed(ConditionId condition) => new() { Kind = BookUpdateKind.Listed, Condition = condition };

    public static BookUpdate Moved(ConditionId condition) => new() { Kind = BookUpdateKind.Moved, Condition = condition };

    /// <summary>The same with arrays of its own.</summary>
    public BookUpdate Copy() => this with { Bids = Bids.ToArray(), Asks = Asks.ToArray(), Entries = Entries.ToArray() };
}

/// <summary>What one frame says about one market, with where it came from.</summary>
/// <param name="Sequence">The recorder's number of the frame.</param>
/// <param name="ReceivedAt">When the frame was read off the socket.</param>
/// <param name="FrameDigest">First 8 bytes of the frame's SHA-256; the decision digest folds it in.</param>
/// <param name="Updates">In the frame's order, copies that nobody writes to again; empty for a gap.</param>
/// <param name="Gap">Null, or why anything of this market may have been missed: its books wait for snapshots.</param>
public readonly record struct FeedInput(
    long Sequence, Instant ReceivedAt, ulong FrameDigest, ImmutableArray<BookUpdate> Updates, string? Gap)
{
    public static FeedInput Lost(long sequence, Instant at, string cause) => new(sequence, at, 0, [], cause);

    public static FeedInput Moved(long sequence, Instant at, ConditionId condition) => new(sequence, at, 0, [BookUpdate.Moved(condition)], null);
}
