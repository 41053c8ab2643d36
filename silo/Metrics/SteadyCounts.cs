namespace PolyArb.Silo.Metrics;

/// <summary>
/// Sums of counts that may begin anew, as a desk's do: what was counted before stays counted. A sum that fell would read as a restart
/// of everything. One thread adds, others read.
/// </summary>
/// <param name="known">Stand at zero before they are counted for the first time.</param>
internal sealed class SteadyCounts(params ReadOnlySpan<string> known)
{
    private readonly Dictionary<(string Owner, string What), long> _last = [];
    private volatile IReadOnlyDictionary<string, long> _sums = known.ToArray().ToDictionary(what => what, _ => 0L);

    /// <summary>By what was counted.</summary>
    public IReadOnlyDictionary<string, long> Sums => _sums;

    /// <param name="counts">All there are of these owners now.</param>
    public void Take(IEnumerable<(string Owner, string What, long Count)> counts)
    {
        var sums = new Dictionary<string, long>(_sums);
        foreach (var (owner, what, count) in counts)
        {
            var before = _last.GetValueOrDefault((owner, what));
            sums[what] = sums.GetValueOrDefault(what) + (count >= before ? count - before : count);
            _last[(owner, what)] = count;
        }

        _sums = sums;
    }
}
