using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>What a basket was to earn, and what it did.</summary>
/// <param name="Expected">Dollars; of quotes, for the part that somebody took.</param>
/// <param name="Earned">Dollars, shares left over at what they cost: what they bring is known later.</param>
public sealed record JudgedBasket(Usd Expected, Usd Earned)
{
    /// <summary>Null where there is nothing to learn: nothing was filled, or it was only to sell what another had left.</summary>
    /// <param name="closed">As it stood at its end.</param>
    public static JudgedBasket? Of(OpenBasket closed)
    {
        if (closed.Basket.Kind is BasketKind.Excess) return null;

        var tally = new BasketTally(closed);
        if (tally.Most == Size.Zero && !tally.HasUnwound) return null;

        var left = 0L;
        for (var leg = 0; leg < tally.Net.Count && closed.Basket.Side is Side.Buy; leg++)
            left += (long)((Int128)tally.Paid(leg) * Math.Max(0, (tally.Net[leg] - tally.Quantity).Micros) / 1_000_000);
        var expected = closed.Basket.Profit;
        if (closed.Basket.Style is BasketStyle.Maker) expected = new Usd((long)((Int128)expected.Micros * tally.Most.Micros / closed.Basket.Quantity.Micros));
        return new JudgedBasket(expected, tally.Earned + new Usd(left));
    }
}
