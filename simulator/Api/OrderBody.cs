using System.Numerics;
using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Api;

/// <summary>A POST /order body as read (protocol 7.5), signature still unchecked.</summary>
internal sealed record OrderBody(
    SignedOrder Order, string TokenId, long MakerAmount, long TakerAmount, Side Side, long Expiration, byte[] Signature, string Owner,
    OrderType Type, bool PostOnly, bool DeferExec)
{
    private const long SaltMax = (1L << 53) - 1; // What a JSON number carries everywhere (protocol 7.1).

    /// <summary>
    /// Null with a refusal text when it is no order. A body of the V1 shape, without timestamp, metadata and builder, answers
    /// order_version_mismatch (protocol 0).
    /// </summary>
    public static OrderBody? Read(JsonElement body, out string refusal)
    {
        refusal = "Invalid order payload";
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("order", out var order)) return null;
        if (order.ValueKind is not JsonValueKind.Object) return null;
        if (order.TryGetProperty("nonce", out _) && !order.TryGetProperty("timestamp", out _))
        {
            refusal = "order_version_mismatch";
            return null;
        }

        try
        {
            return Parse(body, order);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            return null;
        }
    }

    private static OrderBody? Parse(JsonElement body, JsonElement order)
    {
        var side = Text(order, "side") switch { "BUY" => Side.Buy, "SELL" => Side.Sell, _ => throw new FormatException() };
        var type = Optional(body, "orderType") switch
        {
            null or "GTC" => OrderType.Gtc,
            "GTD" => OrderType.Gtd,
            "FOK" => OrderType.Fok,
            "FAK" => OrderType.Fak,
            _ => throw new FormatException(),
        };
        if (!Units.TryAmount(Text(order, "makerAmount"), out var making) || !Units.TryAmount(Text(order, "takerAmount"), out var taking)) return null;
        if (making == 0 || taking == 0 || !Hex.IsAddress(Text(order, "maker")) || !Hex.IsAddress(Text(order, "signer"))) return null;
        if (!Units.TryAmount(Optional(order, "expiration") ?? "0", out var expiration)) return null;

        var signed = new SignedOrder(
            order.GetProperty("salt").GetInt64(), Text(order, "maker"), Text(order, "signer"), Number(order, "tokenId"), making, taking,
            (int)side, order.GetProperty("signatureType").GetInt32(), Number(order, "timestamp"), Word(order, "metadata"), Word(order, "builder"));
        if (signed.Salt < 0 || signed.Salt > SaltMax || signed.SignatureType is < 0 or > 3) return null;

        var signature = Text(order, "signature");
        if (!Hex.TryBytes(signature, (signature.Length - 2) / 2, out var bytes)) return null;

        return new OrderBody(
            signed, Text(order, "tokenId"), making, taking, side, expiration, bytes, Text(body, "owner"), type, Flag(body, "postOnly"),
            Flag(body, "deferExec"));
    }

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var flag) && flag.ValueKind is not JsonValueKind.Null && flag.GetBoolean();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException();

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static BigInteger Number(JsonElement json, string name) =>
        Uint256.TryParse(Text(json, name), out var number) ? number : throw new FormatException();

    private static byte[] Word(JsonElement json, string name)
    {
        var text = Text(json, name);
        if (text.Length == 0) return new byte[32]; // Some examples send "" for zero (protocol C-31).
        return Hex.TryBytes(text, 32, out var bytes) ? bytes : throw new FormatException();
    }
}
