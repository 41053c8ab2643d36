namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>
/// Fills by <c>rate</c> tokens a second up to <c>burst</c>; counts in thousandths of a token, so a millisecond adds exactly the rate.
/// Full at first. Not for two threads at once.
/// </summary>
internal sealed class TokenBucket
{
    private long _thousandths;
    private long _filledAt;

    public TokenBucket(long rate, long burst, long now)
    {
        (Rate, Burst) = (rate, burst);
        (_thousandths, _filledAt) = (burst * 1000, now);
    }

    public long Rate { get; private set; }
    public long Burst { get; private set; }

    /// <summary>Whole tokens, rounded down; below zero after an overdraft.</summary>
    public long Remaining => _thousandths >= 0 ? _thousandths / 1000 : -((999 - _thousandths) / 1000);

    /// <summary>Keeps what is in it, as far as it still fits.</summary>
    public void Resize(long rate, long burst)
    {
        (Rate, Burst) = (rate, burst);
        _thousandths = Math.Min(_thousandths, burst * 1000);
    }

    public bool TryTake(long tokens, long now)
    {
        Fill(now);
        if (_thousandths < tokens * 1000) return false;

        _thousandths -= tokens * 1000;
        return true;
    }

    /// <summary>Takes what was used already: below zero where that is allowed, else down to zero.</summary>
    public void Charge(long tokens, bool overdraft, long now)
    {
        Fill(now);
        var left = _thousandths - tokens * 1000;
        _thousandths = overdraft ? left : Math.Max(left, Math.Min(_thousandths, 0));
    }

    /// <summary>Milliseconds until so many tokens are there; null when they never are.</summary>
    public long? WaitFor(long tokens, long now)
    {
        Fill(now);
        if (tokens > Burst) return null;
        return Math.Max(0, (tokens * 1000 - _thousandths + Rate - 1) / Rate);
    }

    private void Fill(long now)
    {
        if (now <= _filledAt) return;

        _thousandths = Math.Min(Burst * 1000, _thousandths + (now - _filledAt) * Rate);
        _filledAt = now;
    }
}
