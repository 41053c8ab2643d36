using PolyArb.Config;
using PolyArb.Grains;

namespace PolyArb.Silo.Hosting;

/// <summary>What a silo is configured with, and how its configuration is read again.</summary>
/// <param name="Options">As they were at the start.</param>
/// <param name="Interpret">What parameters mean for trading, at the start and after each change.</param>
/// <param name="Reread">Null where there is nothing to be read again.</param>
/// <param name="Secrets">As they were at the start; null where there are none.</param>
internal sealed record Configuration(
    PolyArbOptions Options, Func<PolyArbOptions, TradingRules> Interpret, Func<ConfigResult>? Reread = null, Secrets? Secrets = null)
{
    public TradingRules Rules => Interpret(Options);
}
