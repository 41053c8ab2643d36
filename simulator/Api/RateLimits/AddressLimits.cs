using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>
/// The limits by IP address (protocol 9.1). The venue delays an excess before it refuses it; how long is not documented, so here the
/// refusal comes at once.
/// </summary>
internal sealed class AddressLimits(LimitOptions options, Agenda agenda)
{
    private const long TenSeconds = 10_000;
    private const long TenMinutes = 600_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Address, Limit Limit), SlidingWindow[]> _windows = [];

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (Refusal(address, http.Request.Method, http.Request.Path) is { } refusal) await refusal.WriteAsync(http);
        else await next(http);
    }

    /// <summary>Counts the request, or says why not: then it counts nowhere.</summary>
    public Answer? Refusal(string address, string method, string path)
    {
        if (options.Percent == 0) return null;

        var limits = LimitTable.Of(method, path);
        var now = agenda.Now;
        lock (_gate)
        {
            foreach (var limit in limits)
            {
                foreach (var window in WindowsOf(address, limit))
                {
                    if (!window.HasRoom(now)) return TooMany(window.RestSeconds(now));
                }
            }

            foreach (var limit in limits)
            {
                foreach (var window in WindowsOf(address, limit)) window.Count(now);
            }
        }

        return null;
    }

    public static Answer TooMany(long retryAfterSeconds) =>
        Answer.Error(429, "Too Many Requests") with { Headers = [("Retry-After", JsonText.Number(retryAfterSeconds))] };

    private SlidingWindow[] WindowsOf(string address, Limit limit)
    {
        if (_windows.TryGetValue((address, limit), out var windows)) return windows;

        windows = limit.PerTenMinutes is { } sustained
            ? [new(Scaled(limit.PerTenSeconds), TenSeconds), new(Scaled(sustained), TenMinutes)]
            : [new(Scaled(limit.PerTenSeconds), TenSeconds)];
        _windows.Add((address, limit), windows);
        return windows;
    }

    private long Scaled(long max) => Math.Max(1, max * options.Percent / 100);
}
