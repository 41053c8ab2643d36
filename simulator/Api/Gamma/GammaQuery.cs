using System.Text;

namespace PolyArb.Simulator.Api.Gamma;

/// <summary>What a Gamma listing was asked for (protocol 2.2). Lists are repeated parameters; an empty one asks for everything.</summary>
internal sealed record GammaQuery
{
    private const int PageSize = 20;
    private const int PageMax = 500; // Of the offset pages; the sheet does not say.
    private const int KeysetMax = 100;
    private const int ConditionsMax = 100;

    public required IReadOnlyList<string> Ids { get; init; }
    public required IReadOnlyList<string> Slugs { get; init; }
    public required IReadOnlyList<string> ConditionIds { get; init; }
    public required IReadOnlyList<string> TokenIds { get; init; }
    public required IReadOnlyList<string> TagIds { get; init; }
    public required IReadOnlyList<string> Resolutions { get; init; }
    public required Between Volume { get; init; }
    public required Between Liquidity { get; init; }
    public required Between Starts { get; init; }
    public required Between Ends { get; init; }
    public required bool? Active { get; init; }
    public required bool? Closed { get; init; }
    public required bool? Archived { get; init; }
    public required string? Order { get; init; }
    public required bool Ascending { get; init; }
    public required int Limit { get; init; }
    public required int Offset { get; init; }

    /// <summary>The id of the last row of the page before.</summary>
    public required string? After { get; init; }

    /// <summary>False leaves an event's markets out; not documented, but observed.</summary>
    public required bool WithMarkets { get; init; }

    public static Answer Refusal(string text) => Answer.Object(json =>
    {
        json.WriteString("type", "validation error");
        json.WriteString("error", text);
    }).As(422);

    /// <summary>Null with the answer that refuses it. An oversized limit is clamped, not refused.</summary>
    public static GammaQuery? Read(IQueryCollection query, bool keyset, out Answer refusal)
    {
        refusal = Refusal("invalid parameters");
        if (keyset && query.ContainsKey("offset"))
        {
            refusal = Refusal("offset is not supported, use after_cursor");
            return null;
        }

        string? after = null;
        if (!query.TryFlag("active", out var active) || !query.TryFlag("closed", out var closed)) return null;
        if (!query.TryFlag("archived", out var archived)) return null;
        if (!query.TryFlag("ascending", out var ascending) || !query.TryFlag("include_markets", out var markets)) return null;
        if (!query.TryCount("limit", PageSize, out var limit) || !query.TryCount("offset", 0, out var offset)) return null;
        if (keyset && query.Text("after_cursor") is { } cursor && !TryCursor(cursor, out after)) return null;

        if (!Between.TryMicros(query, "volume_num", out var volume) || !Between.TryMicros(query, "liquidity_num", out var liquidity)) return null;
        if (!Between.TryTimes(query, "start_date", out var starts) || !Between.TryTimes(query, "end_date", out var ends)) return null;

        var conditions = List(query, "condition_ids");
        return conditions.Count > ConditionsMax ? null : new GammaQuery
        {
            Ids = List(query, "id"),
            Slugs = List(query, "slug"),
            ConditionIds = conditions,
            TokenIds = List(query, "clob_token_ids"),
            TagIds = List(query, "tag_id"),
            Resolutions = List(query, "uma_resolution_status"),
            Volume = volume,
            Liquidity = liquidity,
            Starts = starts,
            Ends = ends,
            Active = active,
            Closed = closed,
            Archived = archived,
            Order = query.Text("order"),
            Ascending = ascending ?? true,
            Limit = Math.Min(limit, keyset ? KeysetMax : PageMax),
            Offset = offset,
            After = after,
            WithMarkets = markets ?? true,
        };
    }

    public static string Cursor(string id) => Convert.ToBase64String(Encoding.ASCII.GetBytes(id));

    private static bool TryCursor(string cursor, out string? id)
    {
        Span<byte> bytes = stackalloc byte[32];
        var valid = Convert.TryFromBase64String(cursor, bytes, out var count);
        id = valid ? Encoding.ASCII.GetString(bytes[..count]) : null;
        return valid;
    }

    private static IReadOnlyList<string> List(IQueryCollection query, string name) => [.. query[name].OfType<string>().Where(v => v.Length > 0)];
}
