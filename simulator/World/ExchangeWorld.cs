using System.Collections.Immutable;
using System.Globalization;

namespace PolyArb.Simulator.World;

/// <summary>
/// Every condition of the exchange, and where each token belongs. Safe to read from any thread: a listing at run time puts a new
/// state in the old one's place; call those with the exchange's lock held.
/// </summary>
internal sealed class ExchangeWorld
{
    private const int FirstMarketId = 512_000;

    private volatile State _state;

    public ExchangeWorld(IReadOnlyList<Condition> conditions)
    {
        _state = new State(
            [], [], ImmutableDictionary.Create<string, Condition>(StringComparer.Ordinal),
            ImmutableDictionary.Create<string, (Condition, int)>(StringComparer.Ordinal));
        foreach (var condition in conditions)
        {
            Announce(condition);
            Open(condition);
        }
    }

    /// <summary>What the CLOB knows.</summary>
    public IReadOnlyList<Condition> Conditions => _state.Open;

    /// <summary>Also what is announced and in the catalogue, but not hydrated on the CLOB yet (protocol 10.7).</summary>
    public IReadOnlyList<Condition> Listed => _state.Listed;

    /// <summary>The neg-risk events, each with all its conditions in question order.</summary>
    public IEnumerable<IReadOnlyList<Condition>> Events =>
        Conditions.Where(c => c.NegRisk).GroupBy(c => c.NegRiskMarketId).Select(g => g.ToArray());

    /// <summary>Null for what the CLOB does not know (yet).</summary>
    public Condition? Find(string id) => _state.ById.GetValueOrDefault(id);

    public bool TryToken(string token, out Condition condition, out int index)
    {
        var found = _state.ByToken.TryGetValue(token, out var entry);
        (condition, index) = entry;
        return found;
    }

    /// <summary>The catalogue's number of the market that was listed at this place, from 0 on.</summary>
    public static string MarketId(int place) => (FirstMarketId + place).ToString(CultureInfo.InvariantCulture);

    /// <summary>The catalogue's number of a listed condition.</summary>
    public string MarketId(Condition condition) => MarketId(Listed.TakeWhile(c => c.Id != condition.Id).Count());

    public void Announce(Condition condition) => _state = _state with { Listed = _state.Listed.Add(condition) };

    /// <summary>From now on the CLOB knows an announced condition.</summary>
    public void Open(Condition condition) => _state = _state with
    {
        Open = _state.Open.Add(condition),
        ById = _state.ById.Add(condition.Id, condition),
        ByToken = _state.ByToken.Add(condition.Tokens[0], (condition, 0)).Add(condition.Tokens[1], (condition, 1)),
    };

    private sealed record State(
        ImmutableList<Condition> Listed,
        ImmutableList<Condition> Open,
        ImmutableDictionary<string, Condition> ById,
        ImmutableDictionary<string, (Condition Condition, int Index)> ByToken);
}
