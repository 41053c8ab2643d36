using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>A portfolio serves every kind of call while its recorder writes them down; the lines are then played again.</summary>
public class PortfolioDayTests
{
    private readonly LineTap _tap = new();
    private readonly PortfolioRecorder _recorder;
    private readonly Portfolio _portfolio;
    private double _seconds;

    public PortfolioDayTests()
    {
        _recorder = new PortfolioRecorder(_tap);
        var opened = new PortfolioOpened(7, Given.Limits, Given.Breakers);
        _portfolio = new Portfolio(opened);
        _recorder.Opened(opened, Given.Noon);

        Serve(new PortfolioCall.Reserve(Proposal("early"))); // Refused: recovering.
        Serve(new PortfolioCall.Announce(new Announcement(
            3, 1, TradingState.Running, IsRecovering: false, Usd.Dollars(1_000), Usd.Zero,
            [new Position(Given.Yes(5), Given.Event, Given.Condition(5).Id, Size.Shares(10), Usd.Dollars(4))], [], [], [])));
        Serve(new PortfolioCall.Mark(new MarketMark(Given.Event, At, null, DelaysTakers: false, [new TokenMark(Given.Yes(5), Price.Cents(40))], 0, 0)));
        var reserved = ((RiskDecision.Approved)((PortfolioAnswer.Decided)Serve(new PortfolioCall.Reserve(Proposal("b1")))!).Decision).Reservation;
        Serve(new PortfolioCall.Reserve(Proposal("b2"))); // Refused: the market is busy.
        Serve(new PortfolioCall.Consume(2, reserved.Id)); // Of an older gateway.
        Serve(new PortfolioCall.Consume(3, reserved.Id));
        Serve(new PortfolioCall.Settle(3, [Settlement(reserved.Id)]));
        Serve(new PortfolioCall.Release(3, [reserved.Id]));
        Serve(new PortfolioCall.FreeSlot(3, new BasketId("b1")));
        Serve(new PortfolioCall.TakeSlots(3, [new OpenSlot(new BasketId("b1"), new BasketSlot(Given.Event, null))]));
        Serve(new PortfolioCall.SetAside(3, new HeldReservation(
            new ReservationId(3, 1), Given.Event, Usd.Zero, ImmutableDictionary<TokenId, Size>.Empty.Add(Given.Yes(5), Size.Shares(10)))));
        Serve(new PortfolioCall.Check(3, new GatewaySigns(StreamState.Live, StreamState.Live, 1, [new Answered(Given.Event, At, At, 2, 1)])));
        Serve(new PortfolioCall.Trip(3, "a test"));
        Serve(new PortfolioCall.Check(3, new GatewaySigns(StreamState.Live, StreamState.Down, 0, [])));
        Serve(new PortfolioCall.Move(3, TradingState.Paused, 2));
        Serve(new PortfolioCall.Check(3, new GatewaySigns(StreamState.Live, StreamState.Live, 0, [])));
    }

    private Instant At => Given.After(_seconds);

    [Fact]
    public void A_recording_answers_again_as_it_did()
    {
        var day = Play(_tap.Lines);

        Assert.Null(day.Divergence);
        Assert.Equal((17L, 1L, 2L, 0L), (day.Portfolio.Turns, day.Portfolio.Approved, day.Portfolio.Refused, day.Portfolio.Uncovered));
        Assert.Equal(_recorder.Digest, day.Portfolio.Digest);
        Assert.Equal(DecisionDigest.Combine([KeyValuePair.Create("portfolio", _recorder.Digest!)]), day.Digest);
    }

    [Fact]
    public void Every_kind_of_call_is_in_the_recording() => Assert.Equal(
        typeof(PortfolioCall).GetNestedTypes().Select(type => type.Name).Order(),
        _tap.Lines.Where(line => line.Kind is InputKind.Call).Select(line => DomainJson.Read<PortfolioCall>(line.Text).GetType().Name).Distinct().Order());

