using System.Collections.Immutable;
using PolyArb.Domain.Books;
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
    public sealed record Opened(Market Market, EdgePolicy Policy) : DeskInput;

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

    /// <summary>Where the open basket of this market stands, by the gateway's blotter; null when it has none.</summary>
    public sealed record News(long Version, OpenBasket? Basket) : DeskInput;

    /// <summary>Time passed with something waiting for it.</summary>
    public sealed record Tick : DeskInput;
}

/// <summary>An open basket with its orders.</summary>
public sealed record OpenBasket(Basket Basket, Instant OpenedAt, ImmutableArray<LegNews> Orders);

/// <summary>What a desk decided in a turn.</summary>
public abstract record DeskDecision
{
    private DeskDecision()
    {
    }

    public sealed record Propose(Proposal Proposal) : DeskDecision;

    public sealed record Close(BasketId Basket, BasketResult Result) : DeskDecision;
}
