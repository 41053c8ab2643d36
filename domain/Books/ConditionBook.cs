namespace PolyArb.Domain.Books;

/// <summary>Whether a book may be looked at.</summary>
public enum BookLife
{
    /// <summary>No snapshot yet.</summary>
    Empty,

    Synced,

    /// <summary>Something was missed or the price grid changed; waits for a snapshot.</summary>
    Stale,

    /// <summary>The condition is resolved; its book ends here.</summary>
    Ended,
}

/// <summary>The book of one condition with its life and its proof. Changes only in Apply.</summary>
public sealed class ConditionBook(Condition condition, BookFormat? format, ProofCheck proven = ProofCheck.Always)
{
    /// <summary>Venue times of neighbouring messages were seen to step back by 1 ms (protocol sheet 4.3).</summary>
    private const long StepBackMs = 5;

    private readonly BookProof _proof = new(condition, format, proven);
    private readonly OwnOrders _own = new();
    private long _appliedMs; // The newest message in the book.
    private long _provenMs; // The newest the venue's hash has vouched for: its time is hashed too, so it is no slip.
    private long _skippedMs; // The newest change thrown away while waiting for a snapshot.
    private long _reachedMs; // What was proven of it when it moved to another connection, which may lie behind.

    public Condition Condition { get; } = condition;

    public Book Book { get; } = new();

    /// <summary>The book as we may trade against it: without our own resting orders. The proof is of <see cref="Book"/>.</summary>
    public Book Open => _own.Without(Book);

    /// <summary>Our orders that rest in it now, or may.</summary>
    public void Tell(ReadOnlySpan<OwnOrder> resting) => _own.Tell(resting);

    public BookLife Life { get; private set; }

    /// <summary>Why it is Stale or Ended; empty otherwise.</summary>
    public string Cause { get; private set; } = "";

    public ProofState Proof => _proof.State;

    /// <summary>The update that does not fit, or has yet to, fits one of the two tokens.</summary>
    public bool IsSkewed => _proof.IsSkewed;

    public ProofCounts Proofs => _proof.Counts;

    public string? LastTrade => _proof.LastTrade;

    public Price Tick { get; private set; } = condition.Tick;

    /// <summary>When the book was last touched by a message.</summary>
    public Instant UpdatedAt { get; private set; }

    /// <summary>Synced, not in the middle of a match, and no hash spoke against it: one that nobody has compared may still do so.</summary>
    public bool MayBeTrusted => Life is BookLife.Synced && _appliedMs + StepBackMs >= _reachedMs && Proof is ProofState.Proven or ProofState.Unchecked && !Book.IsCrossed;

    /// <summary>Proven as well, for somebody outside of the desk's turns: what was not compared yet is compared, and nothing is noted.</summary>
    public bool LooksTrusted => MayBeTrusted && (Proof is ProofState.Proven || _proof.WouldFit(Book));

    /// <summary>True when it may be traded against: synced, proven and not in the middle of a match. Compares now what was left for later.</summary>
    public bool Prove()
    {
        if (!MayBeTrusted) return false;

        Check();
        return Proof is ProofState.Proven;
    }

    /// <summary>Compares now what was left for later.</summary>
    public void Check()
    {
        if (Proof is not ProofState.Unchecked) return;

        _proof.Check(Book);
        if (Proof is ProofState.Proven) _provenMs = Math.Max(_provenMs, _appliedMs);
    }

    public bool IsOverdue(Instant now, TimeSpan settleTimeout) => _proof.IsOverdue(now, settleTimeout);

    /// <summary>Venue time of the newest message in it, in milliseconds; 0 when there is none.</summary>
    public long VenueMs => _appliedMs;

    /// <summary>Snapshots older than the book they would have replaced, which were ignored.</summary>
    public long LateSnapshots { get; private set; }

    /// <summary>
    /// A snapshot from before what a synced book has already: it was held up on its way. A failed book takes any that is not
    /// older than its last proof, and a book without a past takes any.
    /// </summary>
    public bool IsLate(in BookUpdate snapshot) =>
        Life is BookLife.Synced && snapshot.VenueMs + StepBackMs < (Proof is ProofState.Failed ? _provenMs : _appliedMs);

    public void Apply(in BookUpdate update, Instant receivedAt)
    {
        switch (update.Kind)
        {
            case BookUpdateKind.Snapshot when Condition.OutcomeOf(update.Token) is { } outcome && Life is not BookLife.Ended:
                if (IsLate(update)) LateSnapshots++;
                else Take(update, outcome, receivedAt);
                break;

            case BookUpdateKind.Changes when Life is BookLife.Synced:
                Book.Apply(update, Condition);
                _proof.Change(update, Book, receivedAt);
                Note(update.VenueMs, receivedAt);
                break;

            case BookUpdateKind.Changes:
                _skippedMs = Math.Max(_skippedMs, update.VenueMs); // The snapshot will carry this change already.
                break;

            case BookUpdateKind.Trade:
                _proof.Trade(update);
                break;

            case BookUpdateKind.TickChange:
                Tick = update.Tick!.Value;
                Lose("tick change");
                _proof.Reset(Tick);
                break;

            case BookUpdateKind.Resolved:
                End();
                break;

            case BookUpdateKind.Moved:
                _proof.Reset(); // The next book may lie before an update under way, by as much as two connections lie apart.
                (_appliedMs, _provenMs, _reachedMs) = (0, 0, Math.Max(_provenMs, _reachedMs));
                break;

            case BookUpdateKind.Best or BookUpdateKind.Listed or BookUpdateKind.Snapshot:
                break; // The venue's summary, another market's news, or a snapshot of a token that is not ours or has ended.
        }
    }

    /// <summary>Something may have been missed.</summary>
    public void Lose(string cause)
    {
        if (Life is BookLife.Ended) return;

        Book.Clear();
        _own.Moved();
        _proof.Reset();
        (Life, Cause) = (BookLife.Stale, cause);
        (_appliedMs, _provenMs, _skippedMs, _reachedMs) = (0, 0, 0, 0);
    }

    /// <summary>The condition is resolved.</summary>
    public void End()
    {
        Lose("resolved");
        Life = BookLife.Ended;
    }

    /// <summary>An update that never settled within its time has failed.</summary>
    public void Expire(Instant now, TimeSpan settleTimeout)
    {
        if (_proof.IsOverdue(now, settleTimeout)) _proof.Expire();
    }

    private void Take(in BookUpdate snapshot, Outcome outcome, Instant receivedAt)
    {
        // A change it should have carried was thrown away for it: it shows the book of a moment that has passed.
        var isOutdated = Life is not BookLife.Synced && snapshot.VenueMs + StepBackMs < _skippedMs;

        Book.Fill(outcome, snapshot.Bids.Span, snapshot.Asks.Span);
        if (snapshot.Tick is { } tick) Tick = tick;
        (Life, Cause) = (BookLife.Synced, "");
        _proof.Snapshot(snapshot, outcome, Book, isOutdated);
        Note(snapshot.VenueMs, receivedAt);
    }

    private void Note(long venueMs, Instant receivedAt)
    {
        _own.Moved();
        UpdatedAt = receivedAt;
        _appliedMs = Math.Max(_appliedMs, venueMs);
        if (Proof is ProofState.Proven) _provenMs = Math.Max(_provenMs, venueMs);
    }
}