    /// <summary>No seal is needed: whatever is changed in a row shows in the turn that it belongs to.</summary>
    [Fact]
    public void A_changed_byte_anywhere_shows_in_its_turn()
    {
        foreach (var (line, index) in _tap.Lines.Select((line, index) => (line, index)).ToArray())
        {
            var turn = _tap.Lines.Skip(index).First(later => later.Kind is InputKind.Turn).Sequence;
            var before = _tap.Lines.Take(index).LastOrDefault(earlier => earlier.Kind is InputKind.Turn)?.Sequence ?? 0; // A clock shows in the answer.
            for (var at = 0; at < line.Text.Length; at++)
            {
                var changed = _tap.Lines.ToList();
                var letter = (char)(line.Text[at] ^ 1);
                changed[index] = line with { Text = $"{line.Text[..at]}{letter}{line.Text[(at + 1)..]}" };
                var divergence = Play(changed).Divergence;
                Assert.True(divergence?.Sequence > before && divergence.Sequence <= turn, $"n {line.Sequence}, byte {at}: {divergence}");
            }
        }
    }

    [Fact]
    public void A_changed_answer_is_named_itself()
    {
        var index = _tap.Lines.FindIndex(line => line.Kind is InputKind.Answer);
        var changed = _tap.Lines.ToList();
        changed[index] = changed[index] with { Text = changed[index].Text.Replace("Recovering", "Stale", StringComparison.Ordinal) };

        Assert.Equal(
            new Divergence(
                index + 1, """{"turn":1,"answer":{"case":"Decided","decision":{"case":"Refused","reason":"Stale"}}}""",
                """{"turn":1,"answer":{"case":"Decided","decision":{"case":"Refused","reason":"Recovering"}}}"""),
            Play(changed).Divergence);
    }

    [Fact]
    public void Two_swapped_answers_show_at_the_first()
    {
        var answers = Indices(InputKind.Answer);
        for (var i = 0; i + 1 < answers.Length; i++)
        {
            var (one, other) = (answers[i], answers[i + 1]);
            var swapped = _tap.Lines.ToList();
            (swapped[one], swapped[other]) = (_tap.Lines[one] with { Text = _tap.Lines[other].Text }, _tap.Lines[other] with { Text = _tap.Lines[one].Text });
            Assert.Equal(_tap.Lines[one].Sequence, Play(swapped).Divergence?.Sequence);
        }
    }

    [Theory]
    [InlineData(InputKind.Turn)]
    [InlineData(InputKind.Call)]
    [InlineData(InputKind.Answer)]
    public void A_dropped_row_shows_at_the_next_turn(InputKind kind)
    {
        foreach (var index in Indices(kind).SkipLast(1))
        {
            var dropped = _tap.Lines.ToList();
            dropped.RemoveAt(index);
            Assert.Equal(dropped.Skip(index).First(line => line.Kind is InputKind.Turn).Sequence, Play(dropped).Divergence?.Sequence);
        }
    }

    [Fact]
    public void A_turn_without_an_opening_shows_unless_the_beginning_is_cut_off()
    {
        var renumbered = _tap.Lines.Skip(1).Select(line => line with { Sequence = line.Sequence - 1 });
        Assert.Equal(3, Play(renumbered).Divergence?.Sequence);

        var cut = Play(_tap.Lines.Skip(1));
        Assert.Null(cut.Divergence);
        Assert.Equal((17L, 2L), (cut.Portfolio.Uncovered, cut.Begin));
    }

    [Fact]
    public void What_was_lost_leaves_turns_uncovered_until_the_portfolio_is_opened_anew()
    {
        var call = _tap.Lines.FindIndex(line => line.Kind is InputKind.Call && line.Text.Contains("\"Settle\"", StringComparison.Ordinal));
        var lossy = _tap.Lines.ToList();
        lossy[call] = new CaptureLine(call + 1, At, RecordedLoss.Connection, InputKind.Timer, DomainJson.Write(new RecordedLoss(1, call + 1, call + 1)));
        var turns = _tap.Lines.Skip(call).Count(line => line.Kind is InputKind.Turn);
        var day = Play(lossy);
        Assert.Null(day.Divergence);
        Assert.Equal((turns, 1L), (day.Portfolio.Uncovered, day.Lost));

        var opened = new PortfolioOpened(8, Given.Limits, Given.Breakers);
        _recorder.Opened(opened, At);
        _recorder.Turn(new PortfolioCall.Trip(3, "again"), null, At);
        lossy.AddRange(_tap.Lines.Skip(lossy.Count));
        day = Play(lossy);
        Assert.Null(day.Divergence);
        Assert.Equal(turns, day.Portfolio.Uncovered);
        Assert.Equal(_recorder.Digest, day.Portfolio.Digest);

        lossy[^1] = lossy[^1] with { Text = lossy[^1].Text.Replace("portfolio", "portfolia", StringComparison.Ordinal) };
        Assert.Equal(lossy[^1].Sequence, Play(lossy).Divergence?.Sequence);
    }

