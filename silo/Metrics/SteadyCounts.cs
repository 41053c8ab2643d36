namespace PolyArb.Silo.Metrics;

/// <summary>
/// Sums of counts that may begin anew, as a desk's do: what was counted before stays counted. A sum that fell would read as a restart
/// of everything. Owners that were not named for a day of rounds are forgotten. One thread adds, others read.
/// </summary>
/// <param name="known">Stand at zero before they are counted for the first time.</param>
internal sealed class SteadyCounts(params ReadOnlySpan<string> known)
{
    /// <summary>Of five seconds each, usually.</summary>
    internal const int RoundsKept = 17_280;

    private readonly Dictionary<string, Owner> _owners = [];
    private long _round;
    private volatile IReadOnlyDictionary<string, long> _sums = known.ToArray().ToDictionary(what => what, _ => 0L);

    /// <summary>By what was counted.</summary>
    public IReadOnlyDictionary<string, long> Sums => _sums;

    /// <param name="counts">All there are of these owners now.</param>
    public void Take(IEnumerable<(string Owner, string What, long Count)> counts)
    {
        var sums = new Dictionary<string, long>(_sums);
        _round++;
        foreach (var (name, what, count) in counts)
        {
            if (!_owners.TryGetValue(name, out var owner)) _owners[name] = owner = new Owner();

            var before = owner.Last.GetValueOrDefault(what);
            sums[what] = sums.GetValueOrDefault(what) + (count >= before ? count - before : count);
            (owner.Last[what], owner.Round) = (count, _round);
        }

        _sums = sums;
        if (_round % (RoundsKept / 16) == 0) Forget();
    }

    internal int Owners => _owners.Count;

    private void Forget()
    {
        foreach (var gone in _owners.Where(owner => owner.Value.Round <= _round - RoundsKept).Select(owner => owner.Key).ToArray()) _owners.Remove(gone);
    }

    private sealed class Owner
    {
        public Dictionary<string, long> Last { get; } = [];

        /// <summary>In which it was named last.</summary>
        public long Round { get; set; }
    }
}
