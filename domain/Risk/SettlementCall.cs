using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PolyArb.Domain.Risk;

public enum SettlementKind
{
    /// <summary>YES and NO of one condition to a dollar each.</summary>
    Merge,

    /// <summary>NO of m questions of a neg-risk event to m - 1 dollars each, and to YES of every other question.</summary>
    Convert,
}

/// <summary>How a call ended. Until it has, nobody knows.</summary>
public enum SettlementEnd
{
    Done,

    /// <summary>Not carried out, by the venue's word or because the shares are still there: nothing moved.</summary>
    Refused,
}

/// <summary>One outcome of a condition that a call takes or brings.</summary>
/// <param name="Question">The condition's place in its neg-risk event; null when standalone.</param>
public sealed record SettlementToken(ConditionId Condition, TokenId Token, Outcome Outcome, int? Question);

/// <summary>
/// Shares that become dollars, and shares of other tokens, outside the order book: a merge or a conversion (protocol sheet 1.2, no
/// fee; an event's own `feeBips` is zero wherever we looked, and is not in the catalogue).
/// </summary>
public sealed record SettlementCall
{
    public required SettlementKind Kind { get; init; }

    public required MarketId Market { get; init; }

    /// <summary>Of each token given, and of each that comes.</summary>
    public required Size Shares { get; init; }

    public required ImmutableArray<SettlementToken> Gives { get; init; }

    public required ImmutableArray<SettlementToken> Gets { get; init; }

    /// <summary>Decides, in protocol V1, which contract is called.</summary>
    public required bool NegRisk { get; init; }

    public ProtocolVersion Protocol { get; init; }

    [JsonIgnore]
    public Usd Dollars => Usd.Payout(Kind is SettlementKind.Merge ? 1 : Gives.Length - 1, Shares);

    [JsonIgnore]
    public ImmutableArray<int> Questions => [.. Gives.Select(token => token.Question).OfType<int>().Order()];

    [JsonIgnore]
    public ImmutableDictionary<TokenId, Size> SharesGiven => Gives.ToImmutableDictionary(token => token.Token, _ => Shares);

    /// <summary>
    /// What can be made of free shares, no share used twice: pairs first, then NOs in as many questions as hold them. A conversion
    /// brings YES of every other question, so it needs to know them all, closed ones too.
    /// </summary>
    public static ImmutableArray<SettlementCall> Of(Market market, IReadOnlyDictionary<TokenId, Size> free)
    {
        var calls = ImmutableArray.CreateBuilder<SettlementCall>();
        List<(Condition Condition, Size No)> left = [];
        foreach (var condition in market.Conditions)
        {
            var (yes, no) = (free.GetValueOrDefault(condition.Yes), free.GetValueOrDefault(condition.No));
            var pairs = Size.Min(yes, no);
            if (pairs > Size.Zero) calls.Add(Merge(market.Id, condition, pairs));
            if (no > pairs) left.Add((condition, no - pairs));
        }

        if (!market.NegRisk || !market.IsWhole || market.Conditions.Any(condition => condition.QuestionIndex is null)) return calls.ToImmutable();

        left = [.. left.OrderByDescending(held => held.No).ThenBy(held => held.Condition.QuestionIndex)];
        for (var count = left.Count; count > 1; count--)
        {
            var shares = left[count - 1].No - (count < left.Count ? left[count].No : Size.Zero);
            if (shares > Size.Zero) calls.Add(Convert(market, [.. left[..count].Select(held => held.Condition)], shares));
        }

        return calls.ToImmutable();
    }

    private static SettlementCall Merge(MarketId market, Condition condition, Size shares) => new()
    {
        Kind = SettlementKind.Merge,
        Market = market,
        Shares = shares,
        Gives = [TokenOf(condition, Outcome.Yes), TokenOf(condition, Outcome.No)],
        Gets = [],
        NegRisk = condition.NegRisk,
        Protocol = condition.Protocol,
    };

    private static SettlementCall Convert(Market market, ImmutableArray<Condition> given, Size shares) => new()
    {
        Kind = SettlementKind.Convert,
        Market = market.Id,
        Shares = shares,
        Gives = [.. given.Select(condition => TokenOf(condition, Outcome.No))],
        Gets = [.. market.Conditions.Where(condition => !given.Contains(condition)).Select(condition => TokenOf(condition, Outcome.Yes))],
        NegRisk = true,
        Protocol = given[0].Protocol,
    };

    private static SettlementToken TokenOf(Condition condition, Outcome outcome) =>
        new(condition.Id, condition.Token(outcome), outcome, condition.QuestionIndex);
}
