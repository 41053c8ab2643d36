using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>The checks that need the book and the wallet, in the order of protocol 10.3, with the texts of 9.5.</summary>
internal static class Acceptance
{
    public const string FokKilled = "order couldn't be fully filled. FOK orders are fully filled or killed.";

    public const string FakKilled =
        "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";

    /// <summary>The order was sound but found too little to match; its key hears of it (protocol 10.3).</summary>
    public static bool IsKill(string refusal) => refusal is FokKilled or FakKilled;

    /// <summary>Null when the order is taken on.</summary>
    /// <param name="sellsNeedMined">Tokens of trades that are not mined do not count for a sale (protocol 10.6).</param>
    public static string? Refusal(BookOrder placed, MatchPlan plan, Account account, bool sellsNeedMined)
    {
        var order = placed.Request;
        var marketable = plan.Legs.Count > 0;
        if (order.Side is Side.Buy && (order.Immediate || marketable) && order.Collateral < Units.MicrosOne)
        {
            return $"invalid amount for a marketable BUY order (${Units.Micros(order.Collateral)}), min size: $1";
        }

        if (Shortfall(placed, plan, account, sellsNeedMined) is { } text) return text;
        if (order.PostOnly && plan.Crosses) return "invalid post-only order: order crosses book";
        if (order.Type is OrderType.Fok && !plan.Whole) return FokKilled;
        if (order.Type is OrderType.Fak && !marketable) return FakKilled;
        return null;
    }

    /// <summary>
    /// A BUY needs its collateral and the fee it could cost (protocol 10.6): the fee at its limit, or the fee of the match at hand when
    /// better prices make that one larger. A post-only order never pays one. A SELL needs its shares. Open orders count against the
    /// balance but are in no number of the text, which knows the chain's balance and what matched trades have yet to take from it.
    /// </summary>
    private static string? Shortfall(BookOrder order, MatchPlan plan, Account account, bool sellsNeedMined)
    {
        var asset = order.Asset;
        var needed = order.Side is Side.Buy
            ? checked(order.Request.Collateral + WorstFee(order, plan))
            : order.Original;
        var counted = account.Balance(asset) - (sellsNeedMined && order.Side is Side.Sell ? account.Arriving(asset) : 0);
        var released = plan.Own.Where(o => o.Asset == asset).Sum(o => o.Reserved); // They leave before it matches.
        if (counted - account.Reserved(asset) + released >= needed) return null;

        var leaving = account.Leaving(asset);
        return "not enough balance / allowance: the balance is not enough -> balance: "
            + $"{counted + leaving}, sum of matched orders: {leaving}, order amount (inc. fees): {needed}";
    }

    private static long WorstFee(BookOrder order, MatchPlan plan)
    {
        if (order.Request.PostOnly || order.Condition.Fee is not { } fee) return 0;

        return Math.Max(plan.Fee, fee.Charge([(order.Original, order.Price)]));
    }
}
