using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Providers;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// What each market of this silo last said of itself. Markets write it down in passing; whoever looks reads it here, and costs no market
/// anything, however many there are.
/// </summary>
public sealed class MarketBoard : IControllable
{
    /// <summary>By which the cluster's silos ask each other for theirs.</summary>
    public const string Name = "polyarb.markets";

    private readonly ConcurrentDictionary<MarketId, MarketView> _views = new();

    public ImmutableArray<MarketView> Views => [.. _views.Values];

    /// <summary>It is open on this silo.</summary>
    public bool Has(MarketId market) => _views.ContainsKey(market);

    public void Put(MarketView view) => _views[view.Id] = view;

    /// <summary>Unless another activation has written since.</summary>
    public void Remove(MarketId market, long session)
    {
        if (_views.TryGetValue(market, out var view) && view.Session == session) _views.TryRemove(KeyValuePair.Create(market, view));
    }

    /// <summary>The only command: all of <see cref="Views"/>.</summary>
    public Task<object?> ExecuteCommand(int command, object? arg) => Task.FromResult<object?>(Views);
}
