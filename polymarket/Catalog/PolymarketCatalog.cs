using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Names;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.Catalog;

/// <summary>
/// Gamma's list of everything open; and, for the markets asked for, Gamma again and the order book's terms. A market is a neg-risk event
/// with its conditions in the order of their questions, or one condition.
/// </summary>
public sealed class PolymarketCatalog(IHttpClientFactory clients, VenueOptions options, TermsBook terms, TimeProvider time) : ICatalog, IDisposable
{
    /// <summary>How to ask for a market that is listed no more is remembered so long.</summary>
    private static readonly TimeSpan RememberFor = TimeSpan.FromDays(1);

    private readonly GammaReader _gamma = new(clients, options, time);
    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, Address> _addresses = [];

    public Task<VenueAnswer<Listing>> List(CancellationToken cancellation) => List(isFirstOnly: false, cancellation);

    public Task<VenueAnswer<Listing>> Glance(CancellationToken cancellation) => List(isFirstOnly: true, cancellation);

    public async Task<Reading> Read(ImmutableArray<MarketId> markets, CancellationToken cancellation)
    {
        var (events, conditions) = AddressesOf(markets);
        var alone = await _gamma.Conditions(conditions, cancellation);
        var together = await _gamma.Events(events, cancellation);
        var rows = (alone.ValueOr(out var noConditions) is { IsDefault: false } found ? found : [])
            .Concat((together.ValueOr(out var noEvents) is { IsDefault: false } named ? named : []).SelectMany(one => one.Markets))
            .ToImmutableArray();
        Remember(rows);

        var judged = await Task.WhenAll(rows.Where(row => markets.Contains(row.Market) || markets.Contains(new MarketId(row.Id.Text))).Select(row => Judge(row, cancellation)));
        return new Reading(
            [.. judged.GroupBy(one => one.Listed.Market).Select(group => Assemble(group.Key, [.. group], IsEverything([.. group])))],
            (noConditions, noEvents) switch { (null, null) => null, (null, _) => noEvents, (_, null) => noConditions, _ => $"{noConditions}; {noEvents}" });

        // What Gamma named by condition need not be all of its event.
        bool IsEverything(Judged[] group) => !group[0].Listed.IsNegRisk || events.Contains(group[0].Listed.EventId);
    }

    public void Dispose() => _gamma.Dispose();

    private async Task<VenueAnswer<Listing>> List(bool isFirstOnly, CancellationToken cancellation)
    {
        switch (await _gamma.Open(isFirstOnly, cancellation))
        {
            case VenueAnswer<(ImmutableArray<GammaMarket> Markets, int Pages)>.Ok(var (rows, pages)):
                if (rows.All(row => row.Condition is null))
                    return VenueReader.Unreadable<Listing>("gamma markets", $"{rows.Length} listed and none of use; the first: {rows[0].Problem}");

                Remember(rows);
                return new VenueAnswer<Listing>.Ok(new Listing(
                    [.. rows.GroupBy(row => row.Market).Select(group => Assemble(group.Key, [.. group.Select(Agreement.Unheard)], isEverything: false))], pages));
            case VenueAnswer<(ImmutableArray<GammaMarket> Markets, int Pages)>.Unavailable(var failure):
                return new VenueAnswer<Listing>.Unavailable(failure);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<Judged> Judge(GammaMarket listed, CancellationToken cancellation)
    {
        if (listed.Condition is not { IsTradable: true } condition) return Agreement.Unheard(listed);

        var now = Instant.From(time.GetUtcNow());
        var (heard, why) = await terms.Current(condition.Id, kept => Agreement.IsBelieved(listed, kept, now), cancellation);
        return Agreement.Judge(listed, heard, why);
    }

    private static ListedMarket Assemble(MarketId id, ImmutableArray<Judged> judged, bool isEverything)
    {
        var first = judged[0].Listed;
        var conditions = judged.Select(one => one.Condition).OfType<Condition>()
            .OrderBy(condition => condition.QuestionIndex ?? int.MaxValue)
            .ThenBy(condition => condition.Id.Text, StringComparer.Ordinal)
            .ToImmutableArray();
        var market = new Market
        {
            Id = id,
            Title = first is { IsNegRisk: true, EventTitle.Length: > 0 } ? first.EventTitle : conditions.FirstOrDefault()?.Question ?? first.EventTitle,
            NegRisk = first.IsNegRisk,
            Conditions = conditions,
            IsWhole = isEverything && judged.All(one => one.IsRead),
            IsAugmented = judged.Any(one => one.Listed.IsAugmented),
        };
        return new ListedMarket(market, [.. judged.Where(one => one.Problem is not null).Select(one => new NotTraded(one.Listed.Id, one.Problem!))])
        {
            Names = NamesOf(judged),
            Pays = judged.Where(one => one is { Condition: not null, Listed.Pays.Length: 2 })
                .SelectMany(one => new[] { (one.Condition!.Yes, one.Listed.Pays[0]), (one.Condition.No, one.Listed.Pays[1]) })
                .ToImmutableDictionary(paid => paid.Item1, paid => paid.Item2),
        };
    }

    private static ImmutableArray<MarketName> NamesOf(ImmutableArray<Judged> judged)
    {
        var first = judged[0].Listed;
        IEnumerable<MarketName> names =
        [
            new(first.EventId), new(first.EventSlug),
            .. judged.Select(one => new MarketName(one.Listed.Slug, one.Listed.Id)),
            .. judged.Where(one => one.Condition is not null).Select(one => new MarketName(one.Condition!.Question, one.Listed.Id)),
        ];
        return [.. names.Where(name => name.Text.Length > 0).Distinct()];
    }

    private void Remember(IEnumerable<GammaMarket> rows)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var group in rows.GroupBy(row => row.Market))
                _addresses[group.Key] = new Address(group.First() is { IsNegRisk: true } first ? first.EventId : "", [.. group.Select(row => row.IdText)], now);
            foreach (var (market, address) in _addresses)
            {
                if (now - address.SeenAt > RememberFor) _addresses.Remove(market);
            }
        }
    }

    /// <summary>Events by Gamma's number of them, everything else by condition; what was never listed by its id, which is a condition's or finds nothing.</summary>
    private (HashSet<string> Events, HashSet<string> Conditions) AddressesOf(ImmutableArray<MarketId> markets)
    {
        HashSet<string> events = [];
        HashSet<string> conditions = [];
        lock (_gate)
        {
            foreach (var market in markets)
            {
                var address = _addresses.GetValueOrDefault(market, new Address("", [market.Text], default));
                if (address.EventId.Length > 0) events.Add(address.EventId);
                else conditions.UnionWith(address.Conditions);
            }
        }

        return (events, conditions);
    }

    private readonly record struct Address(string EventId, ImmutableArray<string> Conditions, DateTimeOffset SeenAt);
}
