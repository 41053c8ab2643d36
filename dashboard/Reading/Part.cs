using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>
/// One question that is asked again and again while somebody wants to know. Never twice at once, so a trader that does not answer is not
/// asked more often for it; and the longer an answer takes, the rarer it is asked for. What failed is asked for again soon: nobody worked for it.
/// </summary>
/// <param name="period">Between an answer and the next question, at the least.</param>
/// <param name="restMax">The same, at the most; so long may a page show what is over.</param>
/// <param name="mayAsk">Asked last, when everything else says yes.</param>
internal sealed class Part<T>(T nothing, TimeSpan period, TimeSpan restMax, TimeProvider time, Func<Task<T>> ask, Func<bool>? mayAsk = null)
{
    /// <summary>Without an answer for so long, the page says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Of the trader's time, answering takes one part in so many, unless that would be too rare.</summary>
    private const int Share = 20;

    private readonly Lock _gate = new();
    private volatile Seen<T> _seen = new(nothing, null, "");
    private bool _isAsking;
    private long _askedAt; // Timestamps.
    private long? _answeredAt;
    private TimeSpan _rest = TimeSpan.Zero;
    private bool _isHurried;

    public Seen<T> Seen => _seen;

    /// <summary>Asks, when it is time to. Returns at once.</summary>
    /// <param name="changed">There is something new to show.</param>
    public void Look(Action changed)
    {
        lock (_gate)
        {
            if (_isAsking)
            {
                if (time.GetElapsedTime(_askedAt) > Patience && _seen.Complaint.Length == 0) Complain($"no answer for {Patience.TotalSeconds:0} seconds", changed);
                return;
            }

            if ((_answeredAt is { } answered && time.GetElapsedTime(answered) < _rest && !_isHurried) || mayAsk?.Invoke() == false) return;

            (_isAsking, _isHurried, _askedAt) = (true, false, time.GetTimestamp());
        }

        _ = Ask(changed);
    }

    /// <summary>Something was just done that the answer may show: the next look asks, or the one behind a question that is out.</summary>
    public void Hurry()
    {
        lock (_gate) _isHurried = true;
    }

    private async Task Ask(Action changed)
    {
        try
        {
            var value = await ask();
            _seen = new Seen<T>(value, Instant.From(time.GetUtcNow()), "");
            changed();
            Rest(hasFailed: false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Complain(e.Message, changed); // A page is told; nothing that trades notices.
            Rest(hasFailed: true);
        }
    }

    private void Rest(bool hasFailed)
    {
        lock (_gate)
        {
            var wanted = hasFailed ? period : time.GetElapsedTime(_askedAt) * Share;
            (_isAsking, _answeredAt, _rest) = (false, time.GetTimestamp(), wanted < period ? period : wanted > restMax ? restMax : wanted);
        }
    }

    private void Complain(string line, Action changed)
    {
        _seen = _seen with { Complaint = line };
        changed();
    }
}
