using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Web;

/// <summary>`/healthz`: 200 and the trading state when the gateway answers within two seconds, else 503 and why. A paused silo is healthy.</summary>
internal sealed class HealthPage(IGrainFactory grains, TimeProvider time) : IWebPages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public void Add(IServiceCollection services, IServiceProvider silo)
    {
    }

    public void Map(WebApplication app) => app.MapGet(WebDoor.Health, async (HttpContext context) =>
    {
        var (status, line) = await Ask();
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(line + "\n");
    });

    private async Task<(int Status, string Line)> Ask()
    {
        try
        {
            var status = await grains.GetGrain<IControl>(0).Status().WaitAsync(Patience, time);
            return (StatusCodes.Status200OK, status.State.ToString().ToUpperInvariant());
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "the gateway does not answer");
        }
    }
}
