using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.Catalog;

/// <summary>The trading terms of conditions, asked for once and kept; a few questions at a time.</summary>
public sealed class TermsBook(IHttpClientFactory clients, VenueOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Rates and ticks do change; a catalogue read after this asks again.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<ConditionId, (TradingTerms Terms, DateTimeOffset At)> _known = new();
    private readonly SemaphoreSlim _slots = new(options.CatalogParallel);

    /// <summary>The fee curve as last heard; null when it was never answered.</summary>
    public FeeCurve? Fee(ConditionId condition) => _known.TryGetValue(condition, out var entry) ? entry.Terms.Fee : null;

    public bool Knows(ConditionId condition) => _known.ContainsKey(condition);

    /// <summary>Fresh terms, or null when the venue does not answer.</summary>
    public async Task<TradingTerms?> Ask(ConditionId condition, CancellationToken cancellation)
    {
        if (_known.TryGetValue(condition, out var entry) && time.GetUtcNow() - entry.At < FreshFor) return entry.Terms;

        return await Refresh(condition, cancellation);
    }

    /// <summary>The same of now, however fresh what we have is: for when the venue contradicts it.</summary>
    public async Task<TradingTerms?> Refresh(ConditionId condition, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/clob-markets/{condition.Text}", UriKind.Relative));
            var response = await VenueHttp.Send(clients.CreateClient(VenueClients.Reads), request, cancellation);
            if (VenueReader.Read(response, "clob-markets", TradingTerms.Read) is not VenueAnswer<TradingTerms>.Ok(var terms)) return null;

            _known[condition] = (terms, time.GetUtcNow());
            return terms;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Makes sure of those that were never heard of; what stays unanswered stays unknown.</summary>
    public Task AskUnknown(IEnumerable<ConditionId> conditions, CancellationToken cancellation) =>
        Task.WhenAll(conditions.Distinct().Where(condition => !Knows(condition)).ToImmutableArray().Select(condition => Ask(condition, cancellation)));

    public void Dispose() => _slots.Dispose();
}
