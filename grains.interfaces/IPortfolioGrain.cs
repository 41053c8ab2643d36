using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains.Interfaces;

/// <summary>Guards the money. One activation, key 0, in memory only. Calls nobody.</summary>
[Alias("PolyArb.IPortfolioGrain")]
public interface IPortfolioGrain : IGrainWithIntegerKey
{
    /// <summary>Sets money and shares aside, or names the first limit broken.</summary>
    [Alias("Reserve")]
    Task<RiskDecision> Reserve(Proposal proposal);

    /// <summary>The gateway is about to send: null, or why it must not.</summary>
    [Alias("Consume")]
    Task<Refusal?> Consume(long gateway, ReservationId reservation);

    /// <summary>Keeps shares for a merge or conversion: false when they are not all free. An announcement without them frees them.</summary>
    [Alias("SetAside")]
    Task<bool> SetAside(long gateway, HeldReservation shares);

    [Alias("Settle")]
    Task Settle(long gateway, ImmutableArray<Settlement> settlements);

    /// <summary>Nothing of these reservations can be spent any more.</summary>
    [Alias("Release")]
    Task Release(long gateway, ImmutableArray<ReservationId> reservations);

    /// <summary>A basket has closed or locked: another one may take its slot.</summary>
    [Alias("FreeSlot")]
    Task FreeSlot(long gateway, BasketId basket);

    /// <summary>Locked baskets that are open again.</summary>
    [Alias("TakeSlots")]
    Task TakeSlots(long gateway, ImmutableArray<OpenSlot> open);

    [Alias("Move")]
    Task Move(long gateway, TradingState state, long epoch);

    /// <summary>The gateway's whole story; replaces what was believed. False when a newer gateway has spoken.</summary>
    [Alias("Announce")]
    Task<bool> Announce(Announcement announcement);

    /// <summary>The gateway's safety tick: what it sees, and what the breakers say to that.</summary>
    [Alias("Check")]
    Task<PortfolioCheck> Check(long gateway, GatewaySigns signs);

    /// <summary>Stops trading for a reason found elsewhere: nothing is opened from here on, and the next check says why.</summary>
    [Alias("Trip")]
    Task Trip(long gateway, string why);

    /// <summary>What shares of a market can be sold for, and what its guards saw.</summary>
    [Alias("Mark")]
    Task Mark(MarketMark mark);

    /// <summary>Records nothing from here on, for who compares what was recorded.</summary>
    [Alias("Freeze")]
    Task Freeze();

    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("View")]
    Task<PortfolioView> View();
}

public sealed record PortfolioView(
    TradingState State, long Epoch, bool IsRecovering, Usd Cash, Usd Reserved, Usd Exposure, Usd Realized, ImmutableArray<Position> Positions)
{
    public required Performance Performance { get; init; }
}
