using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>A token's book as JSON text, keys in the venue's order, levels with the best one last, and its hash (protocol 3).</summary>
internal static class BookText
{
    /// <summary>SHA-1 of the compact summary with an empty hash.</summary>
    public static string Hash(Market market, int token) => Hash(Summary(market, token, hash: ""));

    public static string Hash(string summaryWithoutHash) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(summaryWithoutHash)));

    /// <summary>The answer of REST /book.</summary>
    public static string Summary(Market market, int token) => Summary(market, token, market.Hash(token));

    /// <summary>The book message of the market channel; the minimum size and neg_risk are not in it.</summary>
    public static string Frame(Market market, int token)
    {
        var text = Head(market, token, market.Hash(token));
        return text.Append(",\"tick_size\":\"").Append(Units.Price(market.Tick))
            .Append("\",\"event_type\":\"book\",\"last_trade_price\":\"").Append(Units.LastTrade(market.LastTrade))
            .Append('"').Append(Version(market)).Append('}').ToString();
    }

    private static string Summary(Market market, int token, string hash) => Head(market, token, hash)
        .Append(",\"min_order_size\":\"").Append(Units.Micros(market.Condition.MinSize))
        .Append("\",\"tick_size\":\"").Append(Units.Price(market.Tick))
        .Append("\",\"neg_risk\":").Append(market.Condition.NegRisk ? "true" : "false")
        .Append(",\"last_trade_price\":\"").Append(Units.LastTrade(market.LastTrade)).Append('"').Append(Version(market)).Append('}').ToString();

    /// <summary>
    /// Protocol V2 markets say so (protocol 0); where is not documented, so it stands last. The hash covers it: the official client
    /// hashes whatever keys it received, in their order.
    /// </summary>
    private static string Version(Market market) => market.Condition.ProtocolV2 ? ",\"version\":\"v2\"" : "";

    private static StringBuilder Head(Market market, int token, string hash)
    {
        var text = new StringBuilder(1024);
        text.Append("{\"market\":\"").Append(market.Condition.Id)
            .Append("\",\"asset_id\":\"").Append(market.Condition.Tokens[token])
            .Append("\",\"timestamp\":\"").Append(market.Timestamp.ToString(CultureInfo.InvariantCulture))
            .Append("\",\"hash\":\"").Append(hash).Append("\",\"bids\":");
        Levels(text, market.Book.WireLevels(bids: token == 0), token);
        text.Append(",\"asks\":");
        Levels(text, market.Book.WireLevels(bids: token == 1), token);
        return text;
    }

    private static void Levels(StringBuilder text, IEnumerable<PriceLevel> levels, int token)
    {
        text.Append('[');
        var first = true;
        foreach (var level in levels)
        {
            if (!first) text.Append(',');
            first = false;
            var price = token == 0 ? level.Price : Units.PriceOne - level.Price;
            text.Append("{\"price\":\"").Append(Units.Price(price)).Append("\",\"size\":\"").Append(Units.Micros(level.Total)).Append("\"}");
        }

        text.Append(']');
    }
}
