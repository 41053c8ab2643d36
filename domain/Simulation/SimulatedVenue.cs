using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>
/// A venue in virtual time: recorded or live books in, our orders in, what the venue would have answered out. It has no clock: every
/// call says when it is, and none may say less than the one before.
/// </summary>
public sealed class SimulatedVenue(VenueRules rules, ulong seed, Usd cash)
{
    private readonly Draws _out = new(seed, DrawOf.OutLatency);
    private readonly Draws _back = new(seed, DrawOf.BackLatency);
    private readonly List<OrderEvent> _told = [];

    /// <summary>Dollars of the account. They move at the match.</summary>
    public Usd Cash { get; private set; } = cash;

    /// <summary>What the user channel says, in order, until <see cref="ClearTold"/>.</summary>
    public IReadOnlyList<OrderEvent> Told => _told;

    /// <summary>When something happens by itself next; null when nothing will.</summary>
    public Instant? NextDue { get; private set; }

    /// <summary>The market's conditions are traded here, by these terms from now on.</summary>
    public void Follow(Market market) => throw new NotImplementedException();

    /// <summary>One update of market data, before any desk sees it.</summary>
    public void Watch(in BookUpdate update, Instant receivedAt) => throw new NotImplementedException();

    /// <summary>Something was missed: the market's books are unknown until their next snapshots, and refuse orders until then.</summary>
    public void Lose(MarketId market, string cause) => throw new NotImplementedException();

    /// <summary>The order reaches the venue now. Returns the direct answer; its fills are told as well.</summary>
    public OrderEvent Arrive(OrderId id, OrderIntent intent, Instant now) => throw new NotImplementedException();

    /// <summary>The cancel reaches the venue now. False when nothing of the order was open. Nothing is told: the answer says it.</summary>
    public bool Cancel(OrderId order, Instant now) => throw new NotImplementedException();

    /// <summary>What was due until now happens: settlements, expiries.</summary>
    public void Advance(Instant now) => throw new NotImplementedException();

    public void ClearTold() => _told.Clear();

    /// <summary>How long the next request travels to the venue.</summary>
    public TimeSpan OutLatency() => rules.Out.Draw(_out);

    /// <summary>How long the next answer or event travels back.</summary>
    public TimeSpan BackLatency() => rules.Back.Draw(_back);
}
