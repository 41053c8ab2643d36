using System.Globalization;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// The checks that need nothing but the order and its market's terms, in the order of protocol 10.3, with the texts of 9.5.
/// The first broken rule answers.
/// </summary>
internal static class OrderRules
{
    public const string NotReady = "the market is not yet ready to process new orders";

    private const long GtdMinimum = 180; // Seconds ahead (protocol 10.4).

    /// <summary>Null when the order may go to the book.</summary>
    public static string? Refusal(OrderRequest order, Market market, long nowMs)
    {
        if (!market.AcceptsOrders) return NotReady;
        if (OffGrid(order, market) is { } broken) return broken;
        if (!order.Immediate && order.Shares < order.Condition.MinSize)
        {
            return $"order {order.Id} is invalid. Size ({Units.Micros(order.Shares)}) lower than the minimum: "
                + Units.Micros(order.Condition.MinSize);
        }

        return Imprecise(order, market.PriceDecimals + 2) ?? Expired(order, nowMs / 1000) ?? PostOnlyType(order);
    }

    /// <summary>Null when the price is one of the market's present grid.</summary>
    public static string? OffGrid(OrderRequest order, Market market) =>
        OnGrid(order, market.Tick, market.PriceDecimals + 2) ? null : Breaks(order, market.Tick);

    /// <summary>
    /// A limit order's ratio must be a tick exactly. A market BUY's shares are rounded to the tick's amount decimals, by some clients to
    /// four, so its ratio may be off by what that rounding explains (protocol 7.2).
    /// </summary>
    private static bool OnGrid(OrderRequest order, int tick, int amountDecimals)
    {
        var price = order.PriceOn(tick);
        var grain = amountDecimals < 4 ? 1_000 : 100; // Micro-shares: three decimals on a tick of 0.1.
        if (price < tick || price > Units.PriceOne - tick) return false;

        var off = Int128.Abs((Int128)order.Collateral * Units.PriceOne - (Int128)order.Shares * price);
        return order.TargetsCollateral ? off <= (Int128)price * grain : off == 0;
    }

    private static string Breaks(OrderRequest order, int tick) =>
        $"order {order.Id} is invalid. Price ({Units.Ratio(order.Collateral, order.Shares, 16)}) breaks minimum tick size rule: "
        + Units.Price(tick);

    /// <summary>
    /// The venue's text names four decimals for the shares of a market BUY on any tick, but the official client sends one more for each
    /// decimal of a finer tick (both in protocol 7.2): what it sends is taken, and four always.
    /// </summary>
    private static string? Imprecise(OrderRequest order, int amountDecimals)
    {
        var (maker, taker) = (order.Side, order.Immediate) switch
        {
            (Side.Buy, true) => (2, Math.Max(4, amountDecimals)),
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
