using System.Globalization;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// The checks that need nothing but the order and its condition, in the order of protocol 10.3, with the texts of 9.5.
/// The first broken rule answers.
/// </summary>
internal static class OrderRules
{
    private const long GtdMinimum = 180; // Seconds ahead (protocol 10.4).

    /// <summary>Null when the order may go to the book.</summary>
    public static string? Refusal(OrderRequest order, long nowMs)
    {
        if (!OnGrid(order)) return Breaks(order);
        if (!order.Immediate && order.Shares < order.Condition.MinSize)
        {
            return $"order {order.Id} is invalid. Size ({Units.Micros(order.Shares)}) lower than the minimum: "
                + Units.Micros(order.Condition.MinSize);
        }

        return Imprecise(order) ?? Expired(order, nowMs / 1000) ?? PostOnlyType(order);
    }

    /// <summary>
    /// A limit order's ratio must be a tick exactly. A market BUY's shares are rounded to four decimals, so its ratio may be off by
    /// what that rounding explains (protocol 7.2).
    /// </summary>
    private static bool OnGrid(OrderRequest order)
    {
        var (price, tick) = (order.Price, order.Condition.Tick);
        if (price < tick || price > Units.PriceOne - tick) return false;

        var off = Int128.Abs((Int128)order.Collateral * Units.PriceOne - (Int128)order.Shares * price);
        return order.TargetsCollateral ? off <= (Int128)price * 100 : off == 0;
    }

    private static string Breaks(OrderRequest order) =>
        $"order {order.Id} is invalid. Price ({Units.Ratio(order.Collateral, order.Shares, 16)}) breaks minimum tick size rule: "
        + Units.Price(order.Condition.Tick);

    private static string? Imprecise(OrderRequest order)
    {
        var amountDecimals = order.Condition.PriceDecimals + 2;
        var (maker, taker) = (order.Side, order.Immediate) switch
        {
            (Side.Buy, true) => (2, 4),
            (Side.Buy, false) => (amountDecimals, 2),
            _ => (2, amountDecimals),
        };
        if (Fits(order.MakerAmount, maker) && Fits(order.TakerAmount, taker)) return null;

        var kind = (order.Immediate, order.Side) switch
        {
            (true, Side.Buy) => "market buy",
            (true, _) => "market sell",
            (false, Side.Buy) => "buy",
            _ => "sell",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"invalid amounts, the {kind} orders maker amount supports a max accuracy of {maker} decimals, taker amount a max of {taker} decimals");
    }

    private static bool Fits(long micros, int decimals)
    {
        for (var i = decimals; i < 6; i++)
        {
            if (micros % 10 != 0) return false;
            micros /= 10;
        }

        return true;
    }

    private static string? Expired(OrderRequest order, long nowSeconds) => order.Type is OrderType.Gtd
        ? order.Expiration < nowSeconds + GtdMinimum ? "invalid expiration" : null
        : order.Expiration != 0 ? "invalid expiration" : null;

    private static string? PostOnlyType(OrderRequest order) =>
        order.PostOnly && order.Immediate ? "invalid post-only order: only GTC and GTD orders can be post-only" : null;
}
