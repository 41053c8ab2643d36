using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>What goes wrong on the market channel (protocol 4.3, 10.9). Call it with the exchange's lock held.</summary>
internal sealed class FeedFaults(FaultBoard board, Agenda agenda, MarketFeed feed)
{
    public bool IsIdle => board.IsIdle;

    /// <summary>Nobody hears anything of the condition now; null asks for what concerns no condition in particular.</summary>
    public bool Silences(Condition? condition) =>
        board.Holds(FaultKind.WsFreeze, condition) || (condition is not null && board.Holds(FaultKind.TokenFreeze, condition));

    /// <summary>The books of a dump that really go out now; a late one follows with what it says now.</summary>
    public (Market Market, int Token)[] Dumped(IFrameSink sink, IEnumerable<(Market Market, int Token)> books) =>
        [.. books.Where(book => !Silences(book.Market.Condition) && !Keeps(book.Market.Condition, ms =>
        {
            var (market, token) = book;
            var frame = System.Text.Encoding.UTF8.GetBytes(BookText.Frame(market, token));
            agenda.In(ms, () => feed.Heard(sink, market.Condition, token, frame));
        }))];

    /// <summary>
    /// The changes of a match in an order in which a reader's book crosses for a moment: what the taker left is told before what it took.
    /// A taker that took several levels and left nothing is shown resting for that moment, with the least size there is.
    /// </summary>
    public IReadOnlyList<LevelChange> Crossed(Market market, IReadOnlyList<LevelChange> changes)
    {
        if (changes.Count < 2 || board.Strikes(FaultKind.CrossedTransient, market.Condition) is null) return changes;
        if (changes[^1].IsBid != changes[0].IsBid) return [changes[^1], .. changes.SkipLast(1)];

        var (bid, price) = (!changes[0].IsBid, changes[^1].Price);
        var total = market.Book.TotalAt(bid, price);
        return [new LevelChange(bid, price, total + market.Condition.MinSize), .. changes, new LevelChange(bid, price, total)];
    }

    /// <summary>The frames of one settled change as they leave.</summary>
    public IReadOnlyList<FeedFrame> Spoiled(Condition condition, List<FeedFrame> frames)
    {
        if (frames.Count == 0) return frames;
        if (Silences(condition)) return [];

        var first = frames.FindIndex(1, frame => frame.Kind is FrameKind.PriceChange);
        if (first > 0 && board.Strikes(FaultKind.ReorderSameTimestamp, condition, $"{frames[first - 1].Kind} after {frames[first].Kind}") is not null)
        {
            (frames[first - 1], frames[first]) = (frames[first], frames[first - 1]);
        }

        var change = frames.FindIndex(frame => frame.Kind is FrameKind.PriceChange);
        if (change >= 0 && board.Strikes(FaultKind.DuplicateFrame, condition) is not null) frames.Insert(change, frames[change]);
        return [.. frames.Where(frame => frame.Kind is not FrameKind.Book || !Keeps(condition, ms => agenda.In(ms, () => feed.Heard(condition, frame))))];
    }

    /// <summary>True when a book does not go out as it should: it is lost, or sent later.</summary>
    private bool Keeps(Condition condition, Action<long> later)
    {
        if (board.Strikes(FaultKind.DropBook, condition) is not null) return true;
        if (board.Strikes(FaultKind.LateBook, condition) is not { } fault) return false;

        later(fault.DurationMs);
        return true;
    }
}
