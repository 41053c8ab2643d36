using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Replay;

/// <summary>Turns a recorded frame into book updates; false when it is not in the venue's format.</summary>
public delegate bool FrameReader(ReadOnlySpan<byte> frame, UpdateBuffer updates);

/// <summary>Where a replay first decided otherwise than the recording says.</summary>
/// <param name="Sequence">The recorded input (a turn) at which it showed.</param>
public sealed record Divergence(
    [property: System.Text.Json.Serialization.JsonPropertyName("n")] long Sequence, string Expected, string Actual);

/// <summary>
/// Runs every desk and the portfolio again by their own recorded turns: the same inputs at the same clocks. What they decide must be what
/// the recording says they decided; the digest in each turn folds in every input consumed, so a changed byte shows at once. Where the
/// recording lost inputs, or begins in the middle, the turns that cannot be played again are counted.
/// </summary>
public sealed class TradingDay(FrameReader readFrame)
{
    private readonly Dictionary<string, Owner> _owners = [];
    private readonly Dictionary<ConditionId, Owner> _byCondition = [];
    private readonly UpdateBuffer _updates = new();
    private long? _begin;
    private long? _gapEnd; // The last number of the last loss; before the first one, of what is missing at the beginning.

    public PortfolioDay Portfolio { get; } = new();

    public long Inputs { get; private set; }

    /// <summary>Inputs that the recording says it lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Turns of desks that could not be played again: they were opened before the recording begins, or inputs were lost.</summary>
    public long Uncovered { get; private set; }

    /// <summary>The desks of these turns.</summary>
    public IEnumerable<string> UncoveredOwners => _owners.Where(owner => owner.Value.Uncovered > 0).Select(owner => owner.Key).Order(StringComparer.Ordinal);

    /// <summary>The number of the first input; above 1 the recording's beginning is missing.</summary>
    public long Begin => _begin ?? 0;

    public long Turns { get; private set; }

    public long Decisions { get; private set; }

    public Divergence? Divergence { get; private set; }

    /// <summary>Over all desks and the portfolio; equals the live run's when nothing diverged and everything is covered.</summary>
    public string Digest => DecisionDigest.Combine(
        _owners.Where(owner => owner.Value.Desk is not null)
            .Select(owner => KeyValuePair.Create(owner.Key, owner.Value.Desk!.Digest.Head))
            .Concat(Portfolio.Digest is { } portfolio ? [KeyValuePair.Create(PortfolioChain.Owner, portfolio)] : []));

    /// <summary>Whatever stands in a line: one that cannot be played is a divergence.</summary>
    public void Play(CaptureLine line)
    {
        Inputs++;
        if (_begin is null) BeginAt(line.Sequence);
        try
        {
            PlayLine(line);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Diverge(line, "a row that can be played", e.Message);
        }
    }

    /// <summary>What comes before the first line is missing as if it had been lost, but nobody counts it.</summary>
    private void BeginAt(long first)
    {
        _begin = first;
        if (first > 1) Miss(first - 1);
    }

    private void PlayLine(CaptureLine line)
    {
        switch (line.Kind)
        {
            case InputKind.Timer when line.Text.StartsWith(RecordedLoss.Begin, StringComparison.Ordinal):
                if (Read<RecordedLoss>(line) is { } loss) Lose(loss);
                break;

            case var _ when PortfolioDay.Owns(line):
                var differs = Portfolio.Play(line);
                Divergence ??= differs;
                break;

            case InputKind.Market:
                if (!line.IsOverheard) Frame(line);
                break;

            case InputKind.Timer when line.Text.StartsWith("{\"gap\"", StringComparison.Ordinal):
                if (Read<RecordedGap>(line) is { } gap && OwnerOf(gap.Market) is { Desk: not null } gapped)
                    gapped.Pending.Add(new Pending(FeedInput.Lost(line.Sequence, line.At, gap.Gap), null, ""));
                break;

            case InputKind.Timer when line.Text.StartsWith("{\"moved\"", StringComparison.Ordinal):
                if (Read<RecordedMove>(line) is { } move && OwnerOf(move.Market) is { Desk: not null } moved)
                    moved.Pending.Add(new Pending(FeedInput.Moved(line.Sequence, line.At, new ConditionId(move.Condition)), null, ""));
                break;

            case InputKind.Params or InputKind.Answer or InputKind.Timer:
                if (Read<OwnedInput>(line) is { } input) Input(line, input);
                break;

            case InputKind.Turn:
                if (Read<RecordedTurn>(line) is { } turn) Turn(line, turn);
                break;

            case InputKind.User or InputKind.Rest or InputKind.Command or InputKind.Call:
                break; // A desk hears of these by the answers it was given.
        }
    }

    private void Frame(CaptureLine line)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(line.Text);
        _updates.Clear();
        if (!readFrame(bytes, _updates) || _updates.Count == 0) return;

