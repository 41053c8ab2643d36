using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>What the venue has beyond our account, and what it lacks.</summary>
/// <param name="Cash">Below zero when the venue has less.</param>
/// <param name="Came">Shares it has beyond ours, above zero each.</param>
/// <param name="Left">Shares of ours it does not have, above zero each.</param>
public sealed record LedgerDifference(Usd Cash, ImmutableDictionary<TokenId, Size> Came, ImmutableDictionary<TokenId, Size> Left)
{
    public static readonly LedgerDifference None = new(Usd.Zero, ImmutableDictionary<TokenId, Size>.Empty, ImmutableDictionary<TokenId, Size>.Empty);

    public bool IsNone => Cash == Usd.Zero && Came.IsEmpty && Left.IsEmpty;

    public IEnumerable<TokenId> Tokens => Came.Keys.Concat(Left.Keys);

    /// <param name="shares">What the venue has; nothing of a token that is not named.</param>
    public static LedgerDifference Between(Ledger ours, Usd cash, IReadOnlyDictionary<TokenId, Size> shares)
    {
        var tokens = ours.Positions.Select(position => position.Token).Union(shares.Keys)
            .Select(token => (Token: token, More: shares.GetValueOrDefault(token) - ours.Shares(token))).ToArray();
        return new LedgerDifference(
            cash - ours.Cash,
            tokens.Where(token => token.More > Size.Zero).ToImmutableDictionary(token => token.Token, token => token.More),
            tokens.Where(token => token.More < Size.Zero).ToImmutableDictionary(token => token.Token, token => Size.Zero - token.More));
    }

    public bool IsSame(LedgerDifference other) => Cash == other.Cash && IsSame(Came, other.Came) && IsSame(Left, other.Left);

    /// <summary>For a person, in one line: "cash 1.5 above ours; 10 shares of 71321 below ours".</summary>
    public override string ToString() => string.Join("; ", ((string[])[Cash > Usd.Zero ? $"cash {Cash} above ours" : Cash < Usd.Zero ? $"cash {-Cash} below ours" : ""])
        .Where(text => text.Length > 0).Concat(Lines(Left, "below")).Concat(Lines(Came, "above")));

    private static IEnumerable<string> Lines(ImmutableDictionary<TokenId, Size> shares, string where) =>
        shares.OrderBy(token => token.Key.Text, StringComparer.Ordinal).Select(token => $"{token.Value} shares of {token.Key} {where} ours");

    private static bool IsSame(ImmutableDictionary<TokenId, Size> one, ImmutableDictionary<TokenId, Size> other) =>
        one.Count == other.Count && one.All(token => other.TryGetValue(token.Key, out var shares) && shares == token.Value);
}

/// <summary>What a difference comes from, each part of it once.</summary>
/// <param name="Calls">Merges and conversions made by hand.</param>
/// <param name="Redeemed">Shares of resolved questions that were redeemed.</param>
/// <param name="Payout">Dollars those paid.</param>
/// <param name="Credit">What came from outside.</param>
/// <param name="Rounding">What is missing within the tolerance.</param>
/// <param name="Unexplained">What stops trading: all of the rest when a part of it is missing.</param>
public sealed record Explanation(
    ImmutableArray<SettlementCall> Calls, ImmutableDictionary<TokenId, Size> Redeemed, Usd Payout, LedgerDifference Credit, LedgerDifference Rounding,
    LedgerDifference Unexplained);

/// <summary>Our account held against the venue's (design 9): what more there is came from outside, what less there is needs a reason.</summary>
public static class Reconciliation
{
    /// <summary>After such a fact orders, shares or dollars may be others.</summary>
    public static bool Moves(Fact fact) => fact is Fact.OpeningBalanceTaken or Fact.BasketOpened or Fact.ClosingOrderPlaced or Fact.OrderChanged
        or Fact.SettlementStarted or Fact.SettlementEnded or Fact.ExternalCredited or Fact.RoundingAdjusted or Fact.SharesRedeemed or Fact.LedgerAccepted;

    /// <summary>
    /// Why the venue's balances cannot be held against ours now: it moves them when a trade is mined, we at the match. Null when nothing
    /// of ours is under way.
    /// </summary>
    public static string? Moving(Blotter blotter, Settlements settlements)
    {
        if (settlements.Open.Count > 0) return "a merge or conversion is under way";

        foreach (var order in blotter.Unfinished)
        {
            if (order.State is OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed) return $"order {order.Id} has not been answered yet";
            if (!order.IsMined) return $"trades of order {order.Id} are not mined yet";
        }

        return null;
    }

    /// <summary>Takes what is known to have happened off the difference, one after the other; what is left is a credit, rounding, or a riddle.</summary>
    /// <param name="markets">Those of the tokens that differ, with every condition.</param>
    /// <param name="pays">What a share pays where there is a verdict.</param>
    /// <param name="tolerance">What may be missing today still, in dollars; a share counts as one.</param>
    public static Explanation Explain(
        LedgerDifference found, IReadOnlyCollection<Market> markets, IReadOnlyDictionary<TokenId, Price> pays, Usd tolerance)
    {
        var (cash, came, left) = (found.Cash, found.Came, found.Left);
        var redeemed = left.Where(token => pays.ContainsKey(token.Key)).ToImmutableDictionary();
        var payout = new Usd(redeemed.Sum(token => Usd.Proceeds(pays[token.Key], token.Value).Micros));
        if (payout > Usd.Zero && payout > cash) (redeemed, payout) = (ImmutableDictionary<TokenId, Size>.Empty, Usd.Zero); // Gone for less than they pay: not redeemed.
        cash -= payout;
        left = left.RemoveRange(redeemed.Keys);

        var calls = ImmutableArray.CreateBuilder<SettlementCall>();
        foreach (var call in markets.SelectMany(market => SettlementCall.Of(market, left)))
        {
            if (call.Dollars > cash || call.Gets.Any(token => came.GetValueOrDefault(token.Token) < call.Shares)) continue;

            calls.Add(call);
            cash -= call.Dollars;
            foreach (var token in call.Gives) left = Less(left, token.Token, call.Shares);
            foreach (var token in call.Gets) came = Less(came, token.Token, call.Shares);
        }

        var rest = new LedgerDifference(cash, came, left);
        var missing = new Usd(Math.Max(0, -cash.Micros) + left.Values.Sum(shares => shares.Micros));
        return new Explanation(
            calls.ToImmutable(), redeemed, payout,
            Credit: missing > tolerance ? LedgerDifference.None : new LedgerDifference(new Usd(Math.Max(0, cash.Micros)), came, LedgerDifference.None.Left),
            Rounding: missing > tolerance ? LedgerDifference.None : new LedgerDifference(new Usd(Math.Min(0, cash.Micros)), LedgerDifference.None.Came, left),
            Unexplained: missing > tolerance ? rest : LedgerDifference.None);
    }

    private static ImmutableDictionary<TokenId, Size> Less(ImmutableDictionary<TokenId, Size> from, TokenId token, Size shares) =>
        from[token] == shares ? from.Remove(token) : from.SetItem(token, from[token] - shares);
}
