using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>An accepted order and how far it is filled, in micro-shares. Price is of its own token, in 1/10,000.</summary>
internal sealed class BookOrder(OrderRequest request, int tick, long createdAt)
{
    public OrderRequest Request { get; } = request;
    public string Id => Request.Id;
    public string Owner => Request.Owner;
    public Condition Condition => Request.Condition;
    public int Token => Request.Token;
    public Side Side => Request.Side;
    public int Price { get; } = request.PriceOn(tick);
    public long Original => Request.Shares;

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; } = createdAt;

    public long Matched { get; set; }
    public OrderStatus Status { get; set; } = OrderStatus.Live;

    /// <summary>Its place among all orders that were taken on, from 1.</summary>
    public long Number { get; set; }

    /// <summary>Its PLACEMENT was sent before it met the book.</summary>
    public bool Announced { get; set; }

    public List<string> Trades { get; } = [];

    /// <summary>What the account has set aside for it: micros of pUSD for a BUY, micro-shares for a SELL.</summary>
    public long Reserved { get; set; }

    /// <summary>Where it queues; null when it does not rest.</summary>
    public LinkedListNode<BookOrder>? Place { get; set; }

    public long Remaining => Math.Max(0, Original - Matched);

    /// <summary>Its price in YES terms: a NO order stands at the complement (protocol 10.1).</summary>
    public int YesPrice => Token == 0 ? Price : Units.PriceOne - Price;

    public string TokenId => Condition.Tokens[Token];

    /// <summary>What it gives: pUSD ("") or its token.</summary>
    public string Asset => Side is Side.Buy ? Movement.Cash : TokenId;
}
