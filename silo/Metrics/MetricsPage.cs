using OpenTelemetry.Metrics;
using PolyArb.Silo.Web;

namespace PolyArb.Silo.Metrics;

/// <summary>`/metrics`, in the text that Prometheus reads.</summary>
internal sealed class MetricsPage(MeterProvider provider) : IWebPages
{
    public const string Path = "/metrics";

    public void Add(IServiceCollection services, IServiceProvider silo)
    {
    }

    public void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint(Path, provider, configureBranchedPipeline: null, optionsName: null);
}
