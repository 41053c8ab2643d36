using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api.Gamma;

/// <summary>
/// A market as Gamma lists it, and whether all of its event is closed. The volume is in micros of a pUSD, and so is the liquidity: what all
/// resting orders offer.
/// </summary>
internal sealed record GammaMarket(string Id, Market Market, long Volume, bool EventClosed)
{
    private static readonly long Opened = Milliseconds(MarketJson.Opened);
    private static readonly long Ends = Milliseconds(MarketJson.Ends);

    public Condition Condition => Market.Condition;

    public long Liquidity { get; } =
        Market.Book.WireLevels(bids: true).Concat(Market.Book.WireLevels(bids: false)).Sum(l => Units.Notional(l.Total, l.Price));

    /// <summary>How far the oracle is; a closed market without a verdict has a proposed one.</summary>
    public string Resolution => Market.Payouts is not null ? "resolved" : Market.IsClosed ? "proposed" : "";

    public bool Matches(GammaQuery query) =>
        Among(query.Ids, Id) && Among(query.Slugs, Condition.Slug) && Among(query.ConditionIds, Condition.Id)
        && Among(query.TagIds, MarketCategory.Of(Condition).Id)
        && (query.TokenIds.Count == 0 || Condition.Tokens.Any(query.TokenIds.Contains))
        && Among(query.Resolutions, Resolution) && InRange(query, Volume, Liquidity)
        && query.Active is not false && query.Archived is not true && Market.IsClosed == (query.Closed ?? false);

    /// <summary>All markets and events here start and end together.</summary>
    public static bool InRange(GammaQuery query, long volume, long liquidity) =>
        query.Volume.Has(volume) && query.Liquidity.Has(liquidity) && query.Starts.Has(Opened) && query.Ends.Has(Ends);

    private static long Milliseconds(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static bool Among(IReadOnlyList<string> asked, string value) => asked.Count == 0 || asked.Contains(value);
}

/// <summary>An event and its markets.</summary>
internal sealed record GammaEvent(ListedEvent Listed, IReadOnlyList<GammaMarket> Markets)
{
    public Condition First => Markets[0].Condition;
    public bool IsClosed => Markets[0].EventClosed;
    public long Volume => Markets.Sum(m => m.Volume);
    public long Liquidity => Markets.Sum(m => m.Liquidity);

    public bool Matches(GammaQuery query) =>
        GammaMarket.Among(query.Ids, Listed.Id) && GammaMarket.Among(query.Slugs, Listed.Slug)
        && GammaMarket.Among(query.TagIds, MarketCategory.Of(First).Id)
        && GammaMarket.InRange(query, Volume, Liquidity)
        && query.Active is not false && query.Archived is not true && IsClosed == (query.Closed ?? false);
}
