using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>Plays a basket at the venue by hand, in decimal: what its orders fill and are charged (protocol sheet 7.2, 8, 10.3).</summary>
internal static class Venue
{
    public static void Play(Basket basket, Candidate candidate, EdgePolicy policy, int seed)
    {
        var (least, most, money) = (decimal.MaxValue, 0m, 0m);
        foreach (var order in basket.Legs)
        {
            var leg = candidate.Legs.Single(leg => leg.Book.Condition.Id == order.Condition && leg.Outcome == order.Outcome);
            Assert.True(order.Limit.IsOn(leg.Book.Condition.Tick), $"seed {seed}: limit {order.Limit}");
            var (shares, dollars, fee) = order.Side is Side.Buy ? Buy(order, leg, seed) : Sell(order, leg, seed);

            Assert.True(Math.Round(fee, 5, MidpointRounding.AwayFromZero) <= order.WorstFee.Micros / 1_000_000m, $"seed {seed}: fee {fee} above {order.WorstFee}");
            // Each level's dollars are rounded by less than a millionth.
            Assert.True(Math.Abs(shares - order.Expected.Micros / 1_000_000m) < 0.000002m + 0.000003m * 10_000 / order.Limit.Ticks, $"seed {seed}: {shares} filled, {order.Expected} expected");
            Assert.True(Math.Abs(dollars - order.ExpectedAmount.Micros / 1_000_000m) < 0.00002m, $"seed {seed}: {dollars} dollars, {order.ExpectedAmount} expected");
            (least, most) = (Math.Min(least, shares), Math.Max(most, shares));
            money += order.Side is Side.Buy ? dollars + fee : dollars - fee;
        }

        Assert.True(most - least <= policy.MaxLegMismatch.Micros / 1_000_000m + 0.0001m, $"seed {seed}: legs {least} to {most}");
        if (basket.Legs[0].Type is OrderType.Gtc || basket.Side is Side.Sell) Assert.True(most == least, $"seed {seed}: legs {least} to {most}");
        Assert.True(Math.Abs(least - basket.Quantity.Micros / 1_000_000m) < 0.0001m, $"seed {seed}: {least} baskets, not {basket.Quantity}");
        var earned = basket.Side is Side.Buy ? basket.PayoutDollars * least - money : money - basket.PayoutDollars * least;
        Assert.True(
            earned >= (policy.MinEdge + policy.FailureBuffer).Micros / 1_000_000m * least - 0.00001m * basket.Legs.Length, $"seed {seed}: {least} baskets for {money} do not clear");
    }

    private static (decimal Shares, decimal Dollars, decimal Fee) Buy(LegOrder order, CandidateLeg leg, int seed)
    {
        var isShares = order.Type is OrderType.Gtc;
        var (makerUnit, takerUnit) = isShares ? (1, 10_000) : (10_000, 100); // 2 and 4 decimals, or what the tick gives and 2.
        Assert.True(order.MakerAmount % makerUnit == 0 && order.MakerAmount >= 1_000_000, $"seed {seed}: maker {order.MakerAmount}");
        Assert.True(order.TakerAmount % takerUnit == 0, $"seed {seed}: taker {order.TakerAmount}");
        var implied = (decimal)order.MakerAmount / order.TakerAmount;
        Assert.True(isShares ? implied == order.Limit.Ticks / 10_000m : implied >= order.Limit.Ticks / 10_000m, $"seed {seed}: implied price {implied}");

        var (left, shares, dollars, fee) = (isShares ? order.TakerAmount / 1_000_000m : order.MakerAmount / 1_000_000m, 0m, 0m, 0m);
        for (var n = 0; n < leg.Asks.Count && leg.Asks.FromTop(n) is var level && level.Price <= order.Limit; n++)
        {
            var price = level.Price.Ticks / 10_000m;
            var taken = Math.Min(level.Size.Micros / 1_000_000m, isShares ? left : left / price);
            (left, shares, dollars) = (left - (isShares ? taken : taken * price), shares + taken, dollars + taken * price);
            fee += Fee(leg, price, taken);
        }

        Assert.True(left < 0.000002m, $"seed {seed}: {left} of the order finds nothing at the limit");
        return (shares, dollars, fee);
    }

    private static (decimal Shares, decimal Dollars, decimal Fee) Sell(LegOrder order, CandidateLeg leg, int seed)
    {
        Assert.True(order.MakerAmount % 10_000 == 0 && order.MakerAmount <= leg.Stock.Micros, $"seed {seed}: maker {order.MakerAmount} of {leg.Stock}");
        Assert.Equal(order.Limit.Ticks / 10_000m, (decimal)order.TakerAmount / order.MakerAmount);
        var (left, dollars, fee) = (order.MakerAmount / 1_000_000m, 0m, 0m);
        for (var n = 0; n < leg.Bids.Count && leg.Bids.FromTop(n) is var level && level.Price >= order.Limit; n++)
        {
            var price = level.Price.Ticks / 10_000m;
            var taken = Math.Min(level.Size.Micros / 1_000_000m, left);
            (left, dollars) = (left - taken, dollars + taken * price);
            fee += Fee(leg, price, taken);
        }

        Assert.True(left == 0, $"seed {seed}: {left} of the order finds nothing at the limit");
        return (order.MakerAmount / 1_000_000m, dollars, fee);
    }

    private static decimal Fee(CandidateLeg leg, decimal price, decimal size)
    {
        var fee = size * leg.Fee.RateMicros / 1_000_000m;
        for (var i = 0; i < leg.Fee.Exponent; i++) fee *= price * (1 - price);
        return fee;
    }
}
