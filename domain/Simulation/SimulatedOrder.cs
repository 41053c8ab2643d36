using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Simulation;

/// <summary>One of our orders at the simulated venue, since it was taken.</summary>
public sealed class SimulatedOrder
{
    internal SimulatedOrder(OrderId id, OrderIntent intent, Outcome outcome, Instant at) => (Id, Intent, Outcome, At) = (id, intent, outcome, at);

    public OrderId Id { get; }

    public OrderIntent Intent { get; }

    public LegOrder Leg => Intent.Order;

    public Outcome Outcome { get; }

    /// <summary>When it arrived.</summary>
    public Instant At { get; }

    public bool Buys => Leg.Side is Side.Buy;

    /// <summary>The one book is in YES terms: a BUY of NO is an ask there.</summary>
    public bool IsBid => Buys == (Outcome is Outcome.Yes);

    /// <summary>The limit in YES terms.</summary>
    public Price Price => Outcome is Outcome.Yes ? Leg.Limit : Leg.Limit.Complement;

    /// <summary>FAK and FOK: nothing of it rests, and a BUY spends dollars rather than wanting shares (protocol sheet 10.3).</summary>
    public bool IsImmediate => Leg.Type is OrderType.Fak or OrderType.Fok;

    public Size Matched { get; internal set; }

    /// <summary>Nothing more of it can match.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>Shares of others at its price that come first.</summary>
    public Size Ahead { get; internal set; }

    /// <summary>Venue time of the book it joined, in milliseconds. What was traded until then has left that book already, however late its print comes.</summary>
    internal long JoinedMs { get; set; }

    /// <summary>Shares that can still match.</summary>
    public Size Left => IsClosed ? Size.Zero : Leg.Shares - Matched;

    /// <summary>Dollars its rest holds back.</summary>
    internal Usd HeldCash => Buys ? Usd.Cost(Leg.Limit, Left) : Usd.Zero;

    internal Size HeldShares => Buys ? Size.Zero : Left;

    internal BookPlace Place => new(IsBid, Price);

    /// <summary>As the venue reports it when asked.</summary>
    public VenueOrder Described
    {
        get
        {
            var isWhole = Matched >= Leg.Shares || IsImmediate;
            var status = !IsClosed ? VenueOrderStatus.Live : isWhole ? VenueOrderStatus.Matched : VenueOrderStatus.Canceled;
            return new VenueOrder(Id, Leg.Condition, Leg.Token, Leg.Side, Leg.Type, Leg.Limit, Leg.Shares, Matched, status, At);
        }
    }
}
