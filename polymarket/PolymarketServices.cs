using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Settlement;
using PolyArb.Polymarket.UserFeed;

namespace PolyArb.Polymarket;

public static class PolymarketServices
{
    /// <summary>
    /// The venue's ports: catalogue, market feed and probe always; venue, account, user feed and keys with them, which throw when
    /// they are made without a key or credentials. Expects an IFrameTap and an IErrorLog; a TimeProvider and a Random
    /// may be registered before.
    /// </summary>
    public static IServiceCollection AddPolymarket(this IServiceCollection services, VenueOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<VenueClock>();
        services.AddSingleton<TermsBook>();
        services.AddSingleton<ICatalog, PolymarketCatalog>();
        services.AddSingleton<BookProbe>();
        services.AddSingleton<IMarketFeed, PolymarketMarketFeed>();
        services.AddSingleton<IUserFeed, PolymarketUserFeed>();
        services.AddSingleton<IVenue, PolymarketVenue>();
        services.AddSingleton<ISettlement, PolymarketSettlement>();
        services.AddSingleton<PolymarketAccount>();
        services.AddSingleton<PolymarketKeys>();
        services.AddSingleton<PolymarketProbe>();
        services.AddSingleton<UserChannelProbe>();
        services.AddHostedService<ClockSync>();

        services.AddVenueClients(options);
        return services;
    }
}
