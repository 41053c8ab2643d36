using Orleans.Dashboard;

namespace PolyArb.Silo.Web;

/// <summary>
/// `/orleans`: Orleans' own dashboard of silos, grains and their methods. Only where `web.orleans_dashboard` asks for it: its profiler
/// is a filter on every call of a grain.
/// </summary>
internal sealed class OrleansPages(IGrainFactory grains) : IWebPages
{
    public const string Path = "/orleans";

    /// <summary>Who calls methods of a grain because they return its state, and who shows the log before secrets are taken out.</summary>
    private static readonly string[] Shut = [$"{Path}/GrainState", $"{Path}/Trace"];

    /// <summary>To this container the silo is what a silo is to a client, and the library serves its pages from clients too.</summary>
    public void Add(IServiceCollection services, IServiceProvider silo)
    {
        services.AddSingleton(grains);
        new Client(services).AddDashboard(options => options.HideTrace = true);
    }

    public void Map(WebApplication app)
    {
        IEndpointConventionBuilder pages = app.MapOrleansDashboard(Path);
        pages.Add(endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path } && Shut.Contains(path, StringComparer.OrdinalIgnoreCase))
                endpoint.RequestDelegate = NotFound;
        });
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private sealed class Client(IServiceCollection services) : IClientBuilder
    {
        public IServiceCollection Services => services;

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }
}

/// <summary>The half of it that is in the silo: its profiler, and the grains that add up what it saw.</summary>
internal static class OrleansPagesServices
{
    public static ISiloBuilder AddOrleansPages(this ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);
}
