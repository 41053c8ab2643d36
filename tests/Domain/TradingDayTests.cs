using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>A desk is driven live while every input is written down; the lines are then played again. Frames are our own JSON here.</summary>
public class TradingDayTests
{
    private readonly List<CaptureLine> _lines = [];
    private readonly VenueBook[] _venue = [new(Given.Condition(0)), new(Given.Condition(1))];
    private MarketDesk _desk;

    public TradingDayTests()
    {
        var venue = _venue;
        foreach (var book in venue) book.Set(Outcome.Yes, Side.Buy, 40, 100);

        _desk = Open(Given.Market());
        Frames(1, venue[0].Snapshot(), venue[1].Snapshot());
        venue[0].Ms++;
        Frames(2, venue[0].Change(Outcome.Yes, Side.Buy, 55, 50));
        venue[1].Ms++;
        Frames(3, venue[1].Change(Outcome.Yes, Side.Buy, 55, 50)); // Proposes.
        var id = Decisions().OfType<DeskDecision.Propose>().Single().Proposal.Id;
        Tell(new DeskInput.Refused(id, Refusal.Stale), 4);
        Tell(new DeskInput.Tick(), 4.5);
        venue[1].Ms++;
        Frames(6, venue[1].Change(Outcome.Yes, Side.Buy, 55, 60)); // Proposes again.
        Gap("queue full", 7);
    }

    [Fact]
    public void A_recording_decides_again_as_it_did()
    {
        var day = Play(_lines);
        Assert.Null(day.Divergence);
        Assert.Equal((_lines.Count, 7, 2), (day.Inputs, day.Turns, day.Decisions));
        Assert.Equal(DecisionDigest.Combine([KeyValuePair.Create(Given.Event.Text, _desk.Digest.Head)]), day.Digest);
    }

    [Fact]
    public void A_move_to_another_connection_is_replayed()
    {
        var condition = Given.Condition(0).Id;
        var number = Note(InputKind.Timer, DomainJson.Write(new RecordedMove("m1#2", Given.Event.Text, condition.Text)), 8);
        Turned(number, 8, _desk.Turn([FeedInput.Moved(number, Given.After(8), condition)], Given.After(8)));
        Assert.Null(Play(_lines).Divergence);
    }

    /// <summary>The venue tells every connection of each end: what came by one that does not follow the market was given to nobody.</summary>
    [Fact]
    public void What_another_connection_overheard_decides_nothing()
    {
        var frames = _lines.FindAll(line => line.Kind is InputKind.Market);
        var doubled = _lines.SelectMany(line => line == frames[1] ? [line, line with { Connection = $"m2#1{CaptureLine.Overheard}" }] : new[] { line });
        Assert.Null(Play([.. doubled]).Divergence);
        Assert.NotNull(Play([.. _lines.SelectMany(line => line == frames[1] ? new[] { line, line } : [line])]).Divergence);
    }

    [Fact]
    public void A_changed_byte_shows_at_the_first_turn_after_it()
    {
        foreach (var (line, index) in _lines.Select((line, index) => (line, index)).Where(pair => pair.line.Kind is InputKind.Market).ToArray())
        {
            var changed = _lines.ToList();
            changed[index] = line with { Text = line.Text + " " };
            var turn = _lines.Skip(index).First(later => later.Kind is InputKind.Turn);
            Assert.Equal(turn.Sequence, Play(changed).Divergence?.Sequence);
        }
    }

    [Fact]
    public void A_turn_none_of_whose_inputs_can_be_read_shows()
    {
        var turn = _lines.First(line => line.Kind is InputKind.Turn && _lines[(int)DomainJson.Read<RecordedTurn>(line.Text).First - 1].Kind is InputKind.Market);
        var first = DomainJson.Read<RecordedTurn>(turn.Text).First;
        Assert.Equal(turn.Sequence, Play(_lines.Where(line => line.Sequence < first || line.Sequence >= turn.Sequence)).Divergence?.Sequence);
    }

    [Fact]
    public void A_turn_that_was_dropped_shows_at_the_next()
    {
        var turns = _lines.Where(line => line.Kind is InputKind.Turn).ToArray();
        for (var i = 0; i + 1 < turns.Length; i++)
            Assert.Equal(turns[i + 1].Sequence, Play(_lines.Where(line => line != turns[i])).Divergence?.Sequence);
    }

    [Fact]
    public void Swapped_answers_show_at_their_turn()
    {
        var at = Enumerable.Range(0, _lines.Count).Where(index => _lines[index].Kind is InputKind.Answer or InputKind.Timer).Take(2).ToArray();
        var swapped = _lines.ToList();
        (swapped[at[0]], swapped[at[1]]) = (
            _lines[at[0]] with { Text = _lines[at[1]].Text, Kind = _lines[at[1]].Kind }, _lines[at[1]] with { Text = _lines[at[0]].Text, Kind = _lines[at[0]].Kind });
        Assert.Equal(_lines[at[0] + 1].Sequence, Play(swapped).Divergence?.Sequence);
    }

