using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Names;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>What the operator switched, by market id; the row is in the grain storage.</summary>
public sealed class RegistryState
{
    /// <summary>True on, false off; a market not named here follows the configuration.</summary>
    public Dictionary<string, bool> Switched { get; set; } = [];
}

/// <summary>Which markets are traded: the configuration's seeds, until a person switches one, and then what the person said.</summary>
[KeepAlive, KeyHolderPlacement]
public sealed class RegistryGrain(
    [PersistentState("registry", RegistryGrain.Storage)] IPersistentState<RegistryState> state) : Grain, IRegistryGrain
{
    public const string Storage = "polyarb";

    private const int HitsMax = 10;

    private const int NearestMax = 3;

    private ImmutableArray<MarketSummary> _listed = [];
    private bool _hasLearned;
    private bool _enableAll;
    private ImmutableHashSet<MarketId> _seeds = [];

    public Task Learn(ImmutableArray<MarketSummary> listed, bool enableAll, ImmutableArray<MarketId> seeds)
    {
        (_listed, _enableAll, _seeds, _hasLearned) = (listed, enableAll, [.. seeds], true);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<MarketId>?> Enabled() =>
        Task.FromResult<ImmutableArray<MarketId>?>(!_hasLearned ? null : [.. _listed.Where(market => IsEnabled(market).On).Select(market => market.Id)]);

    public async Task<SwitchAnswer> Switch(ImmutableArray<string> ids, bool on, string by)
    {
        var unknown = ids.Where(id => Listed(id) is null).ToImmutableArray();
        if (unknown.Length > 0) return new SwitchAnswer([], unknown);

        var markets = ids.Select(id => Listed(id)!.Id).Distinct().ToImmutableArray();
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

    public Task<ImmutableArray<MarketLine>> List() => Task.FromResult<ImmutableArray<MarketLine>>([.. _listed.Select(Line)]);

    /// <summary>Tens of thousands of names are compared elsewhere, so that nobody waits for it here.</summary>
    public async Task<MarketMatch> Find(string name)
    {
        var listed = _listed;
        var (match, nearest) = await Task.Run(() =>
        {
            var names = listed.Select(NamesOf).ToArray();
            var match = NameFinder.Find(name, names, HitsMax);
            return (match, match.Hits.Count > 0 ? [] : NameFinder.Nearest(name, names.SelectMany(its => its).Select(one => one.Text), NearestMax));
        });
        return new MarketMatch(match.IsExact, [.. match.Hits.Select(hit => new MarketHit(Line(listed[hit.Number]), hit.Name.Text, hit.Name.Condition))], [.. nearest]);
    }

    private static MarketName[] NamesOf(MarketSummary market) =>
        [new(market.Id.Text), .. market.Conditions.Select(condition => new MarketName(condition.Text, condition)), new(market.Title), .. market.Names];

    private MarketLine Line(MarketSummary market)
    {
        var (on, why) = IsEnabled(market);
        return new MarketLine(market.Id, market.Title, market.Conditions.Length, market.IsTradable, on, why, market.Reason);
    }

    private MarketSummary? Listed(string id) => _listed.FirstOrDefault(market =>
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
