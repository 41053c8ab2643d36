using PolyArb.Domain.Books;

namespace PolyArb.Domain.Replay;

/// <summary>How much of recorded time one condition's book could be believed.</summary>
internal sealed class ConditionWatch(ConditionBook book, Instant from)
{
    private Instant? _goodSince;
    private TimeSpan _good;
    private Instant? _endedAt;

    public ConditionBook Book => book;

    /// <summary>After a message of the book, or after it was lost.</summary>
    public void Look(Instant now)
    {
        var isGood = book.Life is BookLife.Synced && book.Proof is not (ProofState.Failed or ProofState.Unknown);
        if (isGood && _goodSince is null)
        {
            _goodSince = now;
        }
        else if (!isGood && _goodSince is { } since)
        {
            _good += now - since;
            _goodSince = null;
        }

        if (book.Life is BookLife.Ended) _endedAt ??= now;
    }

    /// <summary>Another book takes its place.</summary>
    public void Close(Instant now)
    {
        if (_goodSince is { } since) _good += now - since;
        (_goodSince, _endedAt) = (null, _endedAt ?? now);
    }

    /// <summary>Until the end of the day, or of the book.</summary>
    public (TimeSpan Watched, TimeSpan Proven) Until(Instant end) =>
        ((_endedAt ?? end) - from, _good + (_goodSince is { } since ? end - since : TimeSpan.Zero));
}
