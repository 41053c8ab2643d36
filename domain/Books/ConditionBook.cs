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

    public void Apply(in BookUpdate update, Instant receivedAt)
    {
        switch (update.Kind)
        {
            case BookUpdateKind.Snapshot when Condition.OutcomeOf(update.Token) is { } outcome && Life is not BookLife.Ended:
                Book.Fill(outcome, update.Bids.Span, update.Asks.Span);
                if (update.Tick is { } tick) Tick = tick;
                (Life, Cause) = (BookLife.Synced, "");
                UpdatedAt = receivedAt;
                _proof.Snapshot(update, outcome, Book);
                break;

            case BookUpdateKind.Changes when Life is BookLife.Synced:
                foreach (ref readonly var entry in update.Entries.Span)
                {
                    if (Condition.OutcomeOf(entry.Token) is { } side) Book.Set(side, entry.Side, entry.Level);
                }

                UpdatedAt = receivedAt;
                _proof.Change(update, Book, receivedAt);
                break;

            case BookUpdateKind.Changes:
                break; // Before the snapshot: it carries this change already.

            case BookUpdateKind.Trade:
                _proof.Trade(update);
                break;

            case BookUpdateKind.TickChange:
                Tick = update.Tick!.Value;
                Lose("tick change");
                _proof.Reset(Tick);
                break;

            case BookUpdateKind.Resolved:
                Lose("resolved");
                Life = BookLife.Ended;
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
        _proof.Reset();
        (Life, Cause) = (BookLife.Stale, cause);
    }

    /// <summary>An update that never settled within its time has failed.</summary>
    public void Expire(Instant now, TimeSpan settleTimeout)
    {
        if (_proof.IsOverdue(now, settleTimeout)) _proof.Expire();
    }
}
