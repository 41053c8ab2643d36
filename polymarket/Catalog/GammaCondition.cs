using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>A condition out of Gamma's words, or why there is none (protocol sheet 0.2, 1.1, 1.3, 2.2). The first guard that fails is the reason.</summary>
internal static class GammaCondition
{
    /// <summary>1.3; 0.0025 on sports only.</summary>
    private static readonly Price[] Ticks = [new(1_000), new(100), new(50), new(25), new(10), new(1)];

    public static bool IsTick(Price tick) => Ticks.Contains(tick);

    /// <summary>Without a fee; whether it is tradable is not said here.</summary>
    public static (Condition? Condition, string? Refusal) Read(JsonElement market, ConditionId id, string group, string[] labels)
    {
        // Only the version decides, never which field is there: V1 markets carry position ids too, for which there is no book (0.2).
        var version = market.Text("version");
        ProtocolVersion? protocol = version.ToUpperInvariant() switch { "V1" => ProtocolVersion.V1, "V2" => ProtocolVersion.V2, _ => null };
        if (protocol is not { } known) return (null, version.Length == 0 ? "no protocol version" : $"unknown protocol version '{version}'");

        var field = known is ProtocolVersion.V1 ? "clobTokenIds" : "positionIds";
        if (market.Texts(field) is not { } ids) return (null, $"version {version} without {field}");
        if (ids.Length != 2 || labels.Length != 2) return (null, $"{labels.Length} outcomes and {ids.Length} token ids instead of two of each");

        for (var outcome = 0; outcome < 2; outcome++)
        {
            if (TokenText.Problem(ids[outcome], known, outcome) is { } problem) return (null, problem);
        }

        if (ids[0] == ids[1]) return (null, "both outcomes have the same token id");
        if (!Price.TryParse(market.Utf8("orderPriceMinTickSize"), out var tick) || !IsTick(tick))
            return (null, $"'{market.Text("orderPriceMinTickSize")}' is not a price step");
        if (!Size.TryParse(market.Utf8("orderMinSize"), out var least)) return (null, $"'{market.Text("orderMinSize")}' is not a minimum order size");

        return (new Condition
        {
            Id = id,
            Question = market.Text("question"),
            Yes = new TokenId(ids[0]),
            No = new TokenId(ids[1]),
            Tick = tick,
            MinOrderSize = least,
            NegRisk = market.Flag("negRisk"),
            Protocol = known,
            Fee = null,
            QuestionIndex = IndexOf(market.Text("questionID"), group),
            IsTradable = false,
            IsClosed = market.Flag("closed") || market.Flag("archived"),
            DelaysTakers = market.Text("secondsDelay") is not ("" or "0"),
        }, null);
    }

    /// <summary>Why a usable condition is not traded all the same.</summary>
    public static string? NotTraded(JsonElement market, string[] labels, bool allowsAnyLabels)
    {
        if (market.Flag("closed")) return "closed";
        if (market.Flag("archived")) return "archived";
        if (!market.Flag("active")) return "not active";
        if (!market.Flag("enableOrderBook")) return "without an order book";
        if (!market.Flag("acceptingOrders")) return "accepting no orders";
        if (market.Flag("negRiskOther")) return "the Other of its event, whose meaning shrinks"; // 1.2
        if (Is(labels, "No", "Yes")) return "outcomes called No and Yes, in this order";
        if (!allowsAnyLabels && !Is(labels, "Yes", "No")) return $"outcomes called {labels[0]} and {labels[1]}, not Yes and No";
        return null;
    }

    public static bool Is(IReadOnlyList<string> labels, string first, string second) =>
        labels.Count == 2 && labels[0].Equals(first, StringComparison.OrdinalIgnoreCase) && labels[1].Equals(second, StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of a question in its event: the last byte of its id, whose other bytes are those of the neg-risk market (1.1).</summary>
    private static int? IndexOf(string questionId, string group) =>
        group.Length == 66 && questionId.Length == 66 && questionId.AsSpan(0, 64).Equals(group.AsSpan(0, 64), StringComparison.OrdinalIgnoreCase)
        && int.TryParse(questionId.AsSpan(64), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
