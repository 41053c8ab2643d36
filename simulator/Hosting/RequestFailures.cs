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
        catch (Exception e) when (!IsTheSenders(e, http))
        {
            Interlocked.CompareExchange(ref _first, e, null);
            throw;
        }
    }

    /// <summary>A sender that is gone ends writes and waits, and nothing else: an engine that broke meanwhile is broken.</summary>
    private static bool IsTheSenders(Exception e, HttpContext http) =>
        e is BadHttpRequestException || (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested);
}
