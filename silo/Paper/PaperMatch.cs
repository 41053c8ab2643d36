using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>What an order finds in the book when it arrives: makers' levels of its own token, best first.</summary>
/// <param name="Left">What it still wants: dollars in micros of a FAK or FOK BUY, else shares in micros.</param>
internal sealed record PaperMatch(ImmutableArray<Level> Fills, Usd Amount, long Left)
{
    public Size Shares => new(Fills.Sum(fill => fill.Size.Micros));

    /// <summary>The worst price paid.</summary>
    public Price Last => Fills[^1].Price;

    public Usd Fee(FeeCurve? fee) => fee?.Charge(ImmutableCollectionsMarshal.AsArray(Fills)) ?? Usd.Zero;
}

/// <summary>One of our orders at the paper venue.</summary>
internal sealed class PaperOrder(SignedOrder signed, Outcome outcome, Instant at)
{
    public OrderId Id => signed.Id;

    public OrderIntent Intent => signed.Intent;

    public LegOrder Leg => signed.Intent.Order;

    public Outcome Outcome => outcome;

    public Instant At => at;

    public bool Buys => Leg.Side is Side.Buy;

    /// <summary>The one book is in YES terms: a BUY of NO is an ask there.</summary>
    public bool IsBid => Buys == (outcome is Outcome.Yes);

    /// <summary>The limit in YES terms.</summary>
    public Price Price => outcome is Outcome.Yes ? Leg.Limit : Leg.Limit.Complement;

    /// <summary>FAK and FOK: nothing of it rests, and a BUY spends dollars rather than wanting shares (protocol sheet 10.3).</summary>
    public bool IsImmediate => Leg.Type is OrderType.Fak or OrderType.Fok;

    public Size Matched { get; set; }

    /// <summary>Nothing more of it can match.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Shares displayed at its price when it joined that have not traded since: they come first.</summary>
    public Size Ahead { get; set; }

    public Size Left => IsClosed ? Size.Zero : Leg.Shares - Matched;

    /// <summary>Dollars its rest holds back.</summary>
    public Usd HeldCash => Buys ? Usd.Cost(Leg.Limit, Left) : Usd.Zero;

    public Size HeldShares => Buys ? Size.Zero : Left;
}