    [Fact]
    public void Another_clock_shows_at_its_turn()
    {
        var index = _lines.FindIndex(line => line.Kind is InputKind.Turn);
        var changed = _lines.ToList();
        var turn = DomainJson.Read<RecordedTurn>(changed[index].Text);
        changed[index] = changed[index] with { Text = DomainJson.Write(turn with { Now = turn.Now + TimeSpan.FromMicroseconds(1) }) };
        Assert.Equal(changed[index].Sequence, Play(changed).Divergence?.Sequence);
    }

    [Fact]
    public void Another_recorded_decision_shows_at_its_turn()
    {
        var index = _lines.FindIndex(line => line.Kind is InputKind.Turn && DomainJson.Read<RecordedTurn>(line.Text).Decision is not null);
        var changed = _lines.ToList();
        changed[index] = changed[index] with { Text = DomainJson.Write(DomainJson.Read<RecordedTurn>(changed[index].Text) with { Decision = null }) };
        Assert.Equal(changed[index].Sequence, Play(changed).Divergence?.Sequence);
    }

    [Fact]
    public void A_turn_without_its_desk_and_a_line_that_cannot_be_read_show()
    {
        var turn = _lines.First(line => line.Kind is InputKind.Turn).Sequence;
        Assert.Equal(turn - 1, Play(_lines.Skip(1).Select(line => line with { Sequence = line.Sequence - 1 })).Divergence?.Sequence);
        Assert.Equal(1, Play([new CaptureLine(1, Given.Noon, "", InputKind.Turn, "{")]).Divergence?.Sequence);
    }

    [Fact]
    public void Turns_of_a_desk_that_was_opened_before_the_recording_begins_are_not_covered()
    {
        var cut = Play(_lines.Skip(3));
        Assert.Null(cut.Divergence);
        Assert.Equal((4L, 7L, 7L), (cut.Begin, cut.Turns, cut.Uncovered));
        Assert.Equal([Given.Event.Text], cut.UncoveredOwners);
    }

    [Fact]
    public void What_was_lost_leaves_the_turns_of_its_desk_uncovered_and_nothing_else()
    {
        for (var index = 0; index < _lines.Count; index++) // The opening too.
        {
            var lossy = Without(index);
            var day = Play(lossy);
            Assert.Null(day.Divergence);
            var turns = lossy.Skip(index).Count(line => line.Kind is InputKind.Turn);
            Assert.Equal((1L, turns), (day.Lost, day.Uncovered)); // A lost turn shows at the next one.
        }

        var spared = _lines.ToList();
        spared.Insert(5, new CaptureLine(0, Given.Noon, RecordedLoss.Connection, InputKind.Timer, DomainJson.Write(new RecordedLoss(1, 0, 0))));
        Assert.Equal(0, Play(spared).Uncovered);
        spared[^1] = spared[^1] with { Text = spared[^1].Text.Replace("\"now\":", "\"now\":1", StringComparison.Ordinal) };
        Assert.Equal(spared[^1].Sequence, Play(spared).Divergence?.Sequence); // No excuse any more.
    }

    [Fact]
    public void A_loss_that_swallows_an_opening_leaves_turns_uncovered_until_the_next_opening()
    {
        var anew = _lines.Count;
        _desk = Open(Given.Market(Given.Condition(0))); // The old desk is still there.
        Snapshot(0, 8);
        Snapshot(0, 9);
        Assert.Null(Play(_lines).Divergence);

        var end = _lines.Count;
        _desk = Open(Given.Market());
        Snapshot(1, 10);
        var day = Play(Without(anew));
        Assert.Null(day.Divergence);
        Assert.Equal(2, day.Uncovered);
        Assert.Equal(DecisionDigest.Combine([KeyValuePair.Create(Given.Event.Text, _desk.Digest.Head)]), day.Digest);

        Assert.Equal(anew + 3, Play(_lines.Where((_, index) => index != anew)).Divergence?.Sequence); // Nothing says it was lost.
        var again = Without(anew);
        again.RemoveAt(end);
        Assert.Equal(3, Play(again).Uncovered); // The same loss may have been the last opening's.
        again = Without(anew);
        again[^1] = again[^1] with { Text = again[^1].Text.Replace("\"now\":", "\"now\":1", StringComparison.Ordinal) };
        Assert.Equal(again[^1].Sequence, Play(again).Divergence?.Sequence);
    }

    [Fact]
    public void A_desk_that_was_shut_is_opened_by_a_row_or_by_a_loss_after_that()
    {
        Note(InputKind.Rest, "{}", 8);
        var shut = _lines.Count;
        Note(InputKind.Params, DomainJson.Write(new OwnedInput(Given.Event, new DeskInput.Shut())), 8);
        _desk = Open(Given.Market());
        Snapshot(0, 9);
        var turn = _lines.Count;

        Assert.Equal((null, 1L), (Play(Without(shut + 1)).Divergence, Play(Without(shut + 1)).Uncovered));
        Assert.Equal((null, 0L), (Play(Without(shut)).Divergence, Play(Without(shut)).Uncovered)); // It is opened anew all the same.
        Assert.Equal(turn, Play(Without(shut - 1).Where((_, index) => index != shut + 1)).Divergence?.Sequence);

        var cut = _lines.Where((_, index) => index > 0 && index != shut - 1 && index != shut + 1);
        Assert.Equal(turn, Play(cut).Divergence?.Sequence); // Its beginning is missing, but not that.
    }

