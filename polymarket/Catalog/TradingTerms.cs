using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>What `GET /clob-markets/{cid}` says of one condition (protocol sheet 2.3). Absent booleans are false.</summary>
/// <param name="Labels">Of the tokens, by index; empty where the venue gives none.</param>
public sealed record TradingTerms(
    ImmutableArray<TokenId> Tokens, ImmutableArray<string> Labels, FeeWord Says, Price? Tick, Size? MinOrderSize,
    bool NegRisk, bool DelaysTakers, bool AcceptsOrders, ProtocolVersion Protocol)
{
    /// <summary>Null when it charges in a way we do not know.</summary>
    public FeeCurve? Fee => Says is FeeWord.Known known ? known.Curve : null;

    /// <summary>False for minutes after a listing: the token ids are empty (2.1).</summary>
    public bool IsFilledIn => Tokens.Length == 2 && Tokens.All(token => token.Text.Length > 0);

    public static TradingTerms Read(JsonElement market) => new(
        [.. market.Items("t").Select(token => new TokenId(token.Text("t")))],
        [.. market.Items("t").Select(token => token.Text("o"))],
        FeeWord.OfOrderBook(market),
        market.Text("mts") is { Length: > 0 } ? JsonText.Price(market.Utf8("mts")) : null,
        market.Text("mos") is { Length: > 0 } ? JsonText.Size(market.Utf8("mos")) : null,
        market.Flag("nr"),
        market.Flag("itode") || market.Text("sd") is not ("" or "0"),
        market.Flag("ao"),
        market.Text("v").Equals("v2", StringComparison.OrdinalIgnoreCase) ? ProtocolVersion.V2 : ProtocolVersion.V1);
}
