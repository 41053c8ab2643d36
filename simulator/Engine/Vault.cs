using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// What stands behind the outcome tokens. A standalone condition has a pot of its own; the conditions of a neg-risk event share one,
/// because a conversion moves value between them (protocol 1.2). <see cref="Flaw"/> says when a pot could not pay some outcome exactly.
/// </summary>
internal sealed class Vault(ExchangeWorld world, Func<Condition, IReadOnlyList<long>?> payoutsOf)
{
    private readonly Dictionary<string, long> _supply = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _locked = new(StringComparer.Ordinal);

    /// <summary>What redeeming cut off, in millionths of a micro: half a micro for an odd holding of a 50/50 market.</summary>
    private readonly Dictionary<string, Int128> _cutOff = new(StringComparer.Ordinal);

    /// <summary>All pUSD behind tokens, in micros.</summary>
    public long Locked => _locked.Values.Sum();

    /// <summary>Micro-shares of a token that exist.</summary>
    public long Supply(string token) => _supply.GetValueOrDefault(token);

    /// <summary>Makes pairs of YES and NO out of as much pUSD; a negative number unmakes them.</summary>
    public void Pair(Condition condition, long shares)
    {
        foreach (var token in condition.Tokens) Add(_supply, token, shares);
        Add(_locked, Pot(condition), shares);
    }

    /// <summary>NO of some questions of an event becomes YES of all others; what it frees is (m-1) x amount pUSD.</summary>
    public long Convert(IReadOnlyList<Condition> burned, IReadOnlyList<Condition> given, long shares)
    {
        var freed = checked((burned.Count - 1) * shares);
        foreach (var condition in burned) Add(_supply, condition.Tokens[1], -shares);
        foreach (var condition in given) Add(_supply, condition.Tokens[0], shares);
        Add(_locked, Pot(burned[0]), -freed);
        return freed;
    }

    /// <summary>Burns tokens of a resolved condition; the answer is what they pay in micros, rounded down as the chain does.</summary>
    public long Redeem(Condition condition, int token, long shares, long payout)
    {
        var (paid, rest) = Int128.DivRem((Int128)shares * payout, Units.MicrosOne);
        Add(_supply, condition.Tokens[token], -shares);
        Add(_locked, Pot(condition), -(long)paid);
        _cutOff[Pot(condition)] = _cutOff.GetValueOrDefault(Pot(condition)) + rest;
        return (long)paid;
    }

    /// <summary>
    /// Null when each pot holds exactly what its tokens would be paid in every outcome that is still possible. In a neg-risk event
    /// exactly one condition ends YES, so there are as many outcomes as conditions; the supplies of one condition's YES and NO may differ.
    /// Where only one condition of an event is known, it ends like a standalone one.
    /// </summary>
    public string? Flaw()
    {
        foreach (var pot in world.Listed.GroupBy(Pot))
        {
            var needed = (Int128)_locked.GetValueOrDefault(pot.Key) * Units.MicrosOne;
            var members = pot.ToArray();
            foreach (var payouts in members.Length > 1 ? Outcomes(members) : Outcomes(members[0]))
            {
                var due = _cutOff.GetValueOrDefault(pot.Key);
                for (var i = 0; i < members.Length; i++)
                {
                    for (var token = 0; token < 2; token++) due += (Int128)Supply(members[i].Tokens[token]) * payouts[i][token];
                }

                if (due != needed) return $"Pot {pot.Key} holds {needed} millionths of a micro, an outcome would take {due}.";
            }
        }

        return null;
    }

    private static string Pot(Condition condition) => condition.NegRisk ? condition.NegRiskMarketId : condition.Id;

    private static long[] Won(bool yes) => yes ? [Units.MicrosOne, 0] : [0, Units.MicrosOne];

    private IEnumerable<IReadOnlyList<long>[]> Outcomes(Condition condition) =>
        payoutsOf(condition) is { } known ? [[known]] : [[Won(yes: true)], [Won(yes: false)]];

    /// <summary>Each condition in turn wins, unless it is known to have lost or another is known to have won.</summary>
    private IEnumerable<IReadOnlyList<long>[]> Outcomes(Condition[] members)
    {
        var winner = Array.FindIndex(members, c => payoutsOf(c) is [> 0, _]);
        for (var i = 0; i < members.Length; i++)
        {
            var open = winner < 0 ? payoutsOf(members[i]) is null : i == winner;
            if (open) yield return [.. members.Select((_, at) => Won(yes: at == i))];
        }
    }

    private static void Add(Dictionary<string, long> amounts, string key, long change) =>
        amounts[key] = checked(amounts.GetValueOrDefault(key) + change);
}
