using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Web;

/// <summary>
/// `/healthz`: 200 and the trading state when the gateway answers within two seconds, else 503 and why. A paused silo is healthy. Anybody may
/// ask, as often as he likes: the gateway is asked once a second.
/// </summary>
internal sealed class HealthPage(IGrainFactory grains, TimeProvider time) : IWebPages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<(int Status, string Line)>? _answer;
    private long _askedAt;

    public void Add(IServiceCollection services, IServiceProvider silo)
    {
    }

    public void Map(WebApplication app) => app.MapGet(WebDoor.Health, async (HttpContext context) =>
    {
        var (status, line) = await Answer();
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(line + "\n");
    });

    private Task<(int Status, string Line)> Answer()
    {
        lock (_gate)
        {
            if (_answer is null || time.GetElapsedTime(_askedAt) >= GoodFor) (_answer, _askedAt) = (Ask(), time.GetTimestamp());
            return _answer;
        }
    }

    private async Task<(int Status, string Line)> Ask()
    {
        try
        {
            var status = await grains.GetGrain<IControl>(0).Status().WaitAsync(Patience, time);
            return (StatusCodes.Status200OK, status.State.ToString().ToUpperInvariant());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "the gateway does not answer");
        }
    }
}
