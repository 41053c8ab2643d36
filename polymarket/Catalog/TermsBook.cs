using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
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

        var isResting = _failed.TryGetValue(condition, out var failure) && now < failure.Until;
        var (heard, why) = isResting ? (null, failure.Why) : await Ask(condition, cancellation);
        if (why.Length == 0) return (heard, "");

        return isKnown && why != Unknown && now - entry.At < GoodFor ? (entry.Terms, "") : (null, why);
    }

    /// <summary>The terms of now, however fresh what we have is: for when the venue contradicts it. Null when it does not answer.</summary>
    public async Task<TradingTerms?> Refresh(ConditionId condition, CancellationToken cancellation) => (await Ask(condition, cancellation)).Terms;

    /// <summary>Makes sure of those that were never heard of; what stays unanswered stays unknown.</summary>
    public Task AskUnknown(IEnumerable<ConditionId> conditions, CancellationToken cancellation) =>
        Task.WhenAll(conditions.Distinct().Where(condition => !Knows(condition)).ToImmutableArray().Select(condition => Ask(condition, cancellation)));

    public void Dispose() => _slots.Dispose();

    /// <summary>What it answers, and what is wrong with it: a condition that is not filled in yet has a fee and no tokens.</summary>
    private async Task<(TradingTerms? Terms, string Why)> Ask(ConditionId condition, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/clob-markets/{condition.Text}", UriKind.Relative));
            var (terms, why) = Read(condition, await VenueHttp.Send(clients.CreateClient(VenueClients.Reads), request, cancellation));
            if (terms is not null) _known[condition] = (terms, time.GetUtcNow());

            if (why.Length == 0) _failed.TryRemove(condition, out _);
            else if (!cancellation.IsCancellationRequested) Rest(condition, why);
            return (terms, why);
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

    private static (TradingTerms? Terms, string Why) Read(ConditionId condition, VenueResponse response)
    {
        if (response is { Status: HttpStatusCode.NotFound, IsPage: false }) return (null, Unknown);

        var terms = VenueReader.Read(response, "clob-markets", root => root.Text("c") is { Length: > 0 } of && !Is(of, condition)
            ? throw new FormatException($"asked for {condition}, answered for {of}")
            : TradingTerms.Read(root)).ValueOr(out var why);
        return (terms, terms is { IsFilledIn: false } ? Unknown : why ?? "");
    }

    private static bool Is(string text, ConditionId condition) => text == condition.Text || (ConditionText.TryRead(text, out var id) && id == condition);
}
