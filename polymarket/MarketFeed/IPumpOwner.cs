namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The socket's side of a pump. Called from the pump's own thread.</summary>
internal interface IPumpOwner
{
    /// <summary>The grain is not this session's any more.</summary>
    void Gone(MarketPump pump);

    /// <summary>A book stayed wrong: new snapshots, please.</summary>
    void Resync(MarketPump pump);

    /// <summary>Inputs may be missing: say so in their place, and fetch new snapshots.</summary>
    void Lost(MarketPump pump, string cause);
}
