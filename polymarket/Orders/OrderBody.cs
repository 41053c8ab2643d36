using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Orders;

/// <summary>The JSON of one order, byte for byte as the official client writes it (protocol sheet 7.5, 12.4).</summary>
public static class OrderBody
{
    public static string Write(
        OrderFields order, string signature, string owner, OrderType type, long expirationSeconds, bool postOnly = false, bool deferExec = false) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""
        {"deferExec":{{{Bool(deferExec)}}},"postOnly":{{{Bool(postOnly)}}},"order":{"salt":{{{order.Salt}}},"maker":"{{{order.Maker}}}","signer":"{{{order.Signer}}}","tokenId":"{{{order.TokenId}}}","makerAmount":"{{{order.MakerAmount}}}","takerAmount":"{{{order.TakerAmount}}}","side":"{{{Text(order.Side)}}}","signatureType":{{{order.SignatureType}}},"timestamp":"{{{order.TimestampMs}}}","expiration":"{{{expirationSeconds}}}","metadata":"{{{order.Metadata}}}","builder":"{{{order.Builder}}}","signature":"{{{signature}}}"},"owner":"{{{JsonEncodedText.Encode(owner)}}}","orderType":"{{{Text(type)}}}"}
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
