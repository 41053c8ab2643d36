using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>The real market feed, which the paper venue watches over the desks' shoulders.</summary>
internal sealed class PaperMarketFeed(PolymarketMarketFeed feed, PaperVenue venue) : IMarketFeed
{
    public StreamHealth Health => feed.Health;

    public StreamState State => feed.State;

    public int Waiting => feed.Waiting;

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver) =>
        feed.Follow(market, (session, batch) =>
        {
            venue.Watch(market, batch);
            return deliver(session, batch);
        });

    public void Unfollow(MarketId market, long session) => feed.Unfollow(market, session);

    public void Resync(MarketId market, long session) => feed.Resync(market, session);

    public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions) => feed.IsFresh(market, conditions);
}

internal static class PaperServices
{
    /// <summary>Swaps the ports that reach the venue's orders; everything else stays as it is.</summary>
    public static IServiceCollection AddPaperVenue(this IServiceCollection services, PaperOptions options)
    {
        services.AddSingleton<PolymarketVenue>();
        services.AddSingleton<PolymarketMarketFeed>();
        services.AddSingleton(provider => new PaperSigner(provider.GetRequiredService<PolymarketVenue>().Identify, provider.GetRequiredService<PolymarketVenue>().Sign));
        services.AddSingleton(provider => new PaperVenue(
            provider.GetRequiredService<PaperSigner>(), provider.GetRequiredService<IJournal>(), options, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PaperVenue>>()));
        services.RemoveAll<IVenue>().RemoveAll<IUserFeed>().RemoveAll<IMarketFeed>();
        services.AddSingleton<IVenue>(provider => provider.GetRequiredService<PaperVenue>());
        services.AddSingleton<IUserFeed>(provider => provider.GetRequiredService<PaperVenue>());
        services.AddSingleton<IMarketFeed, PaperMarketFeed>();
        return services;
    }
}
