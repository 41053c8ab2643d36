using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>
/// A recorded day traded again by other rules: recorded market data at its receive times drives the real desks, portfolio and books,
/// and a simulated venue answers. Time is virtual, so the same recording and rules come to the same decisions on any machine. Nothing
/// of the recording is known before its time: no later frame, no later word of the catalogue.
/// </summary>
/// <param name="header">
/// The markets a capture names on its first line. Each is opened by its first frame, unless the recording opened it before.
/// </param>
public sealed class SimulatedDay
{
    /// <summary>How far apart an order and the recorded one that it is may have been made.</summary>
    private static readonly TimeSpan SameOrderWithin = TimeSpan.FromSeconds(5);

    private const string Missing = "inputs missing in the recording";

    private readonly DayRules _rules;
    private readonly FrameReader _readFrame;
    private readonly Dictionary<ConditionId, Place> _places = new(ConditionIdComparer.Instance);
    private readonly Dictionary<MarketId, DaySeat> _seats = [];
    private readonly List<DaySeat> _moved = []; // In this burst, in the order of their first frames.
    private readonly UpdateBuffer _updates = new();
    private readonly Agenda<Action<Instant>> _agenda = new();
    private readonly DayTally _tally = new();
    private readonly RecordedFills? _recorded;
    private readonly SimulatedVenue _venue;
    private readonly SimulatedGateway _gateway;
    private readonly CaptureCurve _curve;
    private readonly SeatDriver _driver;
    private Instant _now;
    private Instant? _from;
    private long? _lastSequence;

    public SimulatedDay(DayRules rules, IEnumerable<Market> header, FrameReader readFrame)
    {
        (_rules, _readFrame) = (rules, readFrame);
        _recorded = rules.RecordedOrders.IsEmpty ? null : new RecordedFills(rules.RecordedOrders, SameOrderWithin);
        _venue = new SimulatedVenue(rules.Venue, rules.Seed, rules.Capital, condition => _places.GetValueOrDefault(condition)?.Watch?.Book, _recorded);
        _gateway = new SimulatedGateway(rules, _venue, _agenda, _tally, new SimulatedGatewayLinks(Nudge, market => _seats.GetValueOrDefault(market)?.Listed));
        _curve = new CaptureCurve(rules.Edge, _agenda);
        _driver = new SeatDriver(_gateway, _curve, _agenda, listed => Open(listed));
        foreach (var market in header)
        {
            foreach (var condition in market.Conditions) _places[condition.Id] = new Place(market);
        }
    }

    /// <summary>Recorded inputs played.</summary>
    public long Inputs { get; private set; }

    /// <summary>Orders that got what a recorded one got.</summary>
    public int AsRecorded => _recorded?.Taken ?? 0;

    /// <summary>Inputs that could not be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Told of every decision, in order; for who wants more than the digest of them.</summary>
    public Action<Instant, MarketId, DeskDecision>? Decided
    {
        init => _driver.Decided = value;
    }

    /// <summary>Over all desks.</summary>
    public string Digest => DecisionDigest.Combine(_seats.SelectMany(seat =>
        seat.Value.Desks.Select((desk, number) => KeyValuePair.Create($"{seat.Key}#{number}", desk.Digest.Head))));

    /// <summary>One recorded input, in its order. Nothing of it is kept.</summary>
    public void Play(in RecordedInput input)
    {
        switch (input.Kind)
        {
            case InputKind.Market:
                _updates.Clear();
                if (_readFrame(input.Text.Span, _updates))
                {
                    PlayFrame(input.Sequence, input.At, DecisionDigest.QuickOf(input.Text.Span), _updates.Updates);
                    return;
                }

                Unreadable++;
                break;

            case InputKind.Timer when input.Text.Span.StartsWith("{\"gap\""u8):
                MoveTo(input.Sequence, input.At);
                if (TryRead<RecordedGap>(input, out var gap) && _seats.TryGetValue(new MarketId(gap.Market), out var seat)) Lose(seat, gap.Gap);
                return;

            case InputKind.Timer when input.Text.Span.StartsWith("{\"lost\""u8):
                if (!MoveTo(input.Sequence, input.At)) LoseAll(Missing); // Of more than one the numbers say it too.
                return;

            case InputKind.Timer when input.Text.Span.StartsWith("{\"moved\""u8):
                MoveTo(input.Sequence, input.At);
                if (TryRead<RecordedMove>(input, out var move)) Hear(0, [BookUpdate.Moved(new ConditionId(move.Condition))]);
                return;

            case InputKind.Params when input.Text.Span.IndexOf("\"Opened\""u8) >= 0:
                MoveTo(input.Sequence, input.At);
                EndBurst();
                if (TryRead<OwnedInput>(input, out var owned) && owned.Input is DeskInput.Opened opened) Open(opened.Market);
                return;

            default:
                break; // What was decided and answered then is not what is decided and answered now.
        }

        MoveTo(input.Sequence, input.At);
    }

