using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>
/// What the venue may say we have when our account is whole. A trade that is not final, and a merge under way, may show in its balances
/// already or not yet.
/// </summary>
/// <param name="CashMin">Dollars, with all that may be gone. There is no most: anybody may pay in.</param>
/// <param name="Shares">By our account; a token that is not here has none.</param>
/// <param name="Moving">Tokens of which something is under way: no balance explains them.</param>
public sealed record BalanceRange(Usd CashMin, ImmutableDictionary<TokenId, Size> Shares, ImmutableHashSet<TokenId> Moving)
{
    /// <summary>What the sum of an order's trades may differ from its figure by (protocol sheet 5.3).</summary>
    private static readonly Size Dust = new(10_000);

    public static BalanceRange Of(Ledger ledger, Blotter blotter, IEnumerable<SettlementCall> calls)
    {
        var min = ledger.Cash;
        var moving = ImmutableHashSet.CreateBuilder<TokenId>();
        foreach (var order in blotter.Unfinished)
        {
            var (leg, isBuy) = (order.Intent.Order, order.Intent.Order.Side is Side.Buy);
            foreach (var fill in order.Fills.Values.Where(fill => fill.Status is not (TradeStatus.Confirmed or TradeStatus.Failed)))
            {
                moving.Add(leg.Token);
                if (!isBuy) min -= fill.Amount;
            }

            if (!order.MissesTrades) continue;

            moving.Add(leg.Token);
            if (isBuy) min -= leg.Outlay;
        }

        foreach (var call in calls) moving.UnionWith(call.Gives.Concat(call.Gets).Select(token => token.Token));

        return new BalanceRange(min, ledger.Positions.ToImmutableDictionary(its => its.Token, its => its.Shares), moving.ToImmutable());
    }

    /// <summary>
    /// True when cash and this token's shares are what our account says without an order of this token, to within the tolerance and the
    /// venue's dust. More cash than ours proves nothing, for somebody may have paid in: whether a SELL matched, the shares say.
    /// </summary>
    public bool Explains(Usd cash, TokenId token, Size shares, Usd tolerance)
    {
        var missing = shares - Shares.GetValueOrDefault(token);
        return cash >= CashMin - tolerance && !Moving.Contains(token) && missing > new Size(-Dust.Micros) && missing < Dust;
    }
}
