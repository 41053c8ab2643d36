using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Dashboard;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>The dashboard on the silo's own web server, before a scripted trader; one for all tests of a class, as is its browser.</summary>
public sealed class DashboardSite : IAsyncLifetime
{
    public const string Token = "a token that no page remembers";

    /// <summary>Compared with this one, the page meets a bug.</summary>
    public const string Bug = "a token that nobody can compare";

    private readonly string _reports = Directory.CreateTempSubdirectory("polyarb-reports-").FullName;
    private WebServer _server = null!;
    private ServiceProvider _silo = null!;

    internal ScriptedTrader Trader { get; } = new(TimeProvider.System);

    internal Site Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_reports, "runs"));
        await File.WriteAllTextAsync(Path.Combine(_reports, "runs", "day.html"), "<!DOCTYPE html><title>Report</title><h1>DEPLOY</h1>");
        _silo = new ServiceCollection().BuildServiceProvider();
        _server = new WebServer(
            new WebSetup { Address = IPAddress.Loopback, Port = 0, AllowedHosts = [], Door = new ControlDoor(Token, isLoopback: true) },
            [new Pages(this)], _silo, NullLoggerFactory.Instance);
        await _server.StartAsync(CancellationToken.None);
        Site = await Site.Open(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (Site is not null) await Site.DisposeAsync();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        await _silo.DisposeAsync();
        Directory.Delete(_reports, recursive: true);
    }

    private sealed class Pages(DashboardSite site) : IWebPages
    {
        public void Add(IServiceCollection services, IServiceProvider silo) => services.AddDashboard(new DashboardSetup
        {
            Trader = site.Trader,
            History = site.Trader,
            Time = TimeProvider.System,
            IsToken = token => token == Bug ? throw new InvalidOperationException("a bug") : new ControlDoor(Token, isLoopback: true).IsToken!(token),
            Limits = () => Given.Limits,
            Breakers = () => Given.Breakers,
            Reports = site._reports,
        });

        public void Map(WebApplication app) => app.MapDashboard();
    }
}
