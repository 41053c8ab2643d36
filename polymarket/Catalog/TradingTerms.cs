using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>What `GET /clob-markets/{cid}` says of one condition (protocol sheet 2.3). Absent booleans are false.</summary>
/// <param name="Fee">Null when it charges in a way we do not know.</param>
/// <param name="IsV2">Protocol V2: other ids, another exchange contract.</param>
public sealed record TradingTerms(
    ImmutableArray<TokenId> Tokens, FeeCurve? Fee, Price? Tick, Size? MinOrderSize, bool NegRisk, bool DelaysTakers, bool IsV2)
{
    /// <summary>Past 2 the exact sum no longer fits; the venue uses 1 (section 8).</summary>
    private const long ExponentMax = 2;

    public static TradingTerms Read(JsonElement market) => new(
        [.. market.Items("t").Select(token => new TokenId(token.Text("t")))],
        FeeOf(market),
        market.Text("mts") is { Length: > 0 } ? JsonText.Price(market.Utf8("mts")) : null,
        market.Text("mos") is { Length: > 0 } ? JsonText.Size(market.Utf8("mos")) : null,
        market.Flag("nr"),
        market.Flag("itode") || market.Text("sd") is not ("" or "0"),
        market.Text("v").Equals("v2", StringComparison.OrdinalIgnoreCase));

    /// <summary>No `fd`: free. A fee that makers pay too is not the curve we know.</summary>
    private static FeeCurve? FeeOf(JsonElement market)
    {
        if (!market.TryGetProperty("fd", out var fee) || fee.ValueKind is JsonValueKind.Null) return FeeCurve.Free;

        var known = FixedPoint.TryParse(Encoding.UTF8.GetBytes(fee.Text("r")), 6, out var rate)
            & FixedPoint.TryParse(Encoding.UTF8.GetBytes(fee.Text("e")), 0, out var exponent);
        if (!known || rate > 1_000_000 || exponent > ExponentMax) return null;

        return rate == 0 || fee.Flag("to") ? new FeeCurve((int)rate, (int)exponent) : null;
    }
}
