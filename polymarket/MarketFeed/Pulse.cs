using PolyArb.Domain;
using PolyArb.Domain.Books;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The state of a token's book as the venue names it.</summary>
internal readonly record struct Seen(long VenueMs, BookHash? Hash)
{
    /// <summary>This one or a later one.</summary>
    public bool HasReached(Seen other) => VenueMs > other.VenueMs || (VenueMs == other.VenueMs && (other.Hash is null || Hash == other.Hash));
}

/// <summary>What REST says beside what the socket last said.</summary>
internal enum Verdict
{
    /// <summary>The same book: nothing was missed.</summary>
    Quiet,

    /// <summary>A later one: it is on its way, or the token is frozen.</summary>
    Newer,

    /// <summary>An earlier one: REST is stale and says nothing (protocol sheet 3).</summary>
    Older,

    /// <summary>REST knows no book: it has ended, or is not known there yet (4.3, 2.1).</summary>
    Ended,
}

/// <summary>
/// What the socket last said of one condition, and since when that is known to be all. PONGs prove nothing about a token: data can
/// stop for hours behind them (protocol sheet 4.3), so a silent one is compared with REST.
/// </summary>
internal sealed class Pulse(TimeSpan now)
{
    private const int DoublingsMax = 6;

    /// <summary>So often in a row without a book it is one that has ended, and none that REST has lost for a moment.</summary>
    private const int EndedMin = 3;

    private int _ended;
    private Seen? _yes;
    private Seen? _no;
    private TimeSpan _nextLook;
    private TimeSpan? _suspectedAt;

    /// <summary>When a book or a change of it last came.</summary>
    public TimeSpan HeardAt { get; private set; } = now;

    /// <summary>When what we have was last known to be all there is.</summary>
    public TimeSpan FreshAt { get; private set; } = now;

    /// <summary>How often it was found frozen since the last change came: a book alone is no sign of life, subscribing brings one.</summary>
    public int Frozen { get; private set; }

    public void Hear(Condition condition, in BookUpdate update, TimeSpan now)
    {
        switch (update.Kind)
        {
            case BookUpdateKind.Snapshot when condition.OutcomeOf(update.Token) is { } outcome:
                Note(outcome, new Seen(update.VenueMs, update.Hash));
                break;

            case BookUpdateKind.Changes:
                foreach (ref readonly var entry in update.Entries.Span)
                {
                    if (condition.OutcomeOf(entry.Token) is { } side) Note(side, new Seen(update.VenueMs, entry.Hash));
                }

                if (Frozen > 0) (Frozen, _nextLook) = (0, default);
                break;

            default:
                return;
        }

        (HeardAt, FreshAt, _suspectedAt, _ended) = (now, now, null, 0);
    }

    public Seen? Last(Outcome outcome) => outcome is Outcome.Yes ? _yes : _no;

    /// <summary>The token to ask REST for, when it is time: the one that was spoken of last.</summary>
    public Outcome? DueFor(TimeSpan now, VenueOptions options)
    {
        if (_suspectedAt is not null || now < _nextLook || now < HeardAt + LookAfter(options)) return null;
        if (_yes is not { Hash: not null } yes) return _no is { Hash: not null } ? Outcome.No : null;

        return _no is { Hash: not null } no && no.VenueMs > yes.VenueMs ? Outcome.No : Outcome.Yes;
    }

    /// <summary>What REST's answer says; nothing was heard since it was asked.</summary>
    public Verdict Judge(Seen seen, RestBook? rest, TimeSpan askedAt, TimeSpan now, VenueOptions options)
    {
        if (rest is null)
        {
            if (++_ended < EndedMin) LookAgain(now, options);
            else _nextLook = now + 10 * LookAfter(options);
            return Verdict.Ended;
        }

        _ended = 0;
        if (rest.IsSameAs(seen))
        {
            (FreshAt, _nextLook) = (askedAt, now + LookAfter(options));
            return Verdict.Quiet;
        }

        if (rest.VenueMs >= seen.VenueMs)
        {
            _suspectedAt = now;
            return Verdict.Newer;
        }

        LookAgain(now, options);
        return Verdict.Older;
    }

    /// <summary>REST gave no answer that counts: it is asked again soon.</summary>
    public void LookAgain(TimeSpan now, VenueOptions options) => _nextLook = now + options.TokenSilence / 6;

    /// <summary>
    /// True once, when what REST showed has not come within the grace. Each time in a row the next look is twice as far: should REST be
    /// the one that is wrong, the books are left alone more and more.
    /// </summary>
    public bool TryFreeze(TimeSpan now, VenueOptions options)
    {
        if (_suspectedAt is not { } since || now - since < options.FrozenGrace) return false;

        (_suspectedAt, _nextLook) = (null, now + LookAfter(options) * (1 << Math.Min(Frozen, DoublingsMax)));
        Frozen++;
        return true;
    }

    /// <summary>Half the limit, so that the other half is left to find out.</summary>
    public static TimeSpan LookAfter(VenueOptions options) => options.TokenSilence / 2;

    private void Note(Outcome outcome, Seen seen)
    {
        if (outcome is Outcome.Yes) _yes = seen;
        else _no = seen;
    }
}
