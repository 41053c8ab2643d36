using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.Catalog;

/// <summary>The trading terms of conditions, kept while they are fresh and believed; a few questions at a time.</summary>
public sealed class TermsBook(IHttpClientFactory clients, VenueOptions options, TimeProvider time) : IDisposable
{
    private const string Unknown = "the order book does not know it yet";

    /// <summary>Rates and ticks do change.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(30);

    /// <summary>How long they serve when the venue does not answer.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    /// <summary>After a failure; doubles with each. The order book knows a new market minutes after it is listed (2.1).</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ConditionId, (TradingTerms Terms, DateTimeOffset At)> _known = new();
    private readonly ConcurrentDictionary<ConditionId, (string Why, TimeSpan Wait, DateTimeOffset Until)> _failed = new();
    private readonly SemaphoreSlim _slots = new(options.CatalogParallel);

    /// <summary>The fee curve as last heard; null when it was never answered.</summary>
    public FeeCurve? Fee(ConditionId condition) => _known.TryGetValue(condition, out var entry) ? entry.Terms.Fee : null;

    public bool Knows(ConditionId condition) => _known.ContainsKey(condition);

    /// <summary>Fresh terms, or why there are none. Kept ones that the asker does not believe any more are asked for again.</summary>
    internal async Task<(TradingTerms? Terms, string Why)> Current(
        ConditionId condition, Func<TradingTerms, bool> isBelieved, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isKnown = _known.TryGetValue(condition, out var entry);
        if (isKnown && now - entry.At < FreshFor && isBelieved(entry.Terms)) return (entry.Terms, "");

        var why = "";
        if (_failed.TryGetValue(condition, out var failure) && now < failure.Until)
        {
            why = failure.Why;
        }
        else
        {
            switch (await Ask(condition, cancellation))
            {
                case VenueAnswer<TradingTerms>.Ok({ IsFilledIn: true } terms):
                    return (terms, "");
                case VenueAnswer<TradingTerms>.Ok:
                    why = Unknown;
                    break;
                case VenueAnswer<TradingTerms>.Unavailable unavailable:
                    why = unavailable.Why;
                    break;
            }
        }

        return isKnown && why != Unknown && now - entry.At < GoodFor ? (entry.Terms, "") : (null, why);
    }

    /// <summary>Makes sure of those that were never heard of; what stays unanswered stays unknown.</summary>
    public Task AskUnknown(IEnumerable<ConditionId> conditions, CancellationToken cancellation) =>
        Task.WhenAll(conditions.Distinct().Where(condition => !Knows(condition)).ToImmutableArray().Select(condition => Ask(condition, cancellation)));

    public void Dispose() => _slots.Dispose();

    private async Task<VenueAnswer<TradingTerms>> Ask(ConditionId condition, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/clob-markets/{condition.Text}", UriKind.Relative));
            var answer = Read(condition, await VenueHttp.Send(clients.CreateClient(VenueClients.Reads), request, cancellation));
            var why = answer is VenueAnswer<TradingTerms>.Unavailable unavailable ? unavailable.Why : "";
            if (answer is VenueAnswer<TradingTerms>.Ok(var terms))
            {
                _known[condition] = (terms, time.GetUtcNow());
                why = terms.IsFilledIn ? "" : Unknown;
            }

            if (why.Length == 0) _failed.TryRemove(condition, out _);
            else if (!cancellation.IsCancellationRequested) Rest(condition, why);
            return answer;
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Rest(ConditionId condition, string why)
    {
        var wait = _failed.TryGetValue(condition, out var before) ? before.Wait * 2 : WaitMin;
        if (wait > WaitMax) wait = WaitMax;
        _failed[condition] = (why, wait, time.GetUtcNow() + wait);
    }

    private static VenueAnswer<TradingTerms> Read(ConditionId condition, VenueResponse response)
    {
        if (response.Status is HttpStatusCode.NotFound) return new VenueAnswer<TradingTerms>.Unavailable(Unknown);

        return VenueReader.Read(response, "clob-markets", root => root.Text("c") is { Length: > 0 } of && !Is(of, condition)
            ? throw new FormatException($"asked for {condition}, answered for {of}")
            : TradingTerms.Read(root));
    }

    private static bool Is(string text, ConditionId condition) => text == condition.Text || (ConditionText.TryRead(text, out var id) && id == condition);
}
