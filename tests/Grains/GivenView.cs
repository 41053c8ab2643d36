using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Tests.Grains;

internal static class GivenView
{
    /// <summary>All is well, and nothing has happened yet.</summary>
    public static readonly Status Status = new()
    {
        State = TradingState.Running,
        Reason = "",
        Epoch = 1,
        Mode = "test",
        DryRun = true,
        Recovering = false,
        UptimeSeconds = 60,
        Exposure = Usd.Zero,
        Cash = Usd.Dollars(100),
        Equity = null,
        RealizedPnl = Usd.Zero,
        HourlyPnl = null,
        DailyPnl = null,
        Drawdown = null,
        OpenOrders = 0,
        UnresolvedOrders = 0,
        MarketStream = "Live",
        UserStream = "Live",
        Venue = "",
    };
}
