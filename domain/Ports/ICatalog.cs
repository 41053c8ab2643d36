using System.Collections.Immutable;
using PolyArb.Domain.Names;

namespace PolyArb.Domain.Ports;

/// <summary>What the venue lists. A list is long and is read seldom; the markets that are followed are read often.</summary>
public interface ICatalog
{
    /// <summary>Every market with an open condition, as the list tells it: without trading terms, so without fees and not to be traded yet.</summary>
    Task<VenueAnswer<Listing>> List(CancellationToken cancellation);

    /// <summary>The most liquid of that list, in one request: something to look at.</summary>
    Task<VenueAnswer<Listing>> Glance(CancellationToken cancellation);

    /// <summary>
    /// These markets as they are now, closed or not, with their trading terms. The id of a condition finds what of its event is known by it:
    /// that condition.
    /// </summary>
    Task<Reading> Read(ImmutableArray<MarketId> markets, CancellationToken cancellation);
}

/// <param name="Requests">What it cost.</param>
public sealed record Listing(ImmutableArray<ListedMarket> Markets, int Requests);

/// <param name="Problem">Why some of them could not be read; when null, the venue names those that are absent no more.</param>
public sealed record Reading(ImmutableArray<ListedMarket> Markets, string? Problem);

/// <summary>A market, and why something of it is not traded.</summary>
/// <param name="Market">With every condition that can be used; none when all are refused.</param>
/// <param name="NotTraded">Those that are closed to trading, in the market or refused altogether.</param>
public sealed record ListedMarket(Market Market, ImmutableArray<NotTraded> NotTraded)
{
    /// <summary>What people call it by besides its ids: slugs, questions, the number of its event.</summary>
    public ImmutableArray<MarketName> Names { get; init; } = [];

    /// <summary>What a share of a token pays, where there is a verdict.</summary>
    public ImmutableDictionary<TokenId, Price> Pays { get; init; } = ImmutableDictionary<TokenId, Price>.Empty;
}

/// <param name="Reason">One line, the same as long as nothing changes.</param>
public sealed record NotTraded(ConditionId Condition, string Reason);