    [Fact]
    public void A_condition_that_moved_to_another_market_stays_there_whatever_was_lost_of_the_first()
    {
        var smaller = _lines.Count;
        var first = _desk = Open(Given.Market(Given.Condition(0)));
        var second = Open(Given.Market(Given.Condition(1)) with { Id = new MarketId("second") });
        Take(second, 1, 8);
        Take(first, 0, 9);
        Take(second, 1, 10);
        Take(first, 0, 11);
        var whole = Play(_lines);
        Assert.Equal((null, 0L), (whole.Divergence, whole.Uncovered));

        var day = Play(Without(smaller));
        Assert.Equal((null, 2L), (day.Divergence, day.Uncovered));
        Assert.Equal([Given.Event.Text], day.UncoveredOwners);
        Assert.Equal(DecisionDigest.Combine([KeyValuePair.Create("second", second.Digest.Head)]), day.Digest);

        day = Play(Without(smaller + 1)); // The second was never heard of, and the first goes on.
        Assert.Equal((null, 2L), (day.Divergence, day.Uncovered));
        Assert.Equal(["second"], day.UncoveredOwners);

        void Take(MarketDesk desk, int condition, double at)
        {
            _desk = desk;
            Snapshot(condition, at);
        }
    }

    private static TradingDay Play(IEnumerable<CaptureLine> lines)
    {
        var day = new TradingDay(Read);
        foreach (var line in lines) day.Play(line);
        return day;
    }

    /// <summary>Into the buffer's own arrays, as a real reader does.</summary>
    private static bool Read(ReadOnlySpan<byte> frame, UpdateBuffer updates)
    {
        var update = DomainJson.Read<BookUpdate>(Encoding.UTF8.GetString(frame));
        foreach (var level in update.Bids.Span) updates.Add(level);
        var asks = updates.LevelCount;
        foreach (var level in update.Asks.Span) updates.Add(level);
        foreach (var entry in update.Entries.Span) updates.Add(entry);
        updates.Add(update with { Bids = updates.LevelsFrom(0)[..asks], Asks = updates.LevelsFrom(asks), Entries = updates.EntriesFrom(0) });
        return true;
    }

    private IEnumerable<DeskDecision?> Decisions() =>
        _lines.Where(line => line.Kind is InputKind.Turn).Select(line => DomainJson.Read<RecordedTurn>(line.Text).Decision);

    /// <summary>As if the recorder had lost what stands there.</summary>
    private List<CaptureLine> Without(int index)
    {
        var loss = new RecordedLoss(1, index + 1, index + 1);
        var lossy = _lines.ToList();
        lossy[index] = new CaptureLine(loss.Last, Given.Noon, RecordedLoss.Connection, InputKind.Timer, DomainJson.Write(loss));
        return lossy;
    }

    private MarketDesk Open(Market market)
    {
        var opened = new DeskInput.Opened(market, Given.Policy);
        Note(InputKind.Params, DomainJson.Write(new OwnedInput(market.Id, opened)), 0);
        return new MarketDesk(opened);
    }

    private void Snapshot(int condition, double at)
    {
        _venue[condition].Ms++;
        Frames(at, _venue[condition].Snapshot());
    }

    private void Frames(double at, params BookUpdate[] updates)
    {
        var first = _lines.Count + 1;
        FeedInput[] batch = [.. updates.Select(update =>
        {
            var text = DomainJson.Write(update);
            return new FeedInput(Note(InputKind.Market, text, at), Given.After(at), DecisionDigest.Of(Encoding.UTF8.GetBytes(text)), [update], null);
        })];
        Turned(first, at, _desk.Turn(batch, Given.After(at)));
    }

    private void Tell(DeskInput input, double at)
    {
        var text = DomainJson.Write(new OwnedInput(_desk.Market.Id, input));
        var number = Note(OwnedInput.KindOf(input), text, at);
        Turned(number, at, _desk.Turn(input, text, Given.After(at)));
    }

    private void Gap(string cause, double at)
    {
        var number = Note(InputKind.Timer, DomainJson.Write(new RecordedGap(cause, Given.Event.Text)), at);
        Turned(number, at, _desk.Turn([FeedInput.Lost(number, Given.After(at), cause)], Given.After(at)));
    }

    private void Turned(long first, double at, DeskDecision? decision) => Note(
        InputKind.Turn,
        DomainJson.Write(new RecordedTurn(_desk.Turns, _desk.Market.Id.Text, first, _lines.Count, Given.After(at), _desk.Digest.Brief, decision)), at);

    private long Note(InputKind kind, string text, double at)
    {
        _lines.Add(new CaptureLine(_lines.Count + 1, Given.After(at), "test", kind, text));
        return _lines.Count;
    }
}
