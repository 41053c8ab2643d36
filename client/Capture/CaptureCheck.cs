using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.MarketFeed;

namespace PolyArb.Client.Capture;

/// <summary>The answer of `capture check`; property names are the contract's.</summary>
internal sealed record CaptureReport
{
    public required long Frames { get; init; }

    public required Dictionary<string, long> Events { get; init; }

    public required long Unparsable { get; init; }

    public required Dictionary<string, long> Proofs { get; init; }

    public required long Crossed { get; init; }

    public required List<CapturedBook> Books { get; init; }
}

internal sealed record CapturedBook(string Market, string AssetId, int Levels);

/// <summary>
/// Replays the books of a capture and proves them by the venue's hashes, without a silo. Which token is YES does not matter
/// to a hash: where nothing says, the first token seen of a condition stands for it.
/// </summary>
internal sealed class CaptureCheck(Dictionary<ConditionId, ConditionMeta> known)
{
    private static readonly string[] EventNames =
        ["book", "price_change", "last_trade_price", "tick_size_change", "best_bid_ask", "new_market", "market_resolved", "order", "trade", "other"];

    private readonly Dictionary<ConditionId, List<TokenId>> _tokens = [];
    private readonly Dictionary<ConditionId, ConditionBook> _books = [];
    private readonly HashSet<TokenId> _withBook = [];
    private readonly long[] _events = new long[EventNames.Length];
    private readonly UpdateBuffer _updates = new();
    private long _frames;
    private long _unparsable;
    private long _crossed;

    /// <summary>Two passes over the file: first which tokens belong together, then the books.</summary>
    public async Task<CaptureReport> Run(string path, CancellationToken cancellation)
    {
        await foreach (var frame in RawFrames.Read(path, cancellation)) LearnTokens(frame);
        await foreach (var frame in RawFrames.Read(path, cancellation)) Check(frame);

        var proofs = _books.Values.Aggregate(default(ProofCounts), (sum, book) => sum + book.Proofs);
        return new CaptureReport
        {
            Frames = _frames,
            Events = EventNames.Zip(_events).ToDictionary(pair => pair.First, pair => pair.Second),
            Unparsable = _unparsable,
            Proofs = new()
            {
                ["ok"] = proofs.Ok,
                ["failed"] = proofs.Failed,
                ["unknown"] = proofs.Unknown,
                ["unsettled"] = _books.Values.Count(book => book.Proof is ProofState.Unsettled), // The capture ended in the middle of an update.
            },
            Crossed = _crossed,
            Books = [.. _books.Values.SelectMany(book => new[] { book.Condition.Yes, book.Condition.No }
                .Where(_withBook.Contains)
                .Select(token => new CapturedBook(book.Condition.Id.Text, token.Text, book.Book.LevelCount)))],
        };
    }

    private void LearnTokens(string frame)
    {
        _updates.Clear();
        MarketFrame.TryRead(Encoding.UTF8.GetBytes(frame), _updates);
        foreach (ref readonly var update in _updates.Updates)
        {
            if (update.Kind is BookUpdateKind.Snapshot) Learn(update.Condition, update.Token);
            foreach (ref readonly var entry in update.Entries.Span) Learn(update.Condition, entry.Token);
        }
    }

    private void Learn(ConditionId condition, TokenId token)
    {
        if (!_tokens.TryGetValue(condition, out var tokens)) _tokens[condition] = tokens = [];
        if (!tokens.Contains(token)) tokens.Add(token);
    }

    private void Check(string frame)
    {
        _frames++;
        _updates.Clear();
        if (!MarketFrame.TryRead(Encoding.UTF8.GetBytes(frame), _updates, out var summary)) _unparsable++;
        for (var i = 0; i < EventNames.Length; i++) _events[i] += summary[(FrameEvent)i];

        foreach (ref readonly var update in _updates.Updates)
        {
            if (BookOf(update.Condition) is not { } book) continue;

            book.Apply(update, default);
            if (update.Kind is BookUpdateKind.Snapshot) _withBook.Add(update.Token);
            if (update.Kind is BookUpdateKind.Snapshot or BookUpdateKind.Changes && book.Book.IsCrossed) _crossed++;
        }
    }

    /// <summary>Null for a condition whose book the capture does not carry.</summary>
    private ConditionBook? BookOf(ConditionId condition)
    {
        if (_books.TryGetValue(condition, out var book)) return book;
        if (!_tokens.TryGetValue(condition, out var tokens)) return null;

        var meta = known.GetValueOrDefault(condition) ?? new ConditionMeta(
            condition, tokens[0], tokens.Count > 1 ? tokens[1] : new TokenId("unseen"), null, null);
        return _books[condition] = new ConditionBook(
            new Condition
            {
                Id = condition,
                Question = "",
                Yes = meta.Yes,
                No = meta.No,
                Tick = Price.Cents(1),
                MinOrderSize = Size.Shares(5),
                NegRisk = meta.Format?.NegRisk ?? false,
                Fee = FeeCurve.Free,
                IsTradable = false,
                LastTrade = meta.LastTrade,
            },
            meta.Format);
    }
}
