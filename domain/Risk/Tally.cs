namespace PolyArb.Domain.Risk;

/// <summary>A sum by key; a key whose sum is zero is not kept.</summary>
internal sealed class Tally<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _sums = [];

    public long Of(TKey key) => _sums.GetValueOrDefault(key);

    public void Add(TKey key, long amount)
    {
        var sum = _sums.GetValueOrDefault(key) + amount;
        if (sum == 0) _sums.Remove(key);
        else _sums[key] = sum;
    }

    public void Clear() => _sums.Clear();
}
