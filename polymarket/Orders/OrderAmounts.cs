using PolyArb.Domain;

namespace PolyArb.Polymarket.Orders;

/// <summary>What an order gives and what it gets, in millionths: dollars and shares for a BUY, shares and dollars for a SELL.</summary>
public readonly record struct OrderAmounts(long Maker, long Taker)
{
    /// <summary>Sizes, and the dollars of a market BUY, are whole hundredths on every tick.</summary>
    private const int SizeDecimals = 2;

    private const int Hundredth = 10_000;

    /// <summary>
    /// At a price or better: the price half up to the tick's decimals, the size down to a hundredth, their product exact
    /// (protocol sheet 7.2). The ticks 0.005 and 0.0025 have more prices of their decimals than of their grid, and the venue
    /// takes only the latter: see <see cref="Price.IsOn"/>.
    /// </summary>
    public static AmountsResult Limit(Side side, ExactDecimal price, ExactDecimal size, Price tick)
    {
        if (OrderRefusals.OfPrice(price, tick) is { } why) return new AmountsResult.Refused(why);

        var decimals = PriceDecimals(tick)!.Value;
        return Of(side, size.Floor(SizeDecimals), price.HalfUp(decimals) * LastDecimal(decimals));
    }

    /// <summary>
    /// Against what rests: <paramref name="amount"/> is dollars for a BUY, shares for a SELL, down to a hundredth; the price,
    /// the worst accepted, down to the tick's decimals; what is got, down to the tick's decimals and two more (7.2, C-33).
    /// </summary>
    public static AmountsResult Market(Side side, ExactDecimal price, ExactDecimal amount, Price tick)
    {
        if (OrderRefusals.OfPrice(price, tick) is { } why) return new AmountsResult.Refused(why);

        var decimals = PriceDecimals(tick)!.Value;
        var given = amount.Floor(SizeDecimals);
        var worst = price.Floor(decimals) * LastDecimal(decimals);
        if (side is Side.Sell) return Of(side, given, worst);

        // Dollars over price; two decimals more than a price has are four less than there are: 100 millionths for a tick of 0.01.
        var shares = (Int128)given * Hundredth * Price.TicksPerDollar / worst / LastDecimal(decimals) * LastDecimal(decimals);
        return shares <= long.MaxValue
            ? new AmountsResult.Ok(new OrderAmounts(given * Hundredth, (long)shares))
            : new AmountsResult.Refused($"invalid amount ({amount})");
    }

    /// <summary>Decimals of a price on a tick of the venue (1.3); null for what is none.</summary>
    internal static int? PriceDecimals(Price tick) => tick.Ticks switch
    {
        1_000 => 1,
        100 => 2,
        50 or 10 => 3,
        25 or 1 => 4,
        _ => null,
    };

    private static AmountsResult.Ok Of(Side side, long hundredths, long priceTicks)
    {
        var (shares, dollars) = (hundredths * Hundredth, hundredths * priceTicks);
        return new AmountsResult.Ok(side is Side.Buy ? new OrderAmounts(dollars, shares) : new OrderAmounts(shares, dollars));
    }

    /// <summary>What the last of a price's decimals is worth, in ten-thousandths.</summary>
    private static long LastDecimal(int decimals) => decimals switch { 1 => 1_000, 2 => 100, 3 => 10, _ => 1 };
}

/// <summary>Amounts, or why there are none.</summary>
public abstract record AmountsResult
{
    private AmountsResult()
    {
    }

    public sealed record Ok(OrderAmounts Amounts) : AmountsResult;

    /// <param name="Why">In the official client's words.</param>
    public sealed record Refused(string Why) : AmountsResult;
}
