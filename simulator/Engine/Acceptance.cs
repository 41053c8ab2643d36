using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>The checks that need the book and the wallet, in the order of protocol 10.3, with the texts of 9.5.</summary>
internal static class Acceptance
{
    public const string FokKilled = "order couldn't be fully filled. FOK orders are fully filled or killed.";

    public const string FakKilled =
        "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";

    /// <summary>Null when the order is taken on.</summary>
    public static string? Refusal(OrderRequest order, MatchPlan plan, Account account)
    {
        var marketable = plan.Legs.Count > 0;
        if (order.Side is Side.Buy && (order.Immediate || marketable) && order.Collateral < Units.MicrosOne)
        {
            return $"invalid amount for a marketable BUY order (${Units.Micros(order.Collateral)}), min size: $1";
        }

        if (Shortfall(order, plan, account) is { } text) return text;
        if (order.PostOnly && marketable) return "invalid post-only order: order crosses book";
        if (order.Type is OrderType.Fok && !plan.Whole) return FokKilled;
        if (order.Type is OrderType.Fak && !marketable) return FakKilled;
        return null;
    }

    /// <summary>
    /// A BUY needs its collateral and the fee it could cost (protocol 10.6): the fee at its limit, or the fee of the match at hand when
    /// better prices make that one larger. A post-only order never pays one. A SELL needs its shares.
    /// </summary>
    private static string? Shortfall(OrderRequest order, MatchPlan plan, Account account)
    {
        var (balance, reserved, needed) = order.Side is Side.Buy
            ? (account.Cash, account.ReservedCash, checked(order.Collateral + WorstFee(order, plan)))
            : (account.TokenBalance(order.Condition.Tokens[order.Token]),
                account.ReservedTokens(order.Condition.Tokens[order.Token]), order.Shares);
        return balance - reserved >= needed
            ? null
            : "not enough balance / allowance: the balance is not enough -> balance: "
                + $"{balance}, sum of matched orders: {reserved}, order amount (inc. fees): {needed}";
    }

    private static long WorstFee(OrderRequest order, MatchPlan plan)
    {
        if (order.PostOnly || order.Condition.Fee is not { } fee) return 0;

        return Math.Max(plan.Fee, fee.Charge([(order.Shares, order.Price)]));
    }
}
