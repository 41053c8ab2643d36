namespace PolyArb.Simulator.Hosting;

/// <summary>The first request that broke the exchange. One that its sender gave up, or that was no valid HTTP, breaks nothing.</summary>
internal sealed class RequestFailures
{
    private Exception? _first;

    public Exception? First => Volatile.Read(ref _first);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _first, e, null);
            throw;
        }
    }
}
