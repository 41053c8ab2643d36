using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.Catalog;

/// <summary>An event with all its markets, closed ones too.</summary>
internal sealed record GammaEvent(string Id, ImmutableArray<GammaMarket> Markets);

/// <summary>
/// Gamma's lists (protocol sheet 2.2). It ignores a filter it does not know and answers its default list, so an answer that was not
/// asked for, or none at all, is an alarm and never a smaller world.
/// </summary>
internal sealed class GammaReader(IHttpClientFactory clients, VenueOptions options, TimeProvider time) : IDisposable
{
    private const int PageSize = 100;

    /// <summary>Two hundred thousand markets: several times what is open.</summary>
    private const int PagesMax = 2_000;

    /// <summary>One closed row in so many: the list is answered from a copy that lags a little behind.</summary>
    private const int ToleratedOneIn = 10;

    /// <summary>The venue takes 100; an address of 8 KB is the most that every proxy takes.</summary>
    private const int ConditionsMax = 50;

    /// <summary>Each answer carries all markets of its event, some kilobytes each.</summary>
    private const int EventsMax = 20;

    /// <summary>20 a second where 30 are allowed (9.1).</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1);
    private DateTimeOffset _nextAt;

    /// <summary>
    /// What is open, and how many pages that were: all of them, or the first, which then holds the most liquid. A market may be on two when
    /// the list moves meanwhile.
    /// </summary>
    public async Task<VenueAnswer<(ImmutableArray<GammaMarket> Markets, int Pages)>> Open(bool isFirstOnly, CancellationToken cancellation)
    {
        var markets = new Dictionary<string, GammaMarket>();
        HashSet<string> cursors = [];
        var (rows, foreign, cursor) = (0, 0, "");
        for (var page = 1; page <= PagesMax; page++)
        {
            var rest = isFirstOnly ? "&order=liquidityNum&ascending=false" : cursor.Length == 0 ? "" : "&after_cursor=" + Uri.EscapeDataString(cursor);
            var answer = await Get($"markets/keyset?limit={PageSize}&active=true&closed=false{rest}", "markets", root => (
                Found: Rows(root, "markets").Select(market => GammaMarket.Read(market, default, options.AllowNonstandardLabels)).ToArray(),
                Next: root.Text("next_cursor")), cancellation);
            if (answer is not VenueAnswer<(GammaMarket?[] Found, string Next)>.Ok(var (found, next))) return answer.Map(_ => default((ImmutableArray<GammaMarket>, int)));

            var before = markets.Count;
            foreach (var market in found.OfType<GammaMarket>())
            {
                markets[$"{market.Market} {market.IdText}"] = market;
                if (market.IsClosed) foreign++;
            }

            rows += found.Length;
            if (foreign * ToleratedOneIn > rows) return Alarm($"asked for what is not closed, and {foreign} of {rows} are: the filter is ignored");
            if (found.Length > 0 && markets.Count == before && page > 1) return Alarm($"page {page} holds nothing new: the cursor is ignored");
            if (isFirstOnly || next is "" or VenueReader.LastCursor)
            {
                return markets.Count == 0
                    ? Alarm("nothing is listed as open")
                    : new VenueAnswer<(ImmutableArray<GammaMarket>, int)>.Ok(([.. markets.Values], page));
            }

            if (!cursors.Add(next)) return Alarm($"the cursor of page {page} was there before");
            cursor = next;
        }

        return Alarm($"more than {PagesMax} pages");

        static VenueAnswer<(ImmutableArray<GammaMarket>, int)> Alarm(string why) => VenueReader.Unreadable<(ImmutableArray<GammaMarket>, int)>("gamma markets", why);
    }

    /// <summary>Those of the conditions that Gamma still names, open or closed. By their ids in Gamma's own form.</summary>
    public Task<VenueAnswer<ImmutableArray<GammaMarket>>> Conditions(IReadOnlyCollection<string> ids, CancellationToken cancellation) => Lookup(
        ids, "markets", "condition_ids", ConditionsMax, market => GammaMarket.Read(market, default, options.AllowNonstandardLabels), market => Key(market.IdText), cancellation);

    /// <summary>Those of the events that Gamma still names, open or closed, by its own numbers.</summary>
    public Task<VenueAnswer<ImmutableArray<GammaEvent>>> Events(IReadOnlyCollection<string> ids, CancellationToken cancellation) => Lookup(
        ids, "events", "id", EventsMax, ReadEvent, found => found.Id, cancellation);

    public void Dispose() => _turn.Dispose();

    private GammaEvent ReadEvent(JsonElement found) => new(
        found.Text("id"),
        [.. Rows(found, "markets").Select(market => GammaMarket.Read(market, found, options.AllowNonstandardLabels)).OfType<GammaMarket>()]);

    /// <summary>Closed ones are hidden unless asked for, so what is not among the open ones is asked for again.</summary>
    private async Task<VenueAnswer<ImmutableArray<T>>> Lookup<T>(
        IReadOnlyCollection<string> ids, string list, string parameter, int most, Func<JsonElement, T?> read, Func<T, string> idOf, CancellationToken cancellation)
        where T : class
    {
        var found = new Dictionary<string, T>();
        foreach (var chunk in ids.Chunk(most))
        {
            var asked = chunk.Select(Key).ToHashSet();
            foreach (var closed in (string[])["false", "true"])
            {
                var missing = chunk.Where(id => !found.ContainsKey(Key(id))).ToArray();
                if (missing.Length == 0) break;

                var query = string.Concat(missing.Select(id => $"&{parameter}={Uri.EscapeDataString(id)}"));
                var answer = await Get($"{list}/keyset?limit={PageSize}&closed={closed}{query}", list, root =>
                    Rows(root, list).Select(read).OfType<T>().ToArray(), cancellation);
                if (answer is not VenueAnswer<T[]>.Ok(var items)) return answer.Map(_ => ImmutableArray<T>.Empty);

                if (items.FirstOrDefault(item => !asked.Contains(idOf(item))) is { } other)
                    return VenueReader.Unreadable<ImmutableArray<T>>($"gamma {list}", $"asked for {missing.Length} ids, answered with {idOf(other)}: the filter is ignored");

                foreach (var item in items) found[idOf(item)] = item;
            }
        }

        return found.Count == 0 && ids.Count > 0
            ? VenueReader.Unreadable<ImmutableArray<T>>($"gamma {list}", $"none of the {ids.Count} ids asked for was found, open or closed")
            : new VenueAnswer<ImmutableArray<T>>.Ok([.. found.Values]);
    }

    private static JsonElement.ArrayEnumerator Rows(JsonElement root, string name) =>
        root.TryGetProperty(name, out var rows) && rows.ValueKind is JsonValueKind.Array ? rows.EnumerateArray() : throw new FormatException($"no {name}");

    private static string Key(string id) => ConditionText.TryRead(id, out var condition) ? condition.Text : id;

    private async Task<VenueAnswer<T>> Get<T>(string relative, string what, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        if (options.GammaUrl is null) return VenueReader.Unreadable<T>($"gamma {what}", "no address is configured");

        await Pace(cancellation);
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(relative, UriKind.Relative)); // The client's address may have a path.
        return VenueReader.Read(await VenueHttp.Send(clients.CreateClient(VenueClients.Gamma), request, cancellation), $"gamma {what}", read);
    }

    private async Task Pace(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var wait = _nextAt - time.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
            _nextAt = time.GetUtcNow() + Spacing;
        }
        finally
        {
            _turn.Release();
        }
    }
}
