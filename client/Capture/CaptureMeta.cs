using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;

namespace PolyArb.Client.Capture;

/// <summary>What the frames of a condition lack. A null format is tried with the usual values.</summary>
internal sealed record ConditionMeta(ConditionId Id, TokenId Yes, TokenId No, BookFormat? Format, string? LastTrade);

/// <summary>Reads the parameters of conditions from a capture's header or a --meta file, in any of the three known shapes.</summary>
internal static class CaptureMeta
{
    /// <exception cref="FormatException">One line: what is wrong with the text.</exception>
    public static Dictionary<ConditionId, ConditionMeta> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var markets = root.ValueKind is JsonValueKind.Array ? root : root.GetProperty("markets");
            return markets.EnumerateArray().Select(Read).ToDictionary(meta => meta.Id);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"not a list of markets with condition ids and both tokens: {e.Message}", e);
        }
    }

    private static ConditionMeta Read(JsonElement market)
    {
        var id = Text(market, "condition_id", "condition") ?? throw new KeyNotFoundException("condition_id");
        string? yes, no;
        if (market.TryGetProperty("tokens", out var tokens) && tokens.ValueKind is JsonValueKind.Array)
            (yes, no) = (tokens[0].GetString(), tokens[1].GetString());
        else
            (yes, no) = (Text(market, "yes_token_id", "yes_token"), Text(market, "no_token_id", "no_token"));

        var tick = Text(market, "tick", "tick_size");
        var minSize = Text(market, "min_order_size", "minOrderSize");
        var format = tick is not null && minSize is not null
            ? new BookFormat(minSize, Price.Parse(tick).ToString(), Flag(market, "neg_risk") || Flag(market, "negRisk"))
            : null;
        return new ConditionMeta(
            new ConditionId(id),
            new TokenId(yes ?? throw new KeyNotFoundException("yes token")),
            new TokenId(no ?? throw new KeyNotFoundException("no token")),
            format,
            Text(market, "lastTrade", "last_trade_price"));
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out var value)) continue;
            if (value.ValueKind is JsonValueKind.String) return value.GetString();
            if (value.ValueKind is JsonValueKind.Number) return value.GetRawText();
        }

        return null;
    }

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;
}
