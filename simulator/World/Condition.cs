namespace PolyArb.Simulator.World;

/// <summary>
/// One yes/no market. Tick in 1/10,000; minimum size in micro-shares; no fee schedule means free.
/// A neg-risk condition's question id is its market id with the index in the last byte (protocol 1.1).
/// </summary>
internal sealed record Condition(
    string Id,
    string QuestionId,
    string Question,
    string Slug,
    string NegRiskMarketId,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<string> Outcomes,
    int Tick,
    long MinSize,
    FeeSchedule? Fee,
    int OpeningPrice)
{
    public bool NegRisk => NegRiskMarketId.Length > 0;

    /// <summary>Decimals of a legal price (protocol 1.3); amounts may have two more.</summary>
    public int PriceDecimals => Tick switch
    {
        1000 => 1,
        100 => 2,
        50 or 10 => 3,
        _ => 4,
    };
}
