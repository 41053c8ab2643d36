using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.Catalog;

/// <summary>
/// What the CLOB lists: every page of `GET /markets`, with the terms of what can be traded. A market is a neg-risk event
/// with its conditions in the order of their questions, or one condition. What is closed altogether is left out.
/// </summary>
public sealed class PolymarketCatalog(IHttpClientFactory clients, TermsBook terms) : ICatalog
{
    public async Task<VenueAnswer<ImmutableArray<Market>>> Markets(CancellationToken cancellation)
    {
        var pages = await VenueReader.ReadAll(
            cursor => VenueHttp.Send(
                clients.CreateClient(VenueClients.Reads),
                new HttpRequestMessage(HttpMethod.Get, new Uri($"/markets?next_cursor={Uri.EscapeDataString(cursor)}", UriKind.Relative)),
                cancellation),
            "markets",
            ListedCondition.Read);
        if (pages is not VenueAnswer<ImmutableArray<ListedCondition?>>.Ok(var listed))
            return pages.Map(_ => ImmutableArray<Market>.Empty);

        var open = listed.OfType<ListedCondition>()
            .GroupBy(one => one.Condition.Id).Select(same => same.Last()) // The list moves while its pages are read.
            .GroupBy(one => one.Group ?? new MarketId(one.Condition.Id.Text))
            .Where(group => !group.All(one => one.IsClosed))
            .ToArray();
        return new VenueAnswer<ImmutableArray<Market>>.Ok(
            [.. await Task.WhenAll(open.Select(group => Complete(group.Key, [.. group], cancellation)))]);
    }

    private async Task<Market> Complete(MarketId id, ImmutableArray<ListedCondition> listed, CancellationToken cancellation)
    {
        var conditions = await Task.WhenAll(listed.Select(async one =>
            one.Condition.IsTradable ? one.With(await terms.Ask(one.Condition.Id, cancellation)) : one.Condition));
        var ordered = conditions.OrderBy(condition => condition.QuestionIndex ?? int.MaxValue)
            .ThenBy(condition => condition.Id.Text, StringComparer.Ordinal)
            .ToImmutableArray();
        return new Market
        {
            Id = id,
            Title = ordered[0].Question,
            NegRisk = listed[0].Group is not null,
            Conditions = ordered,
        };
    }
}