    private bool TryRead<T>(in RecordedInput input, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = DomainJson.Read<T>(input.Text.Span);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            Unreadable++;
            value = null;
            return false;
        }
    }

    /// <summary>The same of a frame that somebody has read already.</summary>
    /// <param name="digest">Of its text.</param>
    public void PlayFrame(long sequence, Instant at, ulong digest, ReadOnlySpan<BookUpdate> updates)
    {
        MoveTo(sequence, at);
        Hear(digest, updates);
    }

    /// <summary>The day is over: what is on its way is not waited for.</summary>
    public BacktestResult End(string source, ImmutableArray<NamedText> models, ImmutableArray<NamedText> changes)
    {
        EndBurst();
        _gateway.Note(_now);
        var result = DayResult.Of(_gateway, _tally, _rules, [.. _seats.Values], _now);
        return result with
        {
            Header = new BacktestHeader(source, _rules.Seed, _from ?? _now, _now, models, changes),
            Events = Inputs,
            DecisionsDigest = Digest,
            Capture = _curve.Cells,
        };
    }

    /// <summary>To the time of an input, and through all that was to happen until then. A clock that steps back stands still.</summary>
    /// <returns>Whether numbers were missing before it, so that every book is lost.</returns>
    private bool MoveTo(long sequence, Instant at)
    {
        Inputs++;
        if (at > _now || _from is null)
        {
            EndBurst();
            if (_from is null) Begin(at);
            RunUntil(at);
            _now = at;
        }

        var isHole = sequence != _lastSequence + 1 && _lastSequence is not null;
        _lastSequence = sequence;
        if (isHole) LoseAll(Missing);
        return isHole;
    }

    private void Begin(Instant at)
    {
        _from = _now = at;
        _gateway.Begin(at);
    }

    private void RunUntil(Instant until)
    {
        while (true)
        {
            var (own, venue) = (_agenda.Next, _venue.NextDue);
            var isVenue = venue is { } due && (own is null || due <= own.Value);
            if ((isVenue ? venue : own) is not { } next || next > until) return;

            if (next > _now) _now = next;
            if (isVenue) _venue.Advance(_now);
            else if (_agenda.TryTake(next, out var what, out var at)) what(at);
            _gateway.ListenToVenue(_now);
        }
    }

    private void Hear(ulong digest, ReadOnlySpan<BookUpdate> updates)
    {
        for (var i = 0; i < updates.Length; i++)
        {
            if (!_places.TryGetValue(updates[i].Condition, out var place)) continue;

            if (place.Seat is null)
            {
                if (_seats.ContainsKey(place.Market.Id)) continue; // The recording opened its market without it, and says when that changes.

                Open(place.Market);
                place = _places[updates[i].Condition];
            }

            Hear(place.Seat!, place.Watch!, digest, updates.Slice(i, 1));
        }

        _gateway.ListenToVenue(_now);
    }

    /// <summary>One update: the desk's book first, at which the venue looks.</summary>
    private void Hear(DaySeat seat, ConditionWatch watch, ulong digest, ReadOnlySpan<BookUpdate> update)
    {
        seat.Desk.Hear(digest, _now, update, gap: null, _now);
        _venue.Watch(update[0], _now);
        watch.Hear(update[0].Kind, _now);
        Moved(seat);
        if (update[0] is { Kind: BookUpdateKind.Resolved, Token: { Text: not null } winner }) _gateway.Resolve(watch.Book.Condition, winner, _now);
    }

    private void Moved(DaySeat seat)
    {
        if (seat.IsMoved) return;

        seat.IsMoved = true;
        _moved.Add(seat);
    }

    /// <summary>Everything with one receive time is one batch of each of its markets.</summary>
    private void EndBurst()
    {
        for (var i = 0; i < _moved.Count; i++)
        {
            var seat = _moved[i];
            seat.IsMoved = false;
            _driver.Act(seat, seat.Desk.EndTurn(_now), _now);
        }

        _moved.Clear();
    }

    private DaySeat Open(Market market)
    {
        if (_seats.TryGetValue(market.Id, out var seat))
        {
            if (!seat.Renew(market, _now)) return seat;
        }
        else
        {
            _seats[market.Id] = seat = new DaySeat(market, _rules.Edge, _now);
        }

        Follow(seat);
        return seat;
    }

    private void Follow(DaySeat seat)
    {
        _venue.Follow(seat.Listed);
        foreach (var watch in seat.Watches) _places[watch.Book.Condition.Id] = new Place(seat.Listed) { Seat = seat, Watch = watch };
        _driver.Begin(seat, _now);
    }

    private void Lose(DaySeat seat, string cause)
    {
        _venue.Lose(seat.Listed.Id);
        seat.Desk.Hear(0, _now, [], cause, _now);
        seat.Lost(cause, _now);
        Moved(seat);
    }

    private void LoseAll(string cause)
    {
        foreach (var seat in _seats.Values) Lose(seat, cause);
    }

    private void Nudge(MarketId market, Instant now)
    {
        if (_seats.TryGetValue(market, out var seat)) _driver.Nudge(seat, now);
    }

    /// <summary>Where a condition is traded: nowhere yet while nothing of its market has come.</summary>
    private sealed record Place(Market Market)
    {
        public DaySeat? Seat { get; init; }

        public ConditionWatch? Watch { get; init; }
    }
}
