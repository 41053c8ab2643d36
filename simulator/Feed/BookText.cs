using System.Security.Cryptography;
using System.Text;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>A token's book as JSON text, keys in the venue's order, levels with the best one last, and its hash (protocol 3).</summary>
internal static class BookText
{
    /// <summary>SHA-1 of the compact summary with an empty hash.</summary>
    public static string Hash(Market market, int token) => Hash(Summary(Utf8Buffer.Empty(), market, token, hash: "").Written);

    public static string Hash(string summaryWithoutHash) => Hash(Encoding.UTF8.GetBytes(summaryWithoutHash));

    /// <summary>The answer of REST /book.</summary>
    public static string Summary(Market market, int token)
    {
        var hash = market.Hash(token);
        return Summary(Utf8Buffer.Empty(), market, token, hash).ToString();
    }

    /// <summary>The book message of the dump on the market channel; the minimum size and neg_risk are not in it.</summary>
    public static string Frame(Market market, int token)
    {
        var hash = market.Hash(token);
        var text = Head(Utf8Buffer.Empty(), market, token, hash);
        text.Add(",\"tick_size\":\""u8).Price(market.Tick).Add("\",\"event_type\":\"book\",\"last_trade_price\":\""u8);
        return End(LastTrade(text, market.LastTrade), market).ToString();
    }

    /// <summary>
    /// The book sent again after a match: neither the tick nor the last trade is in it, though its hash covers both (protocol 4.2; seen in a
    /// capture of May 2026). Nothing shows a Protocol V2 market's; its version is taken to be absent as well.
    /// </summary>
    public static byte[] Again(Market market, int token)
    {
        var hash = market.Hash(token);
        var text = Utf8Buffer.Empty().Add("{\"market\":\""u8).Add(market.Condition.Id)
            .Add("\",\"asset_id\":\""u8).Add(market.Condition.Tokens[token]).Add("\""u8);
        return Sides(text, market, token).Add(",\"hash\":\""u8).Add(hash)
            .Add("\",\"timestamp\":\""u8).Number(market.Timestamp).Add("\",\"event_type\":\"book\"}"u8).Spaced();
    }

    private static Utf8Buffer Summary(Utf8Buffer text, Market market, int token, string hash)
    {
        Head(text, market, token, hash).Add(",\"min_order_size\":\""u8).Micros(market.Condition.MinSize)
            .Add("\",\"tick_size\":\""u8).Price(market.Tick)
            .Add("\",\"neg_risk\":"u8).Add(market.Condition.NegRisk ? "true"u8 : "false"u8)
            .Add(",\"last_trade_price\":\""u8);
        return End(LastTrade(text, market.LastTrade), market);
    }

    /// <summary>
    /// Protocol V2 markets say so (protocol 0); where is not documented, so it stands last. The hash covers it: the official client
    /// hashes whatever keys it received, in their order.
    /// </summary>
    private static Utf8Buffer End(Utf8Buffer text, Market market) =>
        text.Add(market.Condition.ProtocolV2 ? "\",\"version\":\"v2\"}"u8 : "\"}"u8);

    private static Utf8Buffer Head(Utf8Buffer text, Market market, int token, string hash) => Sides(
        text.Add("{\"market\":\""u8).Add(market.Condition.Id)
            .Add("\",\"asset_id\":\""u8).Add(market.Condition.Tokens[token])
            .Add("\",\"timestamp\":\""u8).Number(market.Timestamp)
            .Add("\",\"hash\":\""u8).Add(hash).Add("\""u8),
        market,
        token);

    private static Utf8Buffer Sides(Utf8Buffer text, Market market, int token)
    {
        text.Add(",\"bids\":["u8);
        Levels(text, market.Book.WireLevels(bids: token == 0), token);
        text.Add("],\"asks\":["u8);
        Levels(text, market.Book.WireLevels(bids: token == 1), token);
        return text.Add("]"u8);
    }

    private static void Levels(Utf8Buffer text, IEnumerable<PriceLevel> levels, int token)
    {
        var first = true;
        foreach (var level in levels)
        {
            if (!first) text.Add(","u8);
            first = false;
            text.Add("{\"price\":\""u8).Price(token == 0 ? level.Price : Units.PriceOne - level.Price)
                .Add("\",\"size\":\""u8).Micros(level.Total).Add("\"}"u8);
        }
    }

    private static Utf8Buffer LastTrade(Utf8Buffer text, int? price) => text.Add(Units.LastTrade(price));

    private static string Hash(ReadOnlySpan<byte> summary)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(summary, hash);
        return Convert.ToHexStringLower(hash);
    }
}
