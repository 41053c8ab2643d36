using PolyArb.Domain.Books;

namespace PolyArb.Domain.Replay;

/// <summary>
/// How much of recorded time one condition's book was whole: synced, nothing of it missed, and no hash compared since that it did not fit.
/// Whether it was also proven all the time is another question: under <see cref="ProofCheck.BeforeTrade"/> most hashes are never compared.
/// </summary>
internal sealed class ConditionWatch(ConditionBook book, Instant from)
{
    private Instant? _wholeSince;
    private TimeSpan _whole;
    private Instant? _endedAt;
    private bool _fits; // By the last hash that was compared.
    private long _failed;
    private bool _isUnchecked;
    private long _passedOver;

    public ConditionBook Book => book;

    /// <summary>Changes that were followed by another before anybody compared their hash, and the last one where nobody has.</summary>
    public long Unchecked => _passedOver + (_isUnchecked ? 1 : 0);

    /// <summary>After an update of the book.</summary>
    public void Hear(BookUpdateKind kind, Instant now)
    {
        if (_isUnchecked && kind is BookUpdateKind.Changes or BookUpdateKind.Snapshot) _passedOver++;
        Look(now);
    }

    /// <summary>After it was lost, or somebody compared a hash, or waited in vain for one to fit.</summary>
    public void Look(Instant now)
    {
        _isUnchecked = book.Proof is ProofState.Unchecked;
        _fits = book.Proof switch
        {
            ProofState.Proven => true,
            ProofState.Failed or ProofState.Unknown => false,
            _ => _fits && book.Proofs.Failed == _failed,
        };
        _failed = book.Proofs.Failed;

        var isWhole = book.Life is BookLife.Synced && _fits;
        if (isWhole && _wholeSince is null)
        {
            _wholeSince = now;
        }
        else if (!isWhole && _wholeSince is { } since)
        {
            _whole += now - since;
            _wholeSince = null;
        }

        if (book.Life is BookLife.Ended) _endedAt ??= now;
    }

    /// <summary>Another book takes its place.</summary>
    public void Close(Instant now)
    {
        if (_wholeSince is { } since) _whole += now - since;
        (_wholeSince, _endedAt) = (null, _endedAt ?? now);
    }

    /// <summary>Until the end of the day, or of the book.</summary>
    public (TimeSpan Watched, TimeSpan Whole) Until(Instant end) =>
        ((_endedAt ?? end) - from, _whole + (_wholeSince is { } since ? end - since : TimeSpan.Zero));
}
