using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Orders;

/// <summary>The JSON of one order, byte for byte as the official clients write it (protocol sheet 7.5, 12.4).</summary>
public static class OrderBody
{
    /// <param name="owner">The API key.</param>
    /// <param name="expirationSeconds">Of Unix time; 0 unless GTD. Not signed.</param>
    public static string Write(
        OrderFields order, string signature, JsonEncodedText owner, OrderType type, long expirationSeconds, bool postOnly = false, bool deferExec = false) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""
        {"deferExec":{{{Bool(deferExec)}}},"postOnly":{{{Bool(postOnly)}}},"order":{"salt":{{{order.Salt}}},"maker":"{{{order.Maker.Text}}}","signer":"{{{order.Signer.Text}}}","tokenId":"{{{order.TokenId}}}","makerAmount":"{{{order.MakerAmount}}}","takerAmount":"{{{order.TakerAmount}}}","side":"{{{Text(order.Side)}}}","signatureType":{{{order.SignatureType}}},"timestamp":"{{{order.TimestampMs}}}","expiration":"{{{expirationSeconds}}}","metadata":"{{{order.Metadata}}}","builder":"{{{order.Builder}}}","signature":"{{{signature}}}"},"owner":"{{{owner.Value}}}","orderType":"{{{Text(type)}}}"}
        """);

    /// <summary>As the last client of the first generation wrote it: `postOnly` stands last. The venue takes none any more.</summary>
    public static string Write(
        OrderFieldsV1 order, string signature, JsonEncodedText owner, OrderType type, bool postOnly = false, bool deferExec = false) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""
        {"deferExec":{{{Bool(deferExec)}}},"order":{"salt":{{{order.Salt}}},"maker":"{{{order.Maker.Text}}}","signer":"{{{order.Signer.Text}}}","taker":"{{{order.Taker.Text}}}","tokenId":"{{{order.TokenId}}}","makerAmount":"{{{order.MakerAmount}}}","takerAmount":"{{{order.TakerAmount}}}","side":"{{{Text(order.Side)}}}","expiration":"{{{order.ExpirationSeconds}}}","nonce":"{{{order.Nonce}}}","feeRateBps":"{{{order.FeeRateBps}}}","signatureType":{{{order.SignatureType}}},"signature":"{{{signature}}}"},"owner":"{{{owner.Value}}}","orderType":"{{{Text(type)}}}","postOnly":{{{Bool(postOnly)}}}}
        """);

    public static string Text(Side side) => side is Side.Buy ? "BUY" : "SELL";

    public static string Text(OrderType type) => type switch
    {
        OrderType.Gtc => "GTC",
        OrderType.Gtd => "GTD",
        OrderType.Fok => "FOK",
        OrderType.Fak => "FAK",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Bool(bool value) => value ? "true" : "false";
}
