using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Silo.Paper;

/// <summary>The money of a dry run. It moves at the match; tokens can be sold once they are mined.</summary>
internal sealed class PaperAccount(Usd cash)
{
    private readonly Dictionary<TokenId, Size> _shares = [];
    private readonly Dictionary<TokenId, Size> _arriving = []; // Of those, not mined yet.

    public Usd Cash { get; private set; } = cash;

    public Size Shares(TokenId token) => _shares.GetValueOrDefault(token);

    /// <summary>Without conditions: whoever asks has bought them himself.</summary>
    public ImmutableArray<HeldToken> Held =>
        [.. _shares.Where(held => held.Value != Size.Zero).Select(held => new HeldToken(held.Key, default, held.Value))];

    /// <summary>What an earlier process left.</summary>
    public void Restore(Usd cash, IEnumerable<(TokenId Token, Size Shares)> positions)
    {
        Cash = cash;
        foreach (var (token, shares) in positions) _shares[token] = shares;
    }

    /// <summary>Null, or the venue's words for what is missing (protocol sheet 9.5, 10.6).</summary>
    /// <param name="fee">The highest it may be charged.</param>
    public string? Shortfall(PaperOrder order, Usd fee, IEnumerable<PaperOrder> resting)
    {
        var (has, needs) = order.Buys
            ? (Cash.Micros - resting.Sum(other => other.HeldCash.Micros), order.Leg.MakerAmount + fee.Micros)
            : ((Shares(order.Leg.Token) - _arriving.GetValueOrDefault(order.Leg.Token)).Micros
                - resting.Where(other => other.Leg.Token == order.Leg.Token).Sum(other => other.HeldShares.Micros), order.Leg.Shares.Micros);
        return has >= needs
            ? null
            : $"not enough balance / allowance: the balance is not enough -> balance: {has}, sum of matched orders: 0, order amount (inc. fees): {needs}";
    }

    public void Matched(LegOrder leg, Fill fill)
    {
        Move(leg, fill, undo: false);
        if (leg.Side is Side.Buy) _arriving[leg.Token] = _arriving.GetValueOrDefault(leg.Token) + fill.Shares;
    }

    public void Mined(LegOrder leg, Fill fill)
    {
        if (leg.Side is Side.Buy) _arriving[leg.Token] -= fill.Shares;
    }

    /// <summary>The trade is taken back.</summary>
    public void Failed(LegOrder leg, Fill fill)
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
