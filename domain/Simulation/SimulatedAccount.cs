using System.Collections.Immutable;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Simulation;

/// <summary>The money at the simulated venue. It moves at the match; tokens can be sold once they are mined.</summary>
public sealed class SimulatedAccount
{
    private readonly Dictionary<TokenId, Size> _shares = [];
    private readonly Dictionary<TokenId, Size> _arriving = []; // Of those, not mined yet.

    internal SimulatedAccount(Usd cash) => Cash = cash;

    public Usd Cash { get; private set; }

    /// <summary>Without conditions: whoever asks has bought them himself.</summary>
    public ImmutableArray<HeldToken> Held =>
        [.. _shares.Where(held => held.Value != Size.Zero).Select(held => new HeldToken(held.Key, default, held.Value))];

    public Size Shares(TokenId token) => _shares.GetValueOrDefault(token);

    /// <summary>What an earlier run left.</summary>
    public void Restore(Usd cash, IEnumerable<(TokenId Token, Size Shares)> positions)
    {
        Cash = cash;
        foreach (var (token, shares) in positions) _shares[token] = shares;
    }

    /// <summary>Null, or the venue's words for what is missing (protocol sheet 9.5, 10.6).</summary>
    /// <param name="fee">The highest it may be charged.</param>
    internal string? Shortfall(SimulatedOrder order, Usd fee, IEnumerable<SimulatedOrder> resting)
    {
        var (has, needs) = order.Buys
            ? (Cash.Micros - resting.Sum(other => other.HeldCash.Micros), order.Leg.MakerAmount + fee.Micros)
            : ((Shares(order.Leg.Token) - _arriving.GetValueOrDefault(order.Leg.Token)).Micros
                - resting.Where(other => other.Leg.Token == order.Leg.Token).Sum(other => other.HeldShares.Micros), order.Leg.Shares.Micros);
        return has >= needs
            ? null
            : $"not enough balance / allowance: the balance is not enough -> balance: {has}, sum of matched orders: 0, order amount (inc. fees): {needs}";
    }

    internal void Matched(LegOrder leg, Fill fill)
    {
        Move(leg, fill, undo: false);
        if (leg.Side is Side.Buy) _arriving[leg.Token] = _arriving.GetValueOrDefault(leg.Token) + fill.Shares;
    }

    internal void Mined(LegOrder leg, Fill fill)
    {
        if (leg.Side is Side.Buy) _arriving[leg.Token] -= fill.Shares;
    }

    /// <summary>The trade is taken back.</summary>
    internal void Failed(LegOrder leg, Fill fill)
    {
        Mined(leg, fill);
        Move(leg, fill, undo: true);
    }

    private void Move(LegOrder leg, Fill fill, bool undo)
    {
        var gives = leg.Side is Side.Buy != undo;
        var money = leg.Side is Side.Buy ? fill.Amount + fill.Fee : fill.Amount - fill.Fee;
        Cash += gives ? -money : money;
        _shares[leg.Token] = gives ? Shares(leg.Token) + fill.Shares : Shares(leg.Token) - fill.Shares;
    }
}
