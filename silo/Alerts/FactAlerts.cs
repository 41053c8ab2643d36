using PolyArb.Config;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;

namespace PolyArb.Silo.Alerts;

/// <summary>What of the journal is worth an alert.</summary>
internal static class FactAlerts
{
    /// <summary>By whom a silo acts on its own.</summary>
    public const string Itself = "silo";

    /// <summary>Kinds of facts that are looked at: the others, which are many, need not even be read.</summary>
    public static readonly IReadOnlySet<string> Kinds = new HashSet<string>
    {
        nameof(Fact.StateChanged), nameof(Fact.ErrorNoted), nameof(Fact.OperatorActed), nameof(Fact.OpeningBalanceTaken),
        nameof(Fact.ExternalCredited), nameof(Fact.SharesRedeemed), nameof(Fact.LedgerAccepted),
        nameof(Fact.ParametersChanged),
    };

    /// <summary>Null: no news for a person. Each stands for itself.</summary>
    public static Alert? Of(Fact fact) => fact switch
    {
        Fact.StateChanged(_, _, var to, _, var by, var reason) => new(fact.At, LevelOf(to, by), null, $"{to.ToString().ToUpperInvariant()} by {by}: {reason}{NextOf(to)}"),
        Fact.ErrorNoted(_, var where, var what) => new(fact.At, AlertLevel.Warning, null, $"{where}: {what}"),
        Fact.OperatorActed(_, var by, var what) => new(fact.At, AlertLevel.Info, null, $"{by}: {what}"),
        Fact.OpeningBalanceTaken(_, var cash, var positions) => new(fact.At, AlertLevel.Info, null, $"Opening balance: cash {cash}, {positions.Count} tokens"),
        Fact.ExternalCredited(_, var cash, var shares, var why) => new(fact.At, AlertLevel.Info, null, $"Credited: cash {cash}, {shares.Count} tokens ({why})"),
        Fact.SharesRedeemed(_, var shares, var cash) => new(fact.At, AlertLevel.Info, null, $"Redeemed: {shares.Count} tokens for {cash}"),
        Fact.LedgerAccepted(_, var cash, _, _, var by, var reason) => new(fact.At, AlertLevel.Warning, null, $"The venue's figures were taken by {by} ({reason}): cash {cash}"),
        Fact.ParametersChanged(_, var by, var source, var changes) => new(fact.At, AlertLevel.Warning, null, $"Parameters changed by {by} ({source}): {string.Join(", ", changes)}"),
        _ => null,
    };

    /// <summary>What to do about a state that only a person ends.</summary>
    private static string NextOf(TradingState to) =>
        to is TradingState.Safe ? ". Nothing opens until somebody resumes: `polyarb-client status`, then `polyarb-client errors`" : "";

    public static AlertLevel LevelOf(TradingState to, string by) => to switch
    {
        TradingState.Safe or TradingState.Flattening => AlertLevel.Critical,
        TradingState.Paused when by == Itself => AlertLevel.Warning,
        _ => AlertLevel.Info,
    };
}
