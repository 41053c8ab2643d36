using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>One object of `GET /markets` (protocol sheet 2.1): a condition before its terms are known.</summary>
/// <param name="Group">The neg-risk market id; null when it stands alone.</param>
internal sealed record ListedCondition(Condition Condition, MarketId? Group, bool IsClosed)
{
    /// <summary>Null while the venue has not filled it in: for minutes after a listing the token ids are empty.</summary>
    public static ListedCondition? Read(JsonElement market)
    {
        var tokens = market.Items("tokens").Select(token => token.Text("token_id")).ToArray();
        var id = market.Text("condition_id");
        if (id.Length == 0 || tokens.Length != 2 || tokens.Any(token => token.Length == 0) || tokens[0] == tokens[1]) return null;
        if (!Price.TryParse(market.Utf8("minimum_tick_size"), out var tick) || !tick.IsInside) return null;
        if (!Size.TryParse(market.Utf8("minimum_order_size"), out var least)) return null;

        var negRisk = market.Flag("neg_risk");
        var group = market.Text("neg_risk_market_id");
        var closed = market.Flag("closed");
        var condition = new Condition
        {
            Id = new ConditionId(id),
            Question = market.Text("question"),
            Yes = new TokenId(tokens[0]),
            No = new TokenId(tokens[1]),
            Tick = tick,
            MinOrderSize = least,
            NegRisk = negRisk,
            Fee = null,
            QuestionIndex = negRisk ? IndexOf(market.Text("question_id")) : null,
            // Closed can stand beside accepting_orders (2.1).
            IsTradable = market.Flag("active") && !closed && !market.Flag("archived") && market.Flag("accepting_orders") && market.Flag("enable_order_book"),
            DelaysTakers = market.Text("seconds_delay") is not ("" or "0"),
        };
        return new ListedCondition(condition, negRisk && group.Length > 0 ? new MarketId(group) : null, closed || market.Flag("archived"));
    }

    /// <summary>With its terms: unanswered leaves the fee unknown, and so does a source that contradicts the other.</summary>
    public Condition With(TradingTerms? terms)
    {
        if (terms is null) return Condition;

        var agrees = terms.NegRisk == Condition.NegRisk && terms.Tokens.AsSpan().SequenceEqual([Condition.Yes, Condition.No]);
        return Condition with
        {
            Fee = agrees ? terms.Fee : null,
            Tick = terms.Tick ?? Condition.Tick,
            MinOrderSize = terms.MinOrderSize ?? Condition.MinOrderSize,
            DelaysTakers = Condition.DelaysTakers || terms.DelaysTakers,
            IsTradable = Condition.IsTradable && !terms.IsV2, // Another contract signs for those (0.2).
        };
    }

    /// <summary>The question's number in its event is the last byte of its id (1.1).</summary>
    private static int? IndexOf(string questionId) =>
        questionId.Length == 66 && int.TryParse(questionId.AsSpan(64), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
