using PolyArb.Config;

namespace PolyArb.Client;

/// <summary>Who steers, for the journal: a statement, not a proof.</summary>
internal static class OperatorName
{
    /// <summary>Set where everybody runs as one account, as deploy/systemd/polyarb-client does.</summary>
    private const string Variable = "POLYARB_OPERATOR";

    public static string OfProcess => Of(EnvironmentVariables.OfProcess());

    /// <summary>The person that account was asked by, else the account.</summary>
    public static string Of(IReadOnlyDictionary<string, string> environment) =>
        $"{(environment.TryGetValue(Variable, out var person) && person is not "" ? person : Environment.UserName)}@{Environment.MachineName}";
}
