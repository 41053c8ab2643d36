using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>
/// One market as Gamma lists it (protocol sheet 2.2), before the order book was asked. What cannot be used has no condition; what is not
/// to be traded has one, and a problem as well.
/// </summary>
internal sealed record GammaMarket
{
    public required ConditionId Id { get; init; }

    /// <summary>The condition id in Gamma's own form, to ask for it again.</summary>
    public required string IdText { get; init; }

    /// <summary>The neg-risk market it belongs to, or itself.</summary>
    public required MarketId Market { get; init; }

    public required bool IsNegRisk { get; init; }

    /// <summary>Gamma's number of the event; empty when it names none.</summary>
    public required string EventId { get; init; }

    public required string EventTitle { get; init; }

    /// <summary>As in the address of its page; empty when it has none.</summary>
    public required string Slug { get; init; }

    public required string EventSlug { get; init; }

    /// <summary>The event has outcomes without a name, or this is its Other.</summary>
    public required bool IsAugmented { get; init; }

    public required bool IsClosed { get; init; }

    /// <summary>Trading may go on after it, until the resolution (10.7).</summary>
    public required Instant? EndsAt { get; init; }

    public required FeeWord Fee { get; init; }

    /// <summary>By index, as the tokens are.</summary>
    public required string[] Labels { get; init; }

    public required Condition? Condition { get; init; }

    /// <summary>What a share of each outcome pays, by index; empty without a verdict.</summary>
    public required ImmutableArray<Price> Pays { get; init; }

    public required string? Problem { get; init; }

    /// <summary>Null for what names neither itself nor an event: nothing could be said about it.</summary>
    /// <param name="parent">The event it was listed under; else the one that it names.</param>
    public static GammaMarket? Read(JsonElement market, JsonElement parent = default, bool allowsAnyLabels = false)
    {
        var listedUnder = parent.ValueKind is JsonValueKind.Object ? parent : market.Items("events").FirstOrDefault();
        var text = market.Text("conditionId");
        var isNegRisk = market.Flag("negRisk");
        var group = isNegRisk || text.Length == 0 ? First(market.Text("negRiskMarketID"), listedUnder.Text("negRiskMarketID")).ToLowerInvariant() : "";
        if (text.Length == 0 && group.Length == 0) return null;

        var hasId = ConditionText.TryRead(text, out var id);
        if (!hasId) id = new ConditionId(text);
        var labels = market.Texts("outcomes") ?? [];
        var (condition, refusal) = hasId ? GammaCondition.Read(market, id, group, labels) : (null, $"'{text}' is not a condition id");
        var problem = condition is null ? refusal : GammaCondition.NotTraded(market, labels, allowsAnyLabels);
        Instant? endsAt = DateTimeOffset.TryParse(market.Text("endDate"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? Instant.From(end)
            : null;
        return new GammaMarket
        {
            Id = id,
            IdText = text,
            Market = group.Length > 0 ? new MarketId(group) : new MarketId(id.Text),
            IsNegRisk = group.Length > 0,
            EventId = listedUnder.Text("id"),
            EventTitle = listedUnder.Text("title"),
            Slug = market.Text("slug"),
            EventSlug = listedUnder.Text("slug"),
            IsAugmented = listedUnder.Flag("negRiskAugmented") || market.Flag("negRiskOther"),
            IsClosed = market.Flag("closed"),
            EndsAt = endsAt,
            Fee = FeeWord.OfGamma(market),
            Labels = labels,
            Condition = condition is null ? null : condition with { IsTradable = problem is null, EndsAt = endsAt },
            Pays = PaysOf(market),
            Problem = problem,
        };
    }

    /// <summary>The prices of a closed market are its payouts once its resolution is final (2.2).</summary>
    private static ImmutableArray<Price> PaysOf(JsonElement market)
    {
        if (!market.Flag("closed") || market.Text("umaResolutionStatus") != "resolved" || market.Texts("outcomePrices") is not { Length: 2 } texts) return [];

        return Price.TryParse(Encoding.UTF8.GetBytes(texts[0]), out var yes) && Price.TryParse(Encoding.UTF8.GetBytes(texts[1]), out var no)
            && yes.Ticks + no.Ticks == Price.TicksPerDollar
            ? [yes, no]
            : [];
    }

    private static string First(string one, string other) => one.Length > 0 ? one : other;
}
