using System.Text;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The scanner of plain JSON beside the whole reader: whatever the frame, both say the same.</summary>
internal sealed class FrameReaders
{
    private readonly UpdateBuffer _fast = new();
    private readonly UpdateBuffer _whole = new();

    /// <summary>What the last frame said; empty when it could not be read.</summary>
    public UpdateBuffer Updates => _fast;

    /// <summary>True when the frame can be read.</summary>
    public bool Agree(byte[] frame, string where = "")
    {
        _fast.Clear();
        _whole.Clear();
        _fast.Add(BookUpdate.Listed(Given.Condition)); // What is in the buffer already stays.
        _whole.Add(BookUpdate.Listed(Given.Condition));
        var (fastNames, wholeNames) = (new UnknownNames(), new UnknownNames());
        var fast = MarketFrame.TryRead(frame, _fast, out var fastSummary, fastNames);
        var whole = MarketFrame.TryReadWhole(frame, _whole, out var wholeSummary, wholeNames);

        if (fast != whole || fastSummary != wholeSummary || !IsSame(_fast, _whole) || !IsSame(fastNames, wholeNames) || (!fast && _fast.Count != 1))
            Assert.Fail($"{where}: the readers disagree on {Encoding.UTF8.GetString(frame)}\n({Convert.ToHexString(frame)})");

        return fast;
    }

    private static bool IsSame(UpdateBuffer one, UpdateBuffer other)
    {
        if (one.Count != other.Count || one.LevelCount != other.LevelCount || one.EntryCount != other.EntryCount) return false;

        for (var i = 0; i < one.Count; i++)
        {
            var (left, right) = (one[i], other[i]);
            var levels = left.Bids.Span.SequenceEqual(right.Bids.Span) && left.Asks.Span.SequenceEqual(right.Asks.Span);
            var entries = left.Entries.Span.SequenceEqual(right.Entries.Span);
            if (!levels || !entries || Plain(left) != Plain(right)) return false;
        }

        return true;
    }

    private static BookUpdate Plain(BookUpdate update) => update with { Bids = default, Asks = default, Entries = default };

    private static bool IsSame(UnknownNames one, UnknownNames other)
    {
        var (left, right) = (one.Counts, other.Counts);
        return left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var times) && times == pair.Value);
    }
}
