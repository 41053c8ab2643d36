using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>What turns shares into dollars beside the order book of a simulated day: merges, conversions, and the end of a question.</summary>
internal sealed class SimulatedSettlement(GatewayState state, RiskState risk, SimulatedVenue venue, Size settleMin, long generation)
{
    private readonly Dictionary<ConditionId, (Condition Condition, TokenId Winner)> _resolved = new(ConditionIdComparer.Instance);
    private long _calls;

    /// <summary>
    /// Complete shares that no basket needs become dollars at once. Conversions go by the conditions that the recording names: YES of one it
    /// does not name would come on top, and counts as nothing.
    /// </summary>
    public void Settle(Market market, Instant now)
    {
        if (!RiskEngine.MaySettle(state.Trading)) return;

        var free = state.StocksOf(market.Id).ToDictionary(stock => stock.Token, stock => stock.Shares);
        foreach (var call in SettlementCall.Of(market with { IsWhole = true }, free).Where(call => call.Shares >= settleMin))
        {
            var id = new ReservationId(generation, -(++_calls)); // Beside those of orders.
            state.Apply(new Fact.SettlementStarted(now, id, call));
            state.Apply(new Fact.SettlementEnded(now, id, call, SettlementEnd.Done, "at once, in a simulated day"));
            risk.Apply(call);
            Carry(call.Dollars, [.. call.Gives.Select(token => (token.Token, Size.Zero - call.Shares)), .. call.Gets.Select(token => (token.Token, call.Shares))]);
        }
    }

    /// <summary>The venue has said how a question ended: its shares are dollars or nothing from here on.</summary>
    public void Resolve(Condition condition, TokenId winner, Instant now)
    {
        if (_resolved.TryAdd(condition.Id, (condition, winner))) Pay(condition, winner, now);
    }

    /// <summary>
    /// A trade in this condition came, went or came back. After its end the shares are paid like those before, and a payout for shares that
    /// a failed trade took away again is given back. After each trade, not after several: what shares cost goes with them.
    /// </summary>
    public void Hear(ConditionId traded, Instant now)
    {
        if (_resolved.TryGetValue(traded, out var known)) Pay(known.Condition, known.Winner, now);
    }

    private void Pay(Condition condition, TokenId winner, Instant now)
    {
        var (yes, no) = (state.Ledger.Shares(condition.Yes), state.Ledger.Shares(condition.No));
        var shares = new[] { (Token: condition.Yes, Shares: yes), (Token: condition.No, Shares: no) }.Where(held => held.Shares != Size.Zero)
            .ToImmutableDictionary(held => held.Token, held => held.Shares);
        if (shares.IsEmpty) return;

        var paid = Usd.Payout(1, winner == condition.Yes ? yes : winner == condition.No ? no : Size.Zero);
        var fact = new Fact.SharesRedeemed(now, shares, paid);
        state.Apply(fact);
        risk.Apply(fact);
        Carry(paid, [.. shares.Select(gone => (gone.Key, Size.Zero - gone.Value))]);
    }

    /// <summary>The venue's account moves with ours where no order did it.</summary>
    private void Carry(Usd cash, ImmutableArray<(TokenId Token, Size Shares)> moved)
    {
        var account = venue.Account;
        account.Restore(account.Cash + cash, [.. moved.Select(token => (token.Token, account.Shares(token.Token) + token.Shares))]);
    }
}
