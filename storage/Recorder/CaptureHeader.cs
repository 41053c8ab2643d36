using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;

namespace PolyArb.Storage;

/// <summary>One condition of a capture's first line, with the event it belongs to.</summary>
/// <param name="Market">The neg-risk market id, or the condition id of a standalone question.</param>
/// <param name="Event">The event's title; empty when the capture does not say.</param>
public sealed record CaptureMarket(MarketId Market, string Event, Condition Condition);

/// <summary>A capture's first line: the markets its frames are about.</summary>
public sealed record CaptureHeader(ImmutableArray<CaptureMarket> Conditions)
{
    /// <summary>The complete sets of outcomes that the conditions make up.</summary>
    public ImmutableArray<Market> Markets =>
    [
        .. Conditions.GroupBy(entry => entry.Market).Select(group => new Market
        {
            Id = group.Key,
            Title = group.First() is { Event.Length: > 0 } entry ? entry.Event : group.First().Condition.Question,
            NegRisk = group.First().Condition.NegRisk,
            Conditions = [.. group.Select(entry => entry.Condition).OrderBy(condition => condition.QuestionIndex)],
        }),
    ];

    /// <summary>Throws <see cref="FormatException"/>, <see cref="JsonException"/> or <see cref="KeyNotFoundException"/> on another shape.</summary>
    internal static CaptureHeader Parse(JsonElement line)
    {
        var version = line.GetProperty("polyarb_capture").GetRawText();
        if (version != "1") throw new FormatException($"capture version {version}; this program reads 1");

        return new CaptureHeader([.. line.GetProperty("markets").EnumerateArray().Select(Entry)]);
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("polyarb_capture", 1);
        json.WriteStartArray("markets");
        foreach (var entry in Conditions) Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static CaptureMarket Entry(JsonElement entry)
    {
        var tokens = entry.GetProperty("tokens");
        var negRisk = entry.GetProperty("negRisk").GetBoolean();
        var condition = new Condition
        {
            Id = new ConditionId(Text(entry, "condition") ?? throw new FormatException("a market without condition")),
            Question = Text(entry, "question") ?? "",
            Yes = new TokenId(tokens[0].GetString()!),
            No = new TokenId(tokens[1].GetString()!),
            Tick = Price.Parse(Text(entry, "tick") ?? throw new FormatException("a market without tick")),
            MinOrderSize = Size.Parse(Text(entry, "minOrderSize") ?? "5"),
            NegRisk = negRisk,
            Fee = Fee(entry),
            QuestionIndex = Text(entry, "questionIndex") is { } index ? int.Parse(index, System.Globalization.CultureInfo.InvariantCulture) : null,
            IsTradable = true,
            LastTrade = Text(entry, "lastTrade"),
        };
        var market = negRisk ? Text(entry, "negRiskMarketId") ?? condition.Id.Text : condition.Id.Text;
        return new CaptureMarket(new MarketId(market), Text(entry, "event") ?? "", condition);
    }

    private static FeeCurve? Fee(JsonElement entry)
    {
        if (!entry.TryGetProperty("fee", out var fee) || fee.ValueKind is not JsonValueKind.Object) return null;

        var rate = Usd.Parse(Text(fee, "rate") ?? throw new FormatException("a fee without rate")).Micros;
        return new FeeCurve(checked((int)rate), fee.GetProperty("exponent").GetInt32());
    }

    /// <summary>Text or a number as it is written; null where nothing is.</summary>
    private static string? Text(JsonElement entry, string name) =>
        !entry.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString()
        : value.GetRawText();

    private static void Write(Utf8JsonWriter json, CaptureMarket entry)
    {
        var condition = entry.Condition;
        json.WriteStartObject();
        json.WriteString("condition", condition.Id.Text);
        json.WriteString("question", condition.Question);
        json.WriteString("event", entry.Event);
        json.WriteString("negRiskMarketId", condition.NegRisk ? entry.Market.Text : null);
        if (condition.QuestionIndex is { } index) json.WriteNumber("questionIndex", index);
        else json.WriteNull("questionIndex");
        json.WriteStartArray("tokens");
        json.WriteStringValue(condition.Yes.Text);
        json.WriteStringValue(condition.No.Text);
        json.WriteEndArray();
        json.WriteString("tick", condition.Tick.ToString());
        json.WriteString("minOrderSize", condition.MinOrderSize.ToString());
        json.WriteBoolean("negRisk", condition.NegRisk);
        if (condition.Fee is { } fee)
        {
            json.WriteStartObject("fee");
            json.WriteString("rate", new Usd(fee.RateMicros).ToString());
            json.WriteNumber("exponent", fee.Exponent);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("fee");
        }

        json.WriteString("lastTrade", condition.LastTrade);
        json.WriteEndObject();
    }
}
