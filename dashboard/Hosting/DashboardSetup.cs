using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Dashboard;

/// <summary>What the dashboard is given by the silo that serves it.</summary>
public sealed record DashboardSetup
{
    public required ITrader Trader { get; init; }

    public required IHistory History { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Whether this is the control token, compared in constant time. Null: none is set, and nobody steers from here.</summary>
    public required Func<string, bool>? IsToken { get; init; }

    /// <summary>In force now.</summary>
    public required Func<RiskLimits> Limits { get; init; }

    public required Func<BreakerPolicy> Breakers { get; init; }

    /// <summary>Where backtest reports are, of which everything ending in .html is one; searched a folder deep.</summary>
    public required string Reports { get; init; }
}
