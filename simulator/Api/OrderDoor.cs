using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Api;

/// <summary>From a JSON order to the engine's answer, every check of protocol 10.3 in its order. Signatures are checked outside the lock.</summary>
internal sealed class OrderDoor(Exchange exchange)
{
    public PlaceResult Place(ApiKey key, JsonElement json)
    {
        if (OrderBody.Read(json, out var refusal) is not { } body) return Refuse(refusal);
        if (body.Owner != key.Key) return Refuse("the order owner has to be the owner of the API KEY");
        if (!body.Order.Signer.Equals(key.Address, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse("the order signer address has to be the address of the API KEY");
        }

        if (!exchange.World.TryToken(body.TokenId, out var condition, out var token)) return Refuse("Invalid token id");

        var digest = TypedData.OrderDigest(TypedData.ExchangeDomain(condition.NegRisk), body.Order);
        if (!Authentic(body, key, digest)) return Refuse("invalid signature");

        var request = new OrderRequest(
            Hex.Text(digest), key.Key, body.Order.Maker, condition, token, body.Side, body.Type, body.MakerAmount, body.TakerAmount,
            body.Expiration, body.PostOnly);
        return OrderRules.Refusal(request, exchange.Agenda.Now) is { } broken ? Refuse(broken) : exchange.Place(request);
    }

    /// <summary>Types 0 to 2 are signed by the EOA itself; type 0 holds its own funds (protocol 7.1). Contract wallets, type 3, are not served.</summary>
    private static bool Authentic(OrderBody body, ApiKey key, byte[] digest)
    {
        var order = body.Order;
        if (order.SignatureType == 3) return false;
        if (order.SignatureType == 0 && !order.Maker.Equals(order.Signer, StringComparison.OrdinalIgnoreCase)) return false;
        return SignatureRecovery.Signer(digest, body.Signature) == key.Address;
    }

    private static PlaceResult.Refused Refuse(string text) => new(400, text);
}
