namespace PolyArb.Domain.Orders;

/// <summary>So many in so long a window.</summary>
public sealed record Allowance(int Tokens, TimeSpan Window);

/// <summary>What we allow ourselves towards the venue.</summary>
/// <param name="Global">Requests of any kind that change something.</param>
/// <param name="PostBurst">Orders in a short window.</param>
/// <param name="PostSustained">Orders in a long one.</param>
/// <param name="DeleteBurst">Cancels in a short window.</param>
/// <param name="DeleteSustained">Cancels in a long one.</param>
/// <param name="BackoffBase">The first rest after the venue said too much or not ready, or nothing; it doubles with each further one.</param>
public sealed record PacerRules(
    Allowance Global, Allowance PostBurst, Allowance PostSustained, Allowance DeleteBurst, Allowance DeleteSustained, TimeSpan BackoffBase,
    TimeSpan BackoffMax);

/// <summary>
/// How fast one signer may go: a bucket of tokens for each endpoint and window, and one for all. Orders wait their turn, first come first
/// served. Cancels and heartbeats never wait behind orders: they take from the bucket for all even when it is empty, and orders wait for it.
/// </summary>
public sealed class Pacer(PacerRules rules)
{
    private readonly Bucket _global = new(rules.Global);
    private readonly Bucket[] _post = [new(rules.PostBurst), new(rules.PostSustained)];
    private readonly Bucket[] _delete = [new(rules.DeleteBurst), new(rules.DeleteSustained)];
    private TimeSpan _backoff;

    /// <summary>A turn for a request with so many orders: how long from now it comes. Counted at once; give it back when it is not used.</summary>
    public TimeSpan TakeTurn(int orders, Instant now)
    {
        var wait = _global.Take(1, now);
        foreach (var bucket in _post) wait = Longer(wait, bucket.Take(orders, now));
        return wait;
    }

    /// <summary>The turn will not be used: those behind it come sooner.</summary>
    public void GiveBack(int orders)
    {
        _global.Put(1);
        foreach (var bucket in _post) bucket.Put(orders);
    }

    /// <summary>True when so many orders may be cancelled now, which is counted then.</summary>
    public bool TryCancel(int orders, Instant now)
    {
        if (_delete.Any(bucket => !bucket.Has(orders, now))) return false;

        CountCancel(orders, now);
        return true;
    }

    /// <summary>For risk's sake they go out whatever was counted, and count.</summary>
    public void CountCancel(int orders, Instant now)
    {
        _global.Take(1, now);
        foreach (var bucket in _delete) bucket.Take(orders, now);
    }

    public void CountHeartbeat(Instant now) => _global.Take(1, now);

    /// <summary>How long to rest after one more failure in a row.</summary>
    public TimeSpan BackOff()
    {
        var next = _backoff == TimeSpan.Zero ? rules.BackoffBase : 2 * _backoff;
        return _backoff = next < rules.BackoffMax ? next : rules.BackoffMax;
    }

    /// <summary>The venue takes orders.</summary>
    public void Reset() => _backoff = TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    /// <summary>Full at first. It may be overdrawn, and is in debt then: who takes so waits until the debt is paid.</summary>
    private sealed class Bucket(Allowance allowance)
    {
        private readonly long _window = allowance.Window.Ticks / TimeSpan.TicksPerMicrosecond;
        private Int128 _level = (Int128)allowance.Tokens * (allowance.Window.Ticks / TimeSpan.TicksPerMicrosecond); // Tokens times microseconds of the window.
        private Instant? _at;

        private Int128 Capacity => (Int128)allowance.Tokens * _window;

        public TimeSpan Take(int tokens, Instant now)
        {
            Fill(now);
            _level -= (Int128)tokens * _window;
            return _level >= 0
                ? TimeSpan.Zero
                : new TimeSpan((long)((-_level + allowance.Tokens - 1) / allowance.Tokens) * TimeSpan.TicksPerMicrosecond);
        }

        public bool Has(int tokens, Instant now)
        {
            Fill(now);
            return _level >= Int128.Min((Int128)tokens * _window, Capacity); // More than it can ever hold goes when it is full.
        }

        public void Put(int tokens) => _level = Int128.Min(Capacity, _level + (Int128)tokens * _window);

        /// <summary>A clock that went back fills nothing, and is believed from now on.</summary>
        private void Fill(Instant now)
        {
            if (_at is { } last && now > last) _level = Int128.Min(Capacity, _level + (Int128)(now.Micros - last.Micros) * allowance.Tokens);
            _at = now;
        }
    }
}
