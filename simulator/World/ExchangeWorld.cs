namespace PolyArb.Simulator.World;

/// <summary>Every condition of the exchange, and where each token belongs.</summary>
internal sealed class ExchangeWorld
{
    private readonly Dictionary<string, Condition> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Condition Condition, int Index)> _byToken = new(StringComparer.Ordinal);

    public ExchangeWorld(IReadOnlyList<Condition> conditions)
    {
        Conditions = conditions;
        foreach (var condition in conditions)
        {
            _byId.Add(condition.Id, condition);
            for (var i = 0; i < 2; i++) _byToken.Add(condition.Tokens[i], (condition, i));
        }
    }

    public IReadOnlyList<Condition> Conditions { get; }

    /// <summary>The neg-risk events, each with all its conditions in question order.</summary>
    public IEnumerable<IReadOnlyList<Condition>> Events =>
        Conditions.Where(c => c.NegRisk).GroupBy(c => c.NegRiskMarketId).Select(g => g.ToArray());

    public Condition? Find(string id) => _byId.GetValueOrDefault(id);

    public bool TryToken(string token, out Condition condition, out int index)
    {
        var found = _byToken.TryGetValue(token, out var entry);
        (condition, index) = entry;
        return found;
    }
}
