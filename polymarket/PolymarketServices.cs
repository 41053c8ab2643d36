using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.UserFeed;

namespace PolyArb.Polymarket;

public static class PolymarketServices
{
    /// <summary>
    /// The venue's ports: catalogue and market feed always; venue, user feed and keys with them, which throw when they are
    /// made without a key or credentials. Expects an IFrameTap; a TimeProvider and a Random may be registered before.
    /// </summary>
    public static IServiceCollection AddPolymarket(this IServiceCollection services, VenueOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<VenueClock>();
        services.AddSingleton<TermsBook>();
        services.AddSingleton<ICatalog, PolymarketCatalog>();
        services.AddSingleton<IMarketFeed, PolymarketMarketFeed>();
        services.AddSingleton<IUserFeed, PolymarketUserFeed>();
        services.AddSingleton<IVenue, PolymarketVenue>();
        services.AddSingleton<PolymarketKeys>();
        services.AddHostedService<ClockSync>();

        AddClient(services, VenueClients.Orders, options, options.OrderTimeout);
        AddClient(services, VenueClients.Cancels, options, options.CancelTimeout);
        AddClient(services, VenueClients.Reads, options, options.ReadTimeout).AddResilienceHandler("reads", reads => reads
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddTimeout(TimeSpan.FromSeconds(5)));
        return services;
    }

    /// <summary>No redirects, and no logging of requests: their headers carry the credentials.</summary>
    private static IHttpClientBuilder AddClient(IServiceCollection services, string name, VenueOptions options, TimeSpan timeout) =>
        services.AddHttpClient(name, http =>
        {
            http.BaseAddress = options.RestUrl;
            http.Timeout = timeout;
        })
        .UseSocketsHttpHandler((handler, _) =>
        {
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            handler.AutomaticDecompression = System.Net.DecompressionMethods.All;
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        })
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // A warm connection is worth more; the pool's lifetime follows the DNS.
        .RemoveAllLoggers();
}
