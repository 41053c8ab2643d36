using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Storage;

namespace PolyArb.Client.Capture;

/// <summary>
/// The markets of a recording that somebody else made: what --meta says of them, and for the rest what the frames themselves say. Of these
/// nobody knows which token is YES, the fee and the event: the first token seen counts as YES, the fee stays unknown.
/// </summary>
internal sealed class ForeignMarkets(ImmutableArray<CaptureMarket> known)
{
    private readonly Dictionary<ConditionId, Price> _ticks = [];
    private readonly Dictionary<ConditionId, string> _lastTrades = [];
    private readonly Dictionary<ConditionId, List<TokenId>> _tokens = [];
    private readonly UpdateBuffer _updates = new();

    /// <summary>Conditions that only the frames tell of.</summary>
    public int Guessed => Unknown.Count();

    public CaptureHeader Header => new([.. known.Select(Completed), .. Unknown.Select(Guess)]);

    private IEnumerable<KeyValuePair<ConditionId, List<TokenId>>> Unknown =>
        _tokens.Where(seen => seen.Value.Count == 2 && known.All(market => market.Condition.Id != seen.Key));

    /// <summary>The channel of the frame, and the venue's latest time in it; null when it says none or cannot be read.</summary>
    public (InputKind Kind, Instant? VenueAt) See(string frame)
    {
        _updates.Clear();
        if (!MarketFrame.TryRead(Encoding.UTF8.GetBytes(frame), _updates, out var summary)) return (InputKind.Market, null);
        if (summary[FrameEvent.Order] + summary[FrameEvent.Trade] > 0) return (InputKind.User, null);

        long? latest = null;
        foreach (ref readonly var update in _updates.Updates)
        {
            if (update.VenueMs > 0 && !(update.VenueMs <= latest)) latest = update.VenueMs;
            if (update.Kind is BookUpdateKind.Snapshot)
            {
                Learn(update.Condition, update.Token);
                if (update.Tick is { } tick) _ticks.TryAdd(update.Condition, tick); // As it was when the recording began.
                if (update.LastTrade is { } trade) _lastTrades.TryAdd(update.Condition, trade);
            }

            foreach (ref readonly var entry in update.Entries.Span) Learn(update.Condition, entry.Token);
        }

        return (InputKind.Market, latest is { } ms ? Instant.FromMillis(ms) : null);
    }

    /// <summary>What a --meta file says: our own header, or a list of markets by any of the names that recorders give such things.</summary>
    /// <exception cref="FormatException">One line: what is wrong with the text.</exception>
    public static ImmutableArray<CaptureMarket> Parse(string json)
    {
        try
        {
            return [.. Entries(json).Select(Read)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException($"not a list of markets with condition ids and both tokens: {e.Message}", e);
        }
    }

    /// <summary>One document with a list of markets, or one market a line.</summary>
    private static IEnumerable<JsonElement> Entries(string json)
    {
        if (json.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 1 } lines
            && lines.All(line => line.StartsWith('{') && line.EndsWith('}')))
        {
            return lines.Select(line => JsonElement.Parse(line));
        }

        var root = JsonElement.Parse(json);
        return (root.ValueKind is JsonValueKind.Array ? root : root.GetProperty("markets")).EnumerateArray();
    }

    private static CaptureMarket Read(JsonElement entry)
    {
        var raw = entry.TryGetProperty("raw", out var inner) && inner.ValueKind is JsonValueKind.Object ? inner : entry; // Gamma's own, kept beside.
        var (yes, no) = Tokens(entry);
        var negRisk = Text(entry, "negRisk", "neg_risk") is "true" || Text(raw, "negRisk") is "true";
        var condition = new Condition
        {
            Id = new ConditionId(Text(entry, "condition", "condition_id", "conditionId") ?? throw new KeyNotFoundException("condition_id")),
            Question = Text(entry, "question") ?? Text(raw, "question") ?? "",
            Yes = new TokenId(yes),
            No = new TokenId(no),
            Tick = Text(entry, "tick", "tick_size") is { } tick ? Price.Parse(tick) : default, // The frames may know it.
            MinOrderSize = Size.Parse(Text(entry, "minOrderSize", "min_order_size", "minimum_order_size") ?? Text(raw, "orderMinSize") ?? "5"),
            NegRisk = negRisk,
            Fee = Fee(entry) ?? Fee(raw),
            QuestionIndex = Text(entry, "questionIndex", "question_index") is { } index ? int.Parse(index, CultureInfo.InvariantCulture) : null,
            IsTradable = true,
            LastTrade = Text(entry, "lastTrade", "last_trade_price"),
        };
        var market = !negRisk ? null // Where nothing names the set, the event does: that its questions belong together is what counts.
            : Text(entry, "negRiskMarketId", "neg_risk_market_id") ?? Text(raw, "negRiskMarketID") ?? Text(entry, "event_id");
        return new CaptureMarket(new MarketId(market ?? condition.Id.Text), Text(entry, "event", "event_title") ?? "", condition);
    }

    private static (string Yes, string No) Tokens(JsonElement entry)
    {
        foreach (var name in (string[])["tokens", "token_ids"])
        {
            if (entry.TryGetProperty(name, out var tokens) && tokens.ValueKind is JsonValueKind.Array)
                return (tokens[0].GetString()!, tokens[1].GetString()!);
        }

        return (
            Text(entry, "yes_token_id", "yes_token") ?? throw new KeyNotFoundException("yes_token_id"),
            Text(entry, "no_token_id", "no_token") ?? throw new KeyNotFoundException("no_token_id"));
    }

    private static FeeCurve? Fee(JsonElement entry)
    {
        foreach (var name in (string[])["fee", "fee_schedule", "feeSchedule"])
        {
            if (entry.TryGetProperty(name, out var fee) && fee.ValueKind is JsonValueKind.Object && Text(fee, "rate") is { } rate)
                return new FeeCurve(checked((int)Usd.Parse(rate).Micros), int.Parse(Text(fee, "exponent") ?? "1", CultureInfo.InvariantCulture));
        }

        return null;
    }

    /// <summary>Text, a number or a flag as it is written; null where nothing is.</summary>
    private static string? Text(JsonElement entry, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!entry.TryGetProperty(name, out var value)) continue;
            if (value.ValueKind is JsonValueKind.String) return value.GetString();
            if (value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) return value.GetRawText();
        }

        return null;
    }

    private void Learn(ConditionId condition, TokenId token)
    {
        if (!_tokens.TryGetValue(condition, out var tokens)) _tokens[condition] = tokens = [];
        if (!tokens.Contains(token)) tokens.Add(token);
    }

    private CaptureMarket Completed(CaptureMarket market) => market with
    {
        Condition = market.Condition with
        {
            Tick = market.Condition.Tick == default ? _ticks.GetValueOrDefault(market.Condition.Id, Price.Cents(1)) : market.Condition.Tick,
            LastTrade = market.Condition.LastTrade ?? _lastTrades.GetValueOrDefault(market.Condition.Id),
        },
    };

    private CaptureMarket Guess(KeyValuePair<ConditionId, List<TokenId>> seen) => Completed(new CaptureMarket(new MarketId(seen.Key.Text), "", new Condition
    {
        Id = seen.Key,
        Question = "",
        Yes = seen.Value[0],
        No = seen.Value[1],
        Tick = default,
        MinOrderSize = Size.Shares(5),
        NegRisk = false,
        Fee = null,
        IsTradable = true,
    }));
}
