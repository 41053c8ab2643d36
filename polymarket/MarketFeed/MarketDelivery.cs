using System.Collections.Immutable;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// Records what a socket hears and posts it to the pumps of its markets. Its socket's lock guards it: a number is taken from the
/// recorder and posted under the same lock, so that each pump sees its inputs in the recorder's order.
/// </summary>
internal sealed class MarketDelivery(FeedParts parts, IReadOnlyDictionary<ConditionId, FollowedCondition> conditions)
{
    private readonly UpdateBuffer _updates = new();

    /// <summary>Markets whose queue was full since it was last emptied.</summary>
    public List<FollowedMarket> Full { get; } = [];

    /// <summary>False when the frame is not in the venue's format. It is recorded all the same.</summary>
    public bool TryDeliver(SocketFrame frame)
    {
        var bytes = frame.Bytes.Span;
        _updates.Clear();
        var isReadable = MarketFrame.TryRead(bytes, _updates, parts.Unknown);
        var connection = isReadable && IsOverheard() ? frame.Connection + CaptureLine.Overheard : frame.Connection;
        var sequence = parts.Tap.Take(InputKind.Market, connection, bytes, frame.At);
        if (!isReadable) return false;
        if (_updates.Count == 0) return true;

        var input = new FeedInput(sequence, frame.At, DecisionDigest.Of(bytes), [], null);
        var now = parts.Now;
        for (var i = 0; i < _updates.Count; i++) Dispatch(i, input, now);
        return true;
    }

    /// <summary>A loss is an input like any other: recorded, numbered, in its place. It empties a queue that is full.</summary>
    public void Lose(FollowedMarket market, string connection, string cause)
    {
        var at = Instant.From(parts.Time.GetUtcNow());
        var lost = FeedInput.Lost(Note(connection, new RecordedGap(cause, market.Pump.Market.Id.Text), at), at, cause);
        if (market.Pump.TryPost(lost)) return;

        market.Pump.Drain();
        market.Pump.TryPost(lost);
    }

    /// <summary>From here on the condition is heard over another connection.</summary>
    public void Move(FollowedCondition condition, string connection)
    {
        var at = Instant.From(parts.Time.GetUtcNow());
        var move = new RecordedMove(connection, condition.Market.Pump.Market.Id.Text, condition.Condition.Id.Text);
        Post(condition.Market, FeedInput.Moved(Note(connection, move, at), at, condition.Condition.Id));
    }

    /// <summary>Posts what the frame says about the market of this update, once: at the first of its updates.</summary>
    private void Dispatch(int first, FeedInput input, TimeSpan now)
    {
        if (!conditions.TryGetValue(_updates[first].Condition, out var condition)) return; // Broadcast, or just unsubscribed.

        Hear(condition, _updates[first], now);
        var market = condition.Market;
        for (var i = 0; i < first; i++)
        {
            if (IsOf(market, _updates[i])) return;
        }

        Post(market, input with { Updates = CopiesFor(market) });
    }

    /// <summary>The buffer is used again for the next frame; what goes to a grain is nobody's but its own.</summary>
    private ImmutableArray<BookUpdate> CopiesFor(FollowedMarket market)
    {
        if (_updates.Count == 1) return [_updates[0].Copy()];

        var copies = ImmutableArray.CreateBuilder<BookUpdate>(_updates.Count);
        foreach (ref readonly var update in _updates.Updates)
        {
            if (IsOf(market, update)) copies.Add(update.Copy());
        }

        return copies.DrainToImmutable();
    }

    private static void Hear(FollowedCondition condition, in BookUpdate update, TimeSpan now)
    {
        condition.Pulse.Hear(condition.Condition, update, now);
        if (update.Kind is BookUpdateKind.Snapshot) condition.HasCome(update.Token);
        else if (update.Kind is BookUpdateKind.TickChange) condition.Expect(now); // The desk has thrown its book away; should none follow, it is asked for.
    }

    private bool IsOverheard()
    {
        foreach (ref readonly var update in _updates.Updates)
        {
            if (conditions.ContainsKey(update.Condition)) return false;
        }

        return _updates.Count > 0;
    }

    private bool IsOf(FollowedMarket market, in BookUpdate update) =>
        conditions.TryGetValue(update.Condition, out var other) && other.Market == market;

    private void Post(FollowedMarket market, FeedInput input)
    {
        if (!market.Pump.TryPost(input)) Full.Add(market);
    }

    private long Note<T>(string connection, T note, Instant at) =>
        parts.Tap.Take(InputKind.Timer, connection, Encoding.UTF8.GetBytes(DomainJson.Write(note)), at);
}
