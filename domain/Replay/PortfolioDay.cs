using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Replay;

/// <summary>
/// Runs the portfolio again by its recorded turns: the same calls at the same clocks, through the same rules. What it answers must be what
/// the recording says; the digest in each turn folds in the text of every call, answer and clock.
/// </summary>
public sealed class PortfolioDay
{
    private Portfolio? _portfolio;
    private PortfolioChain? _chain;
    private (CaptureLine Line, PortfolioCall Call)? _call; // The one whose turn has not come yet.
    private CaptureLine? _answer;
    private long? _gapEnd; // The last number of what is missing, as long as nothing after it has fitted.
    private long _turn;

    public long Turns { get; private set; }

    /// <summary>Turns that could not be played again: before the first opening, or after a loss.</summary>
    public long Uncovered { get; private set; }

    public long Approved { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Null before an opening.</summary>
    public string? Digest => _chain?.Head;

    /// <summary>True for a row that belongs to the portfolio.</summary>
    public static bool Owns(CaptureLine line) => line.Connection == PortfolioChain.Owner;

    /// <summary>Null, or where it did otherwise than the recording says. Throws on a row that cannot be read.</summary>
    public Divergence? Play(CaptureLine line)
    {
        switch (line.Kind)
        {
            case InputKind.Params:
                Open(line);
                return null;

            case InputKind.Call:
                (_call, _answer) = ((line, DomainJson.Read<PortfolioCall>(line.Text)), null);
                return null;

            case InputKind.Answer:
                _answer = line;
                return null;

            case InputKind.Turn:
                return Turn(line, DomainJson.Read<RecordedTurn>(line.Text));

            default:
                return new Divergence(line.Sequence, "a row of the portfolio", $"one of kind {line.Kind}");
        }
    }

    /// <summary>Inputs are missing, perhaps an opening: from here on a difference may be their fault, until a turn after them fits.</summary>
    /// <param name="last">The number of the last one.</param>
    public void Miss(long last) => _gapEnd = last;

    private void Open(CaptureLine line)
    {
        _portfolio = new Portfolio(DomainJson.Read<RecordedOpening>(line.Text).Portfolio);
        _chain = new PortfolioChain(line.Text);
        (_turn, _call, _answer, _gapEnd) = (0, null, null, null);
    }

    private Divergence? Turn(CaptureLine line, RecordedTurn turn)
    {
        Turns++;
        var (call, answer) = (_call, _answer);
        (_call, _answer) = (null, null);
        if (_portfolio is not { } portfolio || _chain is not { } chain)
        {
            return _gapEnd is not null ? Uncover() : new Divergence(line.Sequence, "a turn of the portfolio", "it was not opened");
        }

        if (Difference(line, turn, portfolio, chain, call, answer) is not { } difference)
        {
            if (turn.First > _gapEnd) _gapEnd = null;
            return null;
        }

        if (_gapEnd is null) return difference;

        (_portfolio, _chain) = (null, null); // What was lost is missing here: nothing fits until the next opening.
        return Uncover();
    }

    private Divergence? Difference(
        CaptureLine line, RecordedTurn turn, Portfolio portfolio, PortfolioChain chain, (CaptureLine Line, PortfolioCall Call)? call, CaptureLine? answer)
    {
        if (turn.Number != ++_turn) return new Divergence(line.Sequence, $"turn {_turn} of the portfolio", $"turn {turn.Number}");
        if (call is not var (asked, served) || asked.Sequence != turn.First || turn.Last != turn.First)
            return new Divergence(line.Sequence, $"the call {turn.First} to {turn.Last} before it", call is { } other ? $"the call {other.Line.Sequence}" : "none");

        var said = Serve(portfolio, served, turn.Now) is { } given ? DomainJson.Write(new RecordedAnswer(_turn, given)) : null;
        if (said != answer?.Text) return new Divergence(answer?.Sequence ?? line.Sequence, answer?.Text ?? "no answer", said ?? "no answer");

        var actual = chain.Turn(_turn, asked.Sequence, asked.Text, said, turn.Now);
        return actual == line.Text ? null : new Divergence(line.Sequence, line.Text, actual);
    }

    private PortfolioAnswer? Serve(Portfolio portfolio, PortfolioCall call, Instant now)
    {
        try
        {
            var answer = portfolio.Serve(call, now);
            if (answer is PortfolioAnswer.Decided(RiskDecision.Approved)) Approved++;
            if (answer is PortfolioAnswer.Decided(RiskDecision.Refused)) Refused++;
            return answer;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return PortfolioAnswer.Broken.By(e); // It broke then as well, or this is the difference.
        }
    }

    private Divergence? Uncover()
    {
        Uncovered++;
        return null;
    }
}
