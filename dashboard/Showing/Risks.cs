using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>How much of a limit is used.</summary>
/// <param name="Used">"–" where it is not known, which is no zero.</param>
/// <param name="Percent">Of the limit, from 0 on; may be above 100; null where it is not known.</param>
internal sealed record LimitUse(string Name, string Used, string Limit, long? Percent, string What)
{
    public string Kind => Percent switch { >= 90 => "bad", >= 70 => "warn", _ => "" };
}

/// <summary>The limits in force beside what is used of them, as far as readers are told.</summary>
internal static class Risks
{
    private const string Breaks = "stops trading: flatten, then SAFE";
    private const string Refuses = "refuses new baskets";

    /// <param name="held">Null: not read yet. The same for <paramref name="orders"/>.</param>
    public static ImmutableArray<LimitUse> Uses(Status status, PositionsView? held, ImmutableArray<OrderView>? orders, RiskLimits limits, BreakerPolicy breakers)
    {
        Usd? inMarket = held is null ? null : new Usd(held.Positions.GroupBy(position => position.Market).Select(all => all.Sum(one => AtCost(one).Micros)).DefaultIfEmpty().Max());
        long? ofCondition = orders?.Where(order => order.Status is Domain.Orders.OrderState.InFlight or Domain.Orders.OrderState.Unanswered or Domain.Orders.OrderState.Delayed or Domain.Orders.OrderState.Live)
            .GroupBy(order => order.Condition).Select(all => all.Count()).DefaultIfEmpty().Max();
        return
        [
            Money("Total exposure", status.Exposure, limits.MaxTotalExposure, Refuses),
            Money("Largest market, at cost", inMarket, limits.MaxPositionPerMarket, $"{Refuses}; counts what is set aside for orders too"),
            Money("Loss this hour", Loss(status.HourlyPnl), breakers.MaxHourlyLoss, Breaks),
            Money("Loss today", Loss(status.DailyPnl), breakers.MaxDailyLoss, Breaks),
            Money("Drawdown", status.Drawdown, breakers.MaxDrawdown, Breaks),
            Number("Unresolved orders", status.UnresolvedOrders, limits.MaxUnresolvedOrders, Refuses),
            Number("Open orders of one condition", ofCondition, limits.MaxOpenOrdersPerCondition, Refuses),
        ];
    }

    public static Usd AtCost(PositionView position) => new((long)((Int128)position.AvgPrice.Micros * position.Qty.Micros / 1_000_000));

    private static Usd? Loss(Usd? profit) => profit is { } known ? (known.Micros < 0 ? -known : Usd.Zero) : null;

    private static LimitUse Money(string name, Usd? used, Usd limit, string what) => new(name, Show.Money(used), Show.Money(limit), Share(used?.Micros, limit.Micros), what);

    private static LimitUse Number(string name, long? used, long limit, string what) =>
        new(name, used is { } known ? Show.Count(known) : Show.Nothing, Show.Count(limit), Share(used, limit), what);

    private static long? Share(long? used, long limit) => used is { } known ? (long)((Int128)known * 100 / Math.Max(1, limit)) : null;
}