        var digest = DecisionDigest.Of(bytes);
        foreach (var owned in _updates.Updates.ToArray().GroupBy(update => _byCondition.GetValueOrDefault(update.Condition)))
        {
            owned.Key?.Pending.Add(new Pending(new FeedInput(line.Sequence, line.At, digest, [.. owned.Select(update => update.Copy())], null), null, ""));
        }
    }

    private void Input(CaptureLine line, OwnedInput input)
    {
        var owner = OwnerOf(input.Owner.Text);
        if (input.Input is DeskInput.Opened opened)
        {
            Shut(owner);
            (owner.Desk, owner.GapEnd) = (new MarketDesk(opened), null);
            foreach (var condition in opened.Market.Conditions) _byCondition[condition.Id] = owner;
            return;
        }

        if (input.Input is DeskInput.Shut)
        {
            Shut(owner);
            owner.GapEnd = null; // What opens it next comes after this.
        }
        else if (owner.Desk is not null) owner.Pending.Add(new Pending(new FeedInput(line.Sequence, line.At, 0, [], null), input.Input, line.Text));
    }

    private void Lose(RecordedLoss loss)
    {
        Lost += loss.Lost;
        Miss(loss.Last);
    }

    /// <summary>Anything may have been in there, also what opened a desk: one that was, one that had been shut, or one never heard of.</summary>
    private void Miss(long last)
    {
        _gapEnd = last;
        Portfolio.Miss(last);
        foreach (var owner in _owners.Values) owner.GapEnd = last;
    }

    private void Shut(Owner owner)
    {
        foreach (var condition in owner.Desk?.Market.Conditions ?? [])
        {
            if (_byCondition.GetValueOrDefault(condition.Id) == owner) _byCondition.Remove(condition.Id); // It may be another's by now.
        }

        owner.Desk = null;
        owner.Pending.Clear();
    }

    /// <summary>What was lost is missing here: nothing of this desk fits until it is opened anew.</summary>
    private void Uncover(Owner owner)
    {
        Shut(owner);
        owner.Uncovered++;
        Uncovered++;
    }

    private void Turn(CaptureLine line, RecordedTurn turn)
    {
        Turns++;
        if (turn.Decision is not null) Decisions++;
        var owner = OwnerOf(turn.Owner);
        if (owner.Desk is not { } desk)
        {
            Fault(owner, line, $"a turn of {turn.Owner}", "no desk was opened for it");
            return;
        }

        var taken = owner.Pending.Where(input => input.Feed.Sequence >= turn.First && input.Feed.Sequence <= turn.Last).ToArray();
        owner.Pending.RemoveAll(input => input.Feed.Sequence >= turn.First && input.Feed.Sequence <= turn.Last);
        if (taken.LastOrDefault(input => input.Feed.Gap is not null) is { Feed: { Sequence: var gap } })
        {
            // The full queue was thrown away, and with it what stood before the gap in its own batch.
            owner.Pending.RemoveAll(input => input.Input is null && input.Feed.Sequence < gap);
            taken = [.. taken.Where(input => input.Feed.Sequence >= gap)];
        }

        FeedInput[] batch = [.. taken.Where(input => input.Input is null).Select(input => input.Feed)];
        var single = taken is [{ Input: not null } only] ? only : null;
        if (single is null && batch.Length == 0)
        {
            Fault(owner, line, $"the inputs {turn.First} to {turn.Last} of {turn.Owner}", "none of them can be read");
            return;
        }

        var decision = single is { Input: { } alone } ? desk.Turn(alone, single.Text, turn.Now) : desk.Turn(batch, turn.Now);

        var (expected, actual) = (Describe(turn.Digest, turn.Decision), Describe(desk.Digest.Brief, decision));
        if (expected != actual) Fault(owner, line, expected, actual);
        else if (turn.First > owner.GapEnd) owner.GapEnd = null; // Nothing of this desk was lost.
    }

    /// <summary>What something lost may explain is uncovered, and nothing else.</summary>
    private void Fault(Owner owner, CaptureLine line, string expected, string actual)
    {
        if (owner.GapEnd is not null) Uncover(owner);
        else Diverge(line, expected, actual);
    }

    private static string Describe(string digest, DeskDecision? decision) =>
        decision is null ? digest : $"{digest} {DomainJson.Write(decision)}";

    private T? Read<T>(CaptureLine line)
        where T : class
    {
        try
        {
            return DomainJson.Read<T>(line.Text);
        }
        catch (System.Text.Json.JsonException e)
        {
            Diverge(line, $"a recorded {typeof(T).Name}", e.Message);
            return null;
        }
    }

    private void Diverge(CaptureLine line, string expected, string actual) =>
        Divergence ??= new Divergence(line.Sequence, expected, actual);

    private Owner OwnerOf(string id)
    {
        if (!_owners.TryGetValue(id, out var owner)) _owners[id] = owner = new Owner { GapEnd = _gapEnd };
        return owner;
    }

    private sealed class Owner
    {
        public MarketDesk? Desk { get; set; }

        public List<Pending> Pending { get; } = [];

        /// <summary>
        /// The last number of a loss since which it was neither opened nor shut and no turn has fitted; until then a difference, or a desk
        /// that is not there, may be its fault.
        /// </summary>
        public long? GapEnd { get; set; }

        public long Uncovered { get; set; }
    }

    private sealed record Pending(FeedInput Feed, DeskInput? Input, string Text);
}

/// <summary>The feed lost something of a market: the recorded form of a gap.</summary>
public sealed record RecordedGap(string Gap, string Market);

/// <summary>A condition is heard over another connection from here on: the recorded form of a move.</summary>
/// <param name="Moved">The connection's name.</param>
public sealed record RecordedMove(string Moved, string Market, string Condition);
