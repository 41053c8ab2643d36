using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;
using PolyArb.Dashboard.Components;

namespace PolyArb.Dashboard;

/// <summary>Puts the dashboard into a web server: services first, then its addresses.</summary>
public static class DashboardHost
{
    /// <summary>Styles are written into elements by the components; everything else comes from this server alone.</summary>
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardSetup setup)
    {
        services.AddSingleton(setup);
        services.AddSingleton(provider => new DashboardReader( // The container's, so that it ends with it.
            setup.Trader, setup.History, setup.Time, provider.GetRequiredService<ILogger<DashboardReader>>()));
        services.AddSingleton<ControlDesk>();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DisconnectedCircuitMaxRetained = 10;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(30); // Behind it nobody watches any more.
        });

        // What protects a page is worth nothing after a restart: its keys never touch a disk.
        services.Configure<KeyManagementOptions>(keys => (keys.XmlRepository, keys.XmlEncryptor) = (new KeysInMemory(), new NullXmlEncryptor()));
        return services;
    }

    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        });
        app.UseAntiforgery();
        app.MapAssets();
        app.MapReports();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
