using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>When the windows of a ladder begin: a shortfall seen once is the same one until something else is bought or fails.</summary>
public class BasketClocksTests
{
    private readonly BasketClocks _clocks = new();
    private OpenBasket? _before;

    [Fact]
    public void A_completion_that_fills_begins_a_new_window()
    {
        Hear(at: 1, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60));
        Assert.Equal(Given.After(2), Hear(at: 2, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60), Order(1, Purpose.Complete, 10, attempt: 1)).Since);
    }

    /// <summary>Else a ladder would buy again what it has just begun to give back, and pay both ways each time.</summary>
    [Fact]
    public void Giving_back_does_not_lead_back_to_completing()
    {
        Hear(at: 1, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60));
        Assert.Equal(Given.After(1), Hear(at: 7, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60), Order(0, Purpose.Unwind, 15, attempt: 1)).Since);
        Assert.Equal(Given.After(1), Hear(at: 9, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60), Order(0, Purpose.Unwind, 40, attempt: 1)).Since);
    }

    [Fact]
    public void What_was_given_back_and_failed_begins_a_new_window()
    {
        Hear(at: 1, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60));
        Hear(at: 7, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60), Order(0, Purpose.Unwind, 40, attempt: 1));
        Assert.Equal(Given.After(8), Hear(at: 8, Order(0, Purpose.Open, 100), Order(1, Purpose.Open, 60), Order(0, Purpose.Unwind, 0, attempt: 1)).Since);
    }

    private BasketClock Hear(double at, params LegNews[] orders)
    {
        var now = new OpenBasket(Given.Basket(), Given.Noon, [.. orders], null);
        _clocks.Hear(_before is null ? [] : [_before], [now], Given.After(at));
        _before = now;
        return _clocks[now.Basket.Id];
    }

    private static LegNews Order(int leg, Purpose purpose, long matched, int attempt = 0) => new(
        new OrderId($"{leg}/{attempt}"), Given.Basket().Legs[leg] with { Attempt = attempt }, purpose, Given.Noon, OrderState.Confirmed, Size.Shares(matched),
        Usd.Zero, Size.Shares(matched), Usd.Zero, IsClosed: true, IsMined: true, IsSettled: true, Refusal: null);
}
