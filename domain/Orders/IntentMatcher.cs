using System.Collections.Immutable;

namespace PolyArb.Domain.Orders;

/// <summary>
/// When two baskets of one market are the same wish: equal legs in any order, prices and sizes within an epsilon. A basket's slot keeps
/// most of them apart already. What is left are those that the portfolio has forgotten: a proposal made again under a new id after a
/// timeout, while the first still waits or is being written; one across a portfolio that started over; a quote and a taker's basket alike.
/// </summary>
/// <param name="PriceEpsilon">Prices that differ by less are the same; equal ones always are.</param>
/// <param name="SizeEpsilon">Shares that differ by less are the same; equal ones always are.</param>
public sealed record IntentMatcher(Price PriceEpsilon, Size SizeEpsilon)
{
    public bool IsSame(ImmutableArray<LegOrder> left, ImmutableArray<LegOrder> right)
    {
        if (left.Length != right.Length) return false;

        var rest = right.ToList();
        return left.All(leg => rest.FindIndex(other => IsSame(leg, other)) is >= 0 and var at && RemoveAt(rest, at));
    }

    private bool IsSame(LegOrder left, LegOrder right) => left.Token == right.Token && left.Side == right.Side
        && IsWithin(left.Limit.Ticks - right.Limit.Ticks, PriceEpsilon.Ticks)
        && IsWithin(left.Shares.Micros - right.Shares.Micros, SizeEpsilon.Micros);

    private static bool IsWithin(long difference, long epsilon) => difference == 0 || Math.Abs(difference) < epsilon;

    private static bool RemoveAt(List<LegOrder> legs, int at)
    {
        legs.RemoveAt(at);
        return true;
    }
}
