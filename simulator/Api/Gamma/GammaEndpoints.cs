using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api.Gamma;

/// <summary>
/// The discovery API (protocol 2.2). The venue serves it from a host of its own; here it stands under /gamma, because both hosts have a
/// /markets. Closed markets are hidden unless asked for; one asked for by its path is always there.
/// </summary>
internal sealed class GammaEndpoints(Exchange exchange)
{
    /// <summary>Texts byte by byte, so that no machine's language decides.</summary>
    private static readonly Comparer<IComparable> ByKey = Comparer<IComparable>.Create(
        (left, right) => left is string text ? string.CompareOrdinal(text, (string)right) : left.CompareTo(right));

    public Answer Markets(IQueryCollection query, bool keyset) => List(
        query, keyset, "markets", Markets, m => m.Id, (m, q) => m.Matches(q), MarketKey,
        (json, market, _) => GammaJson.Market(json, market, withEvent: true));

    public Answer Events(IQueryCollection query, bool keyset) => List(
        query, keyset, "events", Events, e => e.Listed.Id, (e, q) => e.Matches(q), EventKey,
        (json, listed, asked) => GammaJson.Event(json, listed, asked.WithMarkets));

    public Answer Market(string id) => Market(m => m.Id == id);

    public Answer MarketBySlug(string slug) => Market(m => m.Condition.Slug == slug);

    public Answer Event(string id) => Event(e => e.Listed.Id == id);

    public Answer EventBySlug(string slug) => Event(e => e.Listed.Slug == slug);

    private Answer Market(Func<GammaMarket, bool> which)
    {
        lock (exchange.Gate)
        {
            return Markets().FirstOrDefault(which) is { } market
                ? Answer.Json(json => GammaJson.Market(json, market, withEvent: true))
                : Missing();
        }
    }

    private Answer Event(Func<GammaEvent, bool> which)
    {
        lock (exchange.Gate)
        {
            return Events().FirstOrDefault(which) is { } listed ? Answer.Json(json => GammaJson.Event(json, listed, withMarkets: true)) : Missing();
        }
    }

    private IReadOnlyList<GammaMarket> Markets()
    {
        var conditions = exchange.World.Listed; // Also those that the CLOB does not know yet (protocol 10.7).
        var open = conditions.Where(c => !exchange.MarketOf(c).IsClosed).Select(c => c.Event.Id).ToHashSet(StringComparer.Ordinal);
        return [.. conditions.Select((c, i) => new GammaMarket(
            ExchangeWorld.MarketId(i), exchange.MarketOf(c), exchange.Prints.Tape.Volume(c), !open.Contains(c.Event.Id)))];
    }

    private IReadOnlyList<GammaEvent> Events() =>
        [.. Markets().GroupBy(m => m.Condition.Event.Id).Select(g => new GammaEvent(g.First().Condition.Event, [.. g]))];

    /// <summary>A page of the rows that match, in the order asked for. The last page of a keyset has no next_cursor.</summary>
    private Answer List<T>(
        IQueryCollection query, bool keyset, string name, Func<IReadOnlyList<T>> rows, Func<T, string> id, Func<T, GammaQuery, bool> matches,
        Func<string?, Func<T, IComparable>?> key, Action<Utf8JsonWriter, T, GammaQuery> write)
    {
        if (GammaQuery.Read(query, keyset, out var refusal) is not { } asked) return refusal;
        if (key(asked.Order) is not { } order) return GammaQuery.Refusal("order fields are not valid");

        lock (exchange.Gate)
        {
            var matching = rows().Where(row => matches(row, asked));
            List<T> found = [.. asked.Ascending ? matching.OrderBy(order, ByKey) : matching.OrderByDescending(order, ByKey)];
            var start = asked.After is null ? asked.Offset : found.FindIndex(row => id(row) == asked.After) + 1;
            if (asked.After is not null && start == 0) return GammaQuery.Refusal("after_cursor is not valid");

            var page = found.Skip(start).Take(asked.Limit).ToArray();
            if (!keyset) return Answer.Array(page, (json, row) => write(json, row, asked));

            return Answer.Object(json =>
            {
                json.WriteStartArray(name);
                foreach (var row in page) write(json, row, asked);
                json.WriteEndArray();
                if (start + page.Length < found.Count && page.Length > 0) json.WriteString("next_cursor", GammaQuery.Cursor(id(page[^1])));
            });
        }
    }

    private static Func<GammaMarket, IComparable>? MarketKey(string? order) => order switch
    {
        null or "id" => m => m.Id,
        "volume" or "volumeNum" or "volume_num" => m => m.Volume,
        "liquidity" or "liquidityNum" or "liquidity_num" => m => m.Liquidity,
        "slug" => m => m.Condition.Slug,
        "question" => m => m.Condition.Question,
        "startDate" or "start_date" or "endDate" or "end_date" => _ => 0, // All alike here.
        _ => null,
    };

    private static Func<GammaEvent, IComparable>? EventKey(string? order) => order switch
    {
        null or "id" => e => e.Listed.Id,
        "volume" => e => e.Volume,
        "liquidity" => e => e.Liquidity,
        "slug" => e => e.Listed.Slug,
        "title" => e => e.Listed.Title,
        "startDate" or "start_date" or "endDate" or "end_date" => _ => 0,
        _ => null,
    };

    private static Answer Missing() => Answer.Object(json =>
    {
        json.WriteString("type", "not found error");
        json.WriteString("error", "id not found");
    }).As(404);
}
