namespace PolyArb.Simulator.World;

/// <summary>What a market is about, which decides its fee (protocol 8). Ids are this exchange's own.</summary>
/// <param name="RebatePercent">The makers' share of the taker fees.</param>
internal sealed record MarketCategory(string Id, string Label, string Slug, string FeeType, int RebatePercent)
{
    private static readonly MarketCategory Sports = new("1", "Sports", "sports", "sports_fees_v2", 15);
    private static readonly MarketCategory Politics = new("2", "Politics", "politics", "politics_fees", 25);
    private static readonly MarketCategory Crypto = new("21", "Crypto", "crypto", "crypto_fees", 20);
    private static readonly MarketCategory Geopolitics = new("100", "Geopolitics", "geopolitics", "", 0);
    private static readonly MarketCategory Culture = new("596", "Culture", "culture", "culture_fees", 25);

    /// <summary>Read from the rate that the category would have decided; games are sports whatever they charge.</summary>
    public static MarketCategory Of(Condition condition) => condition switch
    {
        { GameStart: not null } or { SecondsDelay: > 0 } => Sports,
        { Fee: null } => Geopolitics,
        { Fee.Rate: 400 } => Politics,
        { Fee.Rate: 700 } => Crypto,
        _ => Culture,
    };
}
