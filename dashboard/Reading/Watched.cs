using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>What a page shows, and so what is asked for while it is open.</summary>
[Flags]
public enum Topics
{
    None = 0,
    Status = 1,

    /// <summary>The list of markets and a view of every one that is traded.</summary>
    Markets = 2,
    Baskets = 4,
    Orders = 8,
    Fills = 16,
    Positions = 32,
    Equity = 64,
    Errors = 128,
    Latencies = 256,

    /// <summary>The nearest edge of every market that is traded.</summary>
    Edges = 512,

    /// <summary>Of the market named.</summary>
    Books = 1024,

    /// <summary>Of the basket named, of the market named.</summary>
    Story = 2048,
}

public readonly record struct Watched(Topics Topics, MarketId? Market = null, BasketId? Basket = null);