    [Fact]
    public void A_loss_that_swallows_an_opening_leaves_turns_uncovered_until_the_next_opening()
    {
        var turns = Indices(InputKind.Turn).Length;
        var anew = _tap.Lines.Count;
        for (var generation = 8; generation < 10; generation++)
        {
            _recorder.Opened(new PortfolioOpened(generation, Given.Limits, Given.Breakers), At);
            _recorder.Turn(new PortfolioCall.Trip(3, "again"), null, At);
        }

        foreach (var (opening, lost) in new[] { (0, turns), (anew, 1) })
        {
            var lossy = _tap.Lines.ToList();
            lossy[opening] = new CaptureLine(
                opening + 1, At, RecordedLoss.Connection, InputKind.Timer, DomainJson.Write(new RecordedLoss(1, opening + 1, opening + 1)));
            var day = Play(lossy);
            Assert.Null(day.Divergence);
            Assert.Equal((lost, _recorder.Digest), (day.Portfolio.Uncovered, day.Portfolio.Digest));

            var deleted = _tap.Lines.ToList();
            deleted[opening] = deleted[opening] with { Connection = "m1", Kind = InputKind.Rest };
            Assert.Equal(opening + (opening == 0 ? 4 : 3), Play(deleted).Divergence?.Sequence); // Nothing says it was lost.
        }
    }

    [Fact]
    public void A_loss_of_somebody_else_excuses_nothing_later()
    {
        var later = new PortfolioRecorder(_tap);
        _tap.Lines.Clear();
        later.Opened(new PortfolioOpened(7, Given.Limits, Given.Breakers), Given.Noon);
        _tap.Lines.Add(new CaptureLine(2, Given.Noon, RecordedLoss.Connection, InputKind.Timer, DomainJson.Write(new RecordedLoss(1, 2, 2))));
        later.Turn(new PortfolioCall.Trip(0, "one"), null, Given.Noon);
        later.Turn(new PortfolioCall.Trip(0, "two"), null, Given.Noon);
        Assert.Null(Play(_tap.Lines).Divergence);

        _tap.Lines[5] = _tap.Lines[5] with { Text = _tap.Lines[5].Text.Replace("\"turn\":2", "\"turn\":3", StringComparison.Ordinal) };
        Assert.Equal(6, Play(_tap.Lines).Divergence?.Sequence);
    }

    private static TradingDay Play(IEnumerable<CaptureLine> lines)
    {
        var day = new TradingDay((_, _) => false);
        foreach (var line in lines) day.Play(line);
        return day;
    }

    private Proposal Proposal(string id) => Given.Proposal() with { Id = new BasketId(id), SeenAt = At };

    private static Settlement Settlement(ReservationId reservation) => new(
        new Fill(new TradeId("t1"), new OrderId("o1"), TradeStatus.Matched, Size.Shares(10), Usd.Dollars(4), Usd.Cents(1), Price.Cents(40), Given.Noon),
        new BasketId("b1"), Given.Event, Given.Condition(5).Id, Given.Yes(5), Side.Buy, reservation, Outcome.Yes);

    private int[] Indices(InputKind kind) => [.. Enumerable.Range(0, _tap.Lines.Count).Where(index => _tap.Lines[index].Kind == kind)];

    private PortfolioAnswer? Serve(PortfolioCall call)
    {
        _seconds += 0.5;
        var answer = _portfolio.Serve(call, At);
        _recorder.Turn(call, answer, At);
        return answer;
    }
}

/// <summary>Keeps what was taken as the lines of a capture.</summary>
internal sealed class LineTap : IFrameTap
{
    public List<CaptureLine> Lines { get; } = [];

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        Lines.Add(new CaptureLine(Lines.Count + 1, at, connection, kind, System.Text.Encoding.UTF8.GetString(text)));
        return Lines.Count;
    }
}
