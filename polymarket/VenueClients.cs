using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace PolyArb.Polymarket;

/// <summary>
/// The HTTP clients, each with connections of its own. Orders are posted once: no retry, no redirect. Cancels and heartbeats never
/// wait behind orders, and are repeated, because twice is the same as once. Reads are repeated too, those of Gamma at its own address.
/// </summary>
internal static class VenueClients
{
    public const string Orders = "polymarket-orders";

    /// <summary>Cancels and heartbeats.</summary>
    public const string Cancels = "polymarket-cancels";

    public const string Reads = "polymarket-reads";

    /// <summary>The catalogue's host. Its address may have a path: ask for "markets", not for "/markets".</summary>
    public const string Gamma = "polymarket-gamma";

    /// <summary>The host of positions, as <see cref="Gamma"/> is one: ask for "positions".</summary>
    public const string Data = "polymarket-data";

    public static IServiceCollection AddVenueClients(this IServiceCollection services, VenueOptions options)
    {
        var soon = TimeSpan.FromSeconds(1);
        var patient = TimeSpan.FromSeconds(5);
        Add(services, Orders, options.RestUrl, options.OrderTimeout, options.OrderConnectTimeout);
        Repeated(Add(services, Cancels, options.RestUrl, options.CancelTimeout, options.ConnectTimeout), times: 2, attempt: 2 * soon, patience: soon);
        Repeated(Add(services, Reads, options.RestUrl, options.ReadTimeout, options.ConnectTimeout), times: 3, attempt: patient, patience: patient);
        Repeated(Add(services, Gamma, options.GammaUrl, options.ReadTimeout, options.ConnectTimeout), times: 3, attempt: patient, patience: patient);
        Repeated(Add(services, Data, options.DataUrl, options.ReadTimeout, options.ConnectTimeout), times: 3, attempt: patient, patience: patient);
        return services;
    }

    /// <summary>No cap on connections, and no logging of requests: their headers carry the credentials.</summary>
    private static IHttpClientBuilder Add(IServiceCollection services, string name, Uri? address, TimeSpan timeout, TimeSpan connect) =>
        services.AddHttpClient(name, http =>
        {
            http.BaseAddress = address is null || address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
            http.Timeout = timeout;
            http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "polyarb");
        })
        .UseSocketsHttpHandler((handler, _) =>
        {
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            handler.ActivityHeadersPropagator = null; // Which trace of ours a request is in is nothing to the venue.
            handler.AutomaticDecompression = DecompressionMethods.All;
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            handler.ConnectTimeout = 2 * connect; // With TLS.
            handler.ConnectCallback = (context, cancellation) => Connect(context.DnsEndPoint, connect, cancellation);
        })
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // A warm connection is worth more; the pool's lifetime follows the DNS.
        .RemoveAllLoggers();

    /// <summary>
    /// Repeats what may pass by itself, after `Retry-After` where the answer names one. A longer wait than our patience is the
    /// caller's to know: that answer is handed on. The client's own timeout is the deadline for all of it.
    /// </summary>
    private static void Repeated(IHttpClientBuilder client, int times, TimeSpan attempt, TimeSpan patience) =>
        client.AddResilienceHandler("repeated", pipeline => pipeline
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = times,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retry => ValueTask.FromResult(
                    (HttpClientResiliencePredicates.IsTransient(retry.Outcome) || retry.Outcome.Result?.StatusCode is (HttpStatusCode)425)
                    && !(RetryAfter.Of(retry.Outcome.Result) > patience)),
            })
            .AddTimeout(attempt));

    /// <summary>A connection that is not made in time fails as one that is refused does, and not as a request whose answer is late.</summary>
    private static async ValueTask<Stream> Connect(DnsEndPoint host, TimeSpan within, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            await socket.ConnectAsync(host, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException) throw new SocketException((int)SocketError.TimedOut); // Only time ends it, ours or the handler's.
            throw;
        }
    }
}
