using System.Collections.Immutable;
using Orleans.Placement;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>What the operator switched, by market id; the row is in the grain storage.</summary>
public sealed class RegistryState
{
    /// <summary>True on, false off; a market not named here follows the configuration.</summary>
    public Dictionary<string, bool> Switched { get; set; } = [];
}

/// <summary>Which markets are traded: the configuration's seeds, until a person switches one, and then what the person said.</summary>
[KeepAlive, PreferLocalPlacement]
public sealed class RegistryGrain(
    [PersistentState("registry", RegistryGrain.Storage)] IPersistentState<RegistryState> state) : Grain, IRegistryGrain
{
    public const string Storage = "polyarb";

    private ImmutableArray<MarketSummary> _listed = [];
    private bool _enableAll;
    private ImmutableHashSet<MarketId> _seeds = [];

    public Task Learn(ImmutableArray<MarketSummary> listed, bool enableAll, ImmutableArray<MarketId> seeds)
    {
        (_listed, _enableAll, _seeds) = (listed, enableAll, [.. seeds]);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<MarketId>> Enabled() =>
        Task.FromResult<ImmutableArray<MarketId>>([.. _listed.Where(market => IsEnabled(market).On).Select(market => market.Id)]);

    public async Task<SwitchAnswer> Switch(ImmutableArray<string> ids, bool on, string by)
    {
        var unknown = ids.Where(id => Find(id) is null).ToImmutableArray();
        if (unknown.Length > 0) return new SwitchAnswer([], unknown);

        var markets = ids.Select(id => Find(id)!.Id).Distinct().ToImmutableArray();
        var before = state.State.Switched;
        state.State.Switched = new Dictionary<string, bool>(before);
        foreach (var market in markets) state.State.Switched[market.Text] = on;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State.Switched = before; // Not written, so not switched.
            throw;
        }

        return new SwitchAnswer(markets, []);
    }

    public Task<ImmutableArray<MarketLine>> List() => Task.FromResult<ImmutableArray<MarketLine>>([.. _listed.Select(market =>
    {
        var (on, why) = IsEnabled(market);
        return new MarketLine(market.Id, market.Title, market.Conditions.Length, market.IsTradable, on, why, market.Reason);
    })]);

    private MarketSummary? Find(string id) => _listed.FirstOrDefault(market =>
        string.Equals(market.Id.Text, id, StringComparison.OrdinalIgnoreCase)
        || market.Conditions.Any(condition => string.Equals(condition.Text, id, StringComparison.OrdinalIgnoreCase)));

    private (bool On, string Why) IsEnabled(MarketSummary market)
    {
        if (state.State.Switched.TryGetValue(market.Id.Text, out var on)) return (on, on ? "switched on" : "switched off");
        if (!market.IsTradable) return (false, "not tradable");
        if (_enableAll) return (true, "MARKETS=all");

        var seeded = _seeds.Contains(market.Id) || market.Conditions.Any(condition => _seeds.Contains(new MarketId(condition.Text)));
        return (seeded, seeded ? "in MARKETS" : "not in MARKETS");
    }
}
