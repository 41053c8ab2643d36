using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Edges;

/// <summary>Everything besides market data that a desk's decisions depend on. Recorded as JSON, so a replay reads the same.</summary>
public abstract record DeskInput
{
    private DeskInput()
    {
    }

    /// <summary>The start of a desk's life: what it trades and by which rules.</summary>
    /// <param name="Memory">What the desk before it had learned; null for the first one.</param>
    public sealed record Opened(Market Market, EdgePolicy Policy, DeskMemory? Memory = null) : DeskInput;

    /// <summary>No new basket from here on, or baskets again.</summary>
    public sealed record Drain(bool On) : DeskInput;

    /// <summary>The end of a desk's life: its market is switched off.</summary>
    public sealed record Shut : DeskInput;

    /// <summary>Portfolio or gateway said no: nothing was sent.</summary>
    public sealed record Refused(BasketId Basket, Refusal Reason) : DeskInput;

    /// <summary>The gateway started the send.</summary>
    public sealed record Sent(BasketId Basket) : DeskInput;

    /// <summary>Nobody knows whether the gateway sent: its news will tell.</summary>
    public sealed record Unknown(BasketId Basket) : DeskInput;

    /// <summary>What the gateway did with orders that the desk wanted gone; those it kept come up again later.</summary>
    public sealed record Pulled(ImmutableArray<OrderId> Canceling, ImmutableArray<OrderId> Kept) : DeskInput;

    /// <summary>Where the open baskets of this market stand, by the gateway's blotter, oldest first, and what is free in stock.</summary>
    public sealed record News(long Version, ImmutableArray<OpenBasket> Baskets, ImmutableArray<Stock> Stocks) : DeskInput
    {
        /// <summary>Set while trading stops: then a desk decides nothing but what this asks for.</summary>
        public Flattening? Flattening { get; init; }
    }

    /// <summary>Time passed with something waiting for it.</summary>
    public sealed record Tick : DeskInput;
}

/// <summary>What is to become of a market while trading stops.</summary>
/// <param name="Excess">Shares to sell, because they complete no basket; none where only orders are cancelled.</param>
public sealed record Flattening(ImmutableArray<Stock> Excess)
{
    public bool Equals(Flattening? other) => other is not null && Excess.SequenceEqual(other.Excess);

    public override int GetHashCode() => Excess.Length;
}

/// <summary>What a desk decided in a turn.</summary>
public abstract record DeskDecision
{
    private DeskDecision()
    {
    }

    public sealed record Propose(Proposal Proposal) : DeskDecision;

    /// <summary>Every leg has matched: the slot is free, the settlement is waited for.</summary>
    public sealed record Lock(BasketId Basket, Size Quantity, Usd Payout) : DeskDecision;

    /// <summary>Resting orders that should go.</summary>
    /// <param name="IsUrgent">Risk asks for it: neither a minimum lifetime nor the cap on cancels holds them back.</param>
    public sealed record Pull(ImmutableArray<OrderId> Orders, string Why, bool IsUrgent = false) : DeskDecision;

    /// <summary>The market is not worth trading any more, and says why; a person may switch it on again.</summary>
    public sealed record SwitchOff(string Why) : DeskDecision;

    public sealed record Close(BasketId Basket, BasketResult Result) : DeskDecision;
}
