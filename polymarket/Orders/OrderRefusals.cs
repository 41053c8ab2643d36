using PolyArb.Domain;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// What the venue's official client refuses before it signs or sends, in its own words and in the order it looks; null where
/// it does not. The venue would refuse the same later.
/// </summary>
public static class OrderRefusals
{
    private const int DepositWallet = 3;

    /// <summary>A tick finer than the market's own.</summary>
    public static string? OfTick(Price asked, Price market) =>
        asked < market ? $"invalid tick size ({asked}), minimum for the market is {market}" : null;

    /// <summary>A price that is not between one tick and one tick below a dollar.</summary>
    public static string? OfPrice(ExactDecimal price, Price tick)
    {
        if (OrderAmounts.PriceDecimals(tick) is null) return $"invalid tick size ({tick})";
        return price.IsBelow(tick) || price.IsAbove(tick.Complement)
            ? $"invalid price ({price}), min: {tick} - max: {tick.Complement}"
            : null;
    }

    /// <summary>A chain or a generation of orders the venue does not have, or a wallet the generation does not know.</summary>
    public static string? OfGeneration(int chainId, int generation, int signatureType) => (chainId, generation, signatureType) switch
    {
        (not (137 or 80002), _, _) => "Invalid network",
        (_, 1, DepositWallet) => "signature type POLY_1271 is not supported for v1 orders",
        (_, < 1 or > 3, _) => $"unsupported order version {generation}",
        _ => null,
    };

    /// <summary>A promise to rest that comes with an order which never rests.</summary>
    public static string? OfPostOnly(OrderType type, bool postOnly) =>
        postOnly && type is OrderType.Fok or OrderType.Fak ? "postOnly is not supported for FOK/FAK orders" : null;
}
