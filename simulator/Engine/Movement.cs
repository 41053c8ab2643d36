namespace PolyArb.Simulator.Engine;

/// <summary>What a trade changes in one account: micros of pUSD under the asset "", else micro-shares of the token named.</summary>
internal readonly record struct Movement(string Address, string Asset, long Change)
{
    public const string Cash = "";

    /// <summary>Everything a match moves, the taker's fee included, and nothing that it makes or unmakes.</summary>
    public static IReadOnlyList<Movement> Of(BookOrder taker, MatchPlan plan)
    {
        List<Movement> moves = [];
        foreach (var leg in plan.Legs)
        {
            Add(moves, taker, leg.TakerCash, leg.Shares);
            Add(moves, leg.Maker, leg.MakerCash, leg.Shares);
        }

        if (plan.Fee == 0) return moves;

        moves.Add(new Movement(taker.Request.Account, Cash, -plan.Fee));
        moves.Add(new Movement(Ledger.FeeAccount, Cash, plan.Fee));
        return moves;
    }

    private static void Add(List<Movement> moves, BookOrder order, long cash, long shares)
    {
        var sign = order.Side is Side.Buy ? 1 : -1;
        moves.Add(new Movement(order.Request.Account, Cash, -sign * cash));
        moves.Add(new Movement(order.Request.Account, order.TokenId, sign * shares));
    }
}
