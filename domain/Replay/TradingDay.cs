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
/// Runs every desk again by its own recorded turns: the same inputs at the same clocks. What it decides must be what the
/// recording says it decided; the digest in each turn folds in every input consumed, so a changed byte shows at once.
/// </summary>
public sealed class TradingDay(FrameReader readFrame)
{
    private readonly Dictionary<string, Owner> _owners = [];
    private readonly Dictionary<ConditionId, Owner> _byCondition = [];
    private readonly UpdateBuffer _updates = new();

    public long Inputs { get; private set; }

    public long Turns { get; private set; }

    public long Decisions { get; private set; }

    public Divergence? Divergence { get; private set; }

    /// <summary>Over all desks; equals the live run's when nothing diverged.</summary>
    public string Digest => DecisionDigest.Combine(
        _owners.Where(owner => owner.Value.Desk is not null)
            .Select(owner => KeyValuePair.Create(owner.Key, owner.Value.Desk!.Digest.Head)));

    public void Play(CaptureLine line)
    {
        Inputs++;
        switch (line.Kind)
        {
            case InputKind.Market:
                Frame(line);
                break;

            case InputKind.Timer when line.Text.StartsWith("{\"gap\"", StringComparison.Ordinal):
                if (Read<RecordedGap>(line) is { } gap)
                    OwnerOf(gap.Market).Pending.Add(new Pending(FeedInput.Lost(line.Sequence, line.At, gap.Gap), null, ""));
                break;

            case InputKind.Timer when line.Text.StartsWith("{\"moved\"", StringComparison.Ordinal):
                if (Read<RecordedMove>(line) is { } move)
                    OwnerOf(move.Market).Pending.Add(new Pending(FeedInput.Moved(line.Sequence, line.At, new ConditionId(move.Condition)), null, ""));
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
            owner.Desk = new MarketDesk(opened);
            owner.Pending.Clear();
            foreach (var condition in opened.Market.Conditions) _byCondition[condition.Id] = owner;
            return;
        }

        if (input.Input is DeskInput.Shut)
        {
            foreach (var condition in owner.Desk?.Market.Conditions ?? []) _byCondition.Remove(condition.Id);
            owner.Desk = null;
        }
        else
        {
            owner.Pending.Add(new Pending(new FeedInput(line.Sequence, line.At, 0, [], null), input.Input, line.Text));
        }
    }

    private void Turn(CaptureLine line, RecordedTurn turn)
    {
        Turns++;
        if (turn.Decision is not null) Decisions++;
        var owner = OwnerOf(turn.Owner);
        if (owner.Desk is not { } desk)
        {
            Diverge(line, $"a turn of {turn.Owner}", "no desk was opened for it");
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
            Diverge(line, $"the inputs {turn.First} to {turn.Last} of {turn.Owner}", "none of them can be read");
            return;
        }

        var decision = single is { Input: { } alone } ? desk.Turn(alone, single.Text, turn.Now) : desk.Turn(batch, turn.Now);

        var (expected, actual) = (Describe(turn.Digest, turn.Decision), Describe(desk.Digest.Brief, decision));
        if (expected != actual) Diverge(line, expected, actual);
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
        if (!_owners.TryGetValue(id, out var owner)) _owners[id] = owner = new Owner();
        return owner;
    }

    private sealed class Owner
    {
        public MarketDesk? Desk { get; set; }

        public List<Pending> Pending { get; } = [];
    }

    private sealed record Pending(FeedInput Feed, DeskInput? Input, string Text);
}

/// <summary>The feed lost something of a market: the recorded form of a gap.</summary>
public sealed record RecordedGap(string Gap, string Market);

/// <summary>A condition is heard over another connection from here on: the recorded form of a move.</summary>
/// <param name="Moved">The connection's name.</param>
public sealed record RecordedMove(string Moved, string Market, string Condition);
