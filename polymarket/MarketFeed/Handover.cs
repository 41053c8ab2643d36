using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// A younger connection takes over from an older one, condition by condition, and no update is missed: a condition moves when both its
/// books have come on the new one and the old one has said what the last of them says. What the new one says in between is kept and
/// delivered then. Only what is delivered is recorded, an event at a time, so a replay needs to know nothing of two connections.
/// Its socket's lock guards it.
/// </summary>
internal sealed class Handover(
    MarketConnection from, MarketConnection to, FeedParts parts, MarketDelivery delivery, IReadOnlyDictionary<ConditionId, FollowedCondition> conditions)
{
    /// <summary>Two connections lie milliseconds apart. An old one that is this far behind has stopped, and is not waited for.</summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(1);

    private const int HeldMax = 1_024;

    private readonly Dictionary<FollowedCondition, Arrival> _arrivals = [];
    private readonly UpdateBuffer _updates = new();
    private TimeSpan? _begun;

    public MarketConnection From { get; } = from;

    public MarketConnection To { get; } = to;

    public bool HasMoved { get; private set; }

    /// <summary>Nothing is left to wait for: what has no book on the old connection has nothing to lose.</summary>
    public bool IsDone => _begun is not null && _arrivals.Keys.All(condition => condition.IsBookless);

    /// <summary>The new connection is live and has subscribed to everything.</summary>
    public void Begin()
    {
        _begun = parts.Now;
        foreach (var condition in conditions.Values) _arrivals[condition] = new Arrival(parts.Now);
    }

    public bool IsOlderThan(TimeSpan age) => _begun is { } begun && parts.Now - begun >= age;

    public void Forget(FollowedCondition condition) => _arrivals.Remove(condition);

    /// <summary>A frame of either connection, event by event; false when it is not in the venue's format.</summary>
    public bool TryTake(MarketConnection here, SocketFrame frame)
    {
        foreach (var part in FrameParts.Of(frame.Bytes.Span))
        {
            if (!TryTakePart(here, frame with { Bytes = frame.Bytes[part] })) return false;
        }

        return true;
    }

    /// <summary>An old connection that stays behind is not waited for, and a book that has not come is asked for again.</summary>
    public void Look()
    {
        foreach (var condition in _arrivals.Keys.ToArray()) MoveIfReady(condition);
        To.Ask([.. _arrivals.SelectMany(arrival => arrival.Value.Overdue(arrival.Key, parts))]);
    }

    private bool TryTakePart(MarketConnection here, SocketFrame frame)
    {
        _updates.Clear();
        var isReadable = MarketFrame.TryRead(frame.Bytes.Span, _updates);
        if (_updates.Count == 0 || !conditions.TryGetValue(_updates[0].Condition, out var condition))
            return here == From ? delivery.TryDeliver(frame) : isReadable; // A PONG, or about others: once is enough.

        if (condition.On == here)
        {
            delivery.TryDeliver(frame);
            MoveIfReady(condition);
        }
        else if (here == To && _arrivals.TryGetValue(condition, out var arrival))
        {
            arrival.Hear(condition, _updates[0], frame, parts.Now);
            MoveIfReady(condition);
        }

        return true; // Else the old connection's, of what has moved.
    }

    private void MoveIfReady(FollowedCondition condition)
    {
        if (!_arrivals.TryGetValue(condition, out var arrival) || !arrival.IsReady(condition, parts.Now)) return;

        _arrivals.Remove(condition);
        HasMoved = true;
        condition.Arrive(To, arrival.Missing, parts.Now);
        delivery.Move(condition, To.Name);
        foreach (var held in arrival.Held) delivery.TryDeliver(held);
    }

    /// <summary>What has come of a condition on the new connection.</summary>
    private sealed class Arrival(TimeSpan now)
    {
        private TimeSpan _askedAt = now;
        private TimeSpan _heldSince;
        private Outcome _outcome;
        private Seen _book;

        public MissingBooks Missing { get; private set; } = MissingBooks.Both;

        /// <summary>The last of its books, and everything since.</summary>
        public List<SocketFrame> Held { get; } = [];

        public void Hear(FollowedCondition condition, in BookUpdate update, SocketFrame frame, TimeSpan now)
        {
            if (Held.Count > 0)
            {
                Held.Add(Copy(frame));
            }
            else if (update.Kind is BookUpdateKind.Snapshot && condition.Condition.OutcomeOf(update.Token) is { } outcome)
            {
                Missing = Missing.Without(outcome);
                if (StillMissing(condition) is not MissingBooks.None) return;

                (_outcome, _book, _heldSince) = (outcome, new Seen(update.VenueMs, update.Hash), now);
                Held.Add(Copy(frame));
            }
        }

        public bool IsReady(FollowedCondition condition, TimeSpan now) => Held.Count > 0
            && (condition.Missing is MissingBooks.Both
                || condition.Pulse.Last(_outcome)?.HasReached(_book) is not false
                || now - _heldSince >= HoldMax
                || Held.Count >= HeldMax);

        public IEnumerable<TokenId> Overdue(FollowedCondition condition, FeedParts parts)
        {
            if (Held.Count > 0 || parts.Now - _askedAt < parts.Options.BookWithin) return [];

            _askedAt = parts.Now;
            return StillMissing(condition).TokensOf(condition.Condition);
        }

        /// <summary>What the old connection lacks as well is not waited for.</summary>
        private MissingBooks StillMissing(FollowedCondition condition) => Missing & ~condition.Missing;

        private static SocketFrame Copy(SocketFrame frame) => frame with { Bytes = frame.Bytes.ToArray() };
    }
}
