using PolyArb.Dashboard;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Web;

/// <summary>The dashboard, reading this silo's grains and journal.</summary>
internal sealed class DashboardPages(
    SiloSetup setup, WebSetup web, RulesInForce rules, IGrainFactory grains, IHistory history, TimeProvider time) : IWebPages
{
    public void Add(IServiceCollection services, IServiceProvider silo) => services.AddDashboard(new DashboardSetup
    {
        Trader = new GrainTrader(grains),
        History = history,
        Time = time,
        IsToken = web.Door.IsToken,
        Limits = () => rules.Now.Risk,
        Breakers = () => rules.Now.Breakers,
        Reports = setup.Data.Root,
    });

    public void Map(WebApplication app) => app.MapDashboard();
}
