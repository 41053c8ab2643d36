using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// An order whose signature and owner are known good. Amounts are signed base units: a BUY gives collateral for shares,
/// a SELL the reverse. Expiration is in Unix seconds, 0 for none.
/// </summary>
internal sealed record OrderRequest(
    string Id,
    string Owner,
    string Maker,
    Condition Condition,
    int Token,
    Side Side,
    OrderType Type,
    long MakerAmount,
    long TakerAmount,
    long Expiration,
    bool PostOnly)
{
    /// <summary>Accept now, execute asynchronously (protocol 7.5).</summary>
    public bool DeferExec { get; init; }

    /// <summary>The builder's code that was signed with it, 0x in lower case; null for none (protocol 7.1).</summary>
    public string? Builder { get; init; }

    /// <summary>The ledger's name of the wallet: lower case.</summary>
    public string Account { get; } = Maker.ToLowerInvariant();

    /// <summary>When the engine takes it off the book, Unix milliseconds: a minute before a GTD order's expiration (protocol 10.4).</summary>
    public long Leaves => Type is OrderType.Gtd ? (Math.Min(Expiration, 10_000_000_000_000) - 60) * 1000 : long.MaxValue;

    public bool Immediate => Type is OrderType.Fok or OrderType.Fak;

    public long Shares => Side is Side.Buy ? TakerAmount : MakerAmount;

    public long Collateral => Side is Side.Buy ? MakerAmount : TakerAmount;

    /// <summary>FOK and FAK BUYs spend collateral; everything else counts shares (protocol 10.3).</summary>
    public bool TargetsCollateral => Immediate && Side is Side.Buy;

    /// <summary>
    /// The last price in 1/10,000 that the signed amounts allow: rounded down for a BUY, up for a SELL.
    /// A BUY whose takerAmount was rounded up therefore misses its own tick (protocol 7.2).
    /// </summary>
    public int WorstPrice => Side is Side.Buy
        ? (int)Int128.Min((Int128)Collateral * Units.PriceOne / Shares, Units.PriceOne)
        : (int)Int128.Min(((Int128)Collateral * Units.PriceOne + Shares - 1) / Shares, Units.PriceOne);

    /// <summary>The price of a grid nearest to the signed ratio.</summary>
    public int PriceOn(int tick)
    {
        var ticks = ((Int128)Collateral * Units.PriceOne * 2 + (Int128)Shares * tick) / ((Int128)Shares * tick * 2);
        return (int)Int128.Min(ticks * tick, Units.PriceOne);
    }

    /// <summary>True when the order stands on the bid side of the YES book: BUY YES or SELL NO.</summary>
    public bool IsBid => Token == 0 == (Side is Side.Buy);
}
