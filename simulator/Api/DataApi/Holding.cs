using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api.DataApi;

/// <summary>
/// What a wallet holds of a token and what it paid for it. Sizes are micro-shares, the rest micros of a pUSD. The average is over all that
/// it bought; tokens from a split have no price.
/// </summary>
internal sealed record Holding(Condition Condition, int Token, long Size, long Bought, long Paid, long Sold, long Received)
{
    /// <summary>A share's average price in millionths, to the nearest.</summary>
    public long Average => Bought == 0 ? 0 : (long)((2 * (Int128)Paid * Units.MicrosOne + Bought) / (2 * (Int128)Bought));

    public long InitialValue => Worth(Size, Average);

    public long RealizedGain => Received - Worth(Sold, Average);

    public static IEnumerable<Holding> Of(Account account, ExchangeWorld world)
    {
        foreach (var (token, size) in account.Tokens.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (size == 0 || !world.TryToken(token, out var condition, out var index)) continue;

            var fills = account.Trades.SelectMany(t => FillsOf(t, account, token)).ToArray();
            var (bought, sold) = (fills.Where(f => f.Buys), fills.Where(f => !f.Buys));
            yield return new Holding(
                condition, index, size, bought.Sum(f => f.Shares), bought.Sum(f => f.Cash), sold.Sum(f => f.Shares), sold.Sum(f => f.Cash));
        }
    }

    public static long Worth(long shares, long price) => (long)((Int128)shares * price / Units.MicrosOne);

    private static IEnumerable<(bool Buys, long Shares, long Cash)> FillsOf(TradeRecord trade, Account account, string token)
    {
        var taker = trade.Taker;
        if (taker.Request.Account == account.Address && taker.TokenId == token) yield return (taker.Side is Side.Buy, trade.Shares, trade.Cash);

        foreach (var leg in trade.Legs)
        {
            if (leg.Maker.Request.Account != account.Address || leg.Maker.TokenId != token) continue;
            yield return (leg.Maker.Side is Side.Buy, leg.Shares, Units.Notional(leg.Shares, leg.Price));
        }
    }
}
