namespace PolyArb.Simulator.Feed;

/// <summary>A socket of the user channel; no markets named means all of the key (protocol 5).</summary>
internal sealed class UserSubscription(IFrameSink sink, string key, IEnumerable<string> markets)
{
    private readonly HashSet<string> _markets = new(markets, StringComparer.OrdinalIgnoreCase);
    private bool _all = !markets.Any();

    public IFrameSink Sink { get; } = sink;
    public string Key { get; } = key;

    public bool Wants(string market) => _all || _markets.Contains(market);

    public void Add(IEnumerable<string> markets) => _markets.UnionWith(markets);

    public void Remove(IEnumerable<string> markets)
    {
        _markets.ExceptWith(markets);
        _all = false;
    }
}
