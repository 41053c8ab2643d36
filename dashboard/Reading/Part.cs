using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>
/// One question that is asked again and again while somebody wants to know. Never twice at once, so a trader that does not answer is not
/// asked more often for it; and the longer an answer takes, the rarer it is asked for.
/// </summary>
/// <param name="mayAsk">Asked last, when everything else says yes.</param>
internal sealed class Part<T>(T nothing, TimeSpan period, TimeProvider time, Func<Task<T>> ask, Func<bool>? mayAsk = null)
{
    /// <summary>Without an answer for so long, the page says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Of the trader's time, answering takes one part in so many at the most.</summary>
    private const int Share = 20;

    private readonly Lock _gate = new();
    private volatile Seen<T> _seen = new(nothing, null, "");
    private bool _isAsking;
    private long? _askedAt; // Timestamps.
    private TimeSpan _rest = TimeSpan.Zero;

    public Seen<T> Seen => _seen;

    /// <summary>Asks, when it is time to. Returns at once.</summary>
    /// <param name="changed">There is something new to show.</param>
    public void Look(Action changed)
    {
        lock (_gate)
        {
            var waited = _askedAt is { } asked ? time.GetElapsedTime(asked) : TimeSpan.MaxValue;
            if (_isAsking)
            {
                if (waited > Patience && _seen.Complaint.Length == 0) Complain($"no answer for {Patience.TotalSeconds:0} seconds", changed);
                return;
            }

            if (waited < _rest || mayAsk?.Invoke() == false) return;

            (_isAsking, _askedAt) = (true, time.GetTimestamp());
        }

        _ = Ask(changed);
    }

    private async Task Ask(Action changed)
    {
        try
        {
            var value = await ask();
            Rest();
            _seen = new Seen<T>(value, Instant.From(time.GetUtcNow()), "");
            changed();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Rest();
            Complain(e.Message, changed); // A page is told; nothing that trades notices.
        }
    }

    private void Rest()
    {
        lock (_gate)
        {
            var took = time.GetElapsedTime(_askedAt!.Value);
            (_isAsking, _rest) = (false, took * Share > period ? took * Share : period);
        }
    }

    private void Complain(string line, Action changed)
    {
        _seen = _seen with { Complaint = line };
        changed();
    }
}
