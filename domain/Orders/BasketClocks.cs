using System.Collections.Immutable;

namespace PolyArb.Domain.Orders;

/// <summary>The moments an open basket's windows run from.</summary>
/// <param name="Since">Since when its legs have had the shares they have, and could be traded.</param>
/// <param name="Mined">Since when all of those have been on the chain; null while they are not.</param>
public readonly record struct BasketClock(Instant Since, Instant? Mined);

/// <summary>The clocks of a market's open baskets, kept from one piece of news to the next.</summary>
public sealed class BasketClocks
{
    private readonly Dictionary<BasketId, BasketClock> _clocks = [];

    public BasketClock this[BasketId basket] => _clocks[basket];

    public void Hear(ImmutableArray<OpenBasket> before, ImmutableArray<OpenBasket> after, Instant now)
    {
        foreach (var open in after)
        {
            var id = open.Basket.Id;
            var clock = HasSameFills(before.FirstOrDefault(known => known.Basket.Id == id), open) ? _clocks[id] : new BasketClock(now, null);
            _clocks[id] = clock with { Mined = open.IsSellable ? clock.Mined ?? now : null };
        }

        foreach (var gone in before.Where(known => after.All(open => open.Basket.Id != known.Basket.Id))) _clocks.Remove(gone.Basket.Id);
    }

    /// <summary>The windows of a ladder do not run out while the venue takes no orders.</summary>
    public void Restart(Instant now)
    {
        foreach (var (basket, clock) in _clocks) _clocks[basket] = new BasketClock(now, clock.Mined is null ? null : now);
    }

    /// <summary>
    /// Nothing came or went since its legs were dealt with: a shortfall seen before is the same one, however many rungs came to nothing, and
    /// however much of the excess was given back meanwhile. What was given back and failed has come again.
    /// </summary>
    private static bool HasSameFills(OpenBasket? before, OpenBasket now) =>
        before is not null && before.Orders.All(order => order.IsClosed || order.Purpose is not (Purpose.Open or Purpose.Quote))
        && Filled(before).SequenceEqual(Filled(now))
        && before.Orders.All(order => order.Purpose is not Purpose.Unwind || now.Orders.First(same => same.Id == order.Id).Matched >= order.Matched);

    private static IEnumerable<(OrderId, Size)> Filled(OpenBasket basket) =>
        basket.Orders.Where(order => order.Matched.Micros > 0 && order.Purpose is not Purpose.Unwind).Select(order => (order.Id, order.Matched));
}
