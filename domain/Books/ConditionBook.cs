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
public sealed class ConditionBook(Condition condition, BookFormat? format)
{
    private readonly BookProof _proof = new(condition, format);

    public Condition Condition { get; } = condition;

    public Book Book { get; } = new();

    public BookLife Life { get; private set; }

    /// <summary>Why it is Stale or Ended; empty otherwise.</summary>
    public string Cause { get; private set; } = "";

    public ProofState Proof => _proof.State;

    public ProofCounts Proofs => _proof.Counts;

    public string? LastTrade => _proof.LastTrade;

    public Price Tick { get; private set; } = condition.Tick;

    /// <summary>When the book was last touched by a message.</summary>
    public Instant UpdatedAt { get; private set; }

    /// <summary>Synced, proven and not in the middle of a match.</summary>
    public bool IsTrusted => Life is BookLife.Synced && Proof is ProofState.Proven && !Book.IsCrossed;

    public bool IsOverdue(Instant now, TimeSpan settleTimeout) => _proof.IsOverdue(now, settleTimeout);

    public void Apply(BookUpdate update, Instant receivedAt)
    {
        switch (update)
        {
            case BookUpdate.Snapshot snapshot when Condition.OutcomeOf(snapshot.Token) is { } outcome && Life is not BookLife.Ended:
                Book.Fill(outcome, snapshot.Bids, snapshot.Asks);
                if (snapshot.Tick is { } tick) Tick = tick;
                (Life, Cause) = (BookLife.Synced, "");
                UpdatedAt = receivedAt;
                _proof.Snapshot(snapshot, Book);
                break;

            case BookUpdate.Changes changes when Life is BookLife.Synced:
                foreach (var entry in changes.Entries)
                {
                    if (Condition.OutcomeOf(entry.Token) is { } side) Book.Set(side, entry.Side, entry.Level);
                }

                UpdatedAt = receivedAt;
                _proof.Change(changes, Book, receivedAt);
                break;

            case BookUpdate.Changes:
                break; // Before the snapshot: it carries this change already.

            case BookUpdate.Trade trade:
                _proof.Trade(trade);
                break;

            case BookUpdate.TickChange grid:
                Tick = grid.Tick;
                Lose("tick change");
                _proof.Reset(grid.Tick);
                break;

            case BookUpdate.Resolved:
                Lose("resolved");
                Life = BookLife.Ended;
                break;

            case BookUpdate.Moved:
                _proof.Reset(); // The next book may be older than an update under way by the moment two connections lie apart.
                break;

            case BookUpdate.Best or BookUpdate.Listed or BookUpdate.Snapshot:
                break; // The venue's summary, another market's news, or a snapshot of a token that is not ours or has ended.
        }
    }

    /// <summary>Something may have been missed.</summary>
    public void Lose(string cause)
    {
        if (Life is BookLife.Ended) return;

        Book.Clear();
        _proof.Reset();
        (Life, Cause) = (BookLife.Stale, cause);
    }

    /// <summary>An update that never settled within its time has failed.</summary>
    public void Expire(Instant now, TimeSpan settleTimeout)
    {
        if (_proof.IsOverdue(now, settleTimeout)) _proof.Expire();
    }
}
