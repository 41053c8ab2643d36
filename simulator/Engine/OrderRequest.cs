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
    /// <summary>The ledger's name of the wallet: lower case.</summary>
    public string Account { get; } = Maker.ToLowerInvariant();

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

    /// <summary>The tick price nearest to the signed ratio.</summary>
    public int Price
    {
        get
        {
            var ticks = ((Int128)Collateral * Units.PriceOne * 2 + (Int128)Shares * Condition.Tick) / ((Int128)Shares * Condition.Tick * 2);
            return (int)Int128.Min(ticks * Condition.Tick, Units.PriceOne);
        }
    }

    /// <summary>True when the order stands on the bid side of the YES book: BUY YES or SELL NO.</summary>
    public bool IsBid => Token == 0 == (Side is Side.Buy);
}
