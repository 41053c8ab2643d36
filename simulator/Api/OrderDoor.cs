using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>From a JSON order to the engine's answer, every check of protocol 10.3 in its order. Signatures are checked outside the lock.</summary>
internal sealed class OrderDoor(Exchange exchange)
{
    private const int DepositWallet = 3;

    public Task<PlaceResult> PlaceAsync(ApiKey key, JsonElement json)
    {
        if (OrderBody.Read(json, out var refusal) is not { } body) return Refuse(refusal);
        if (body.Owner != key.Key) return Refuse("the order owner has to be the owner of the API KEY");
        if (Owner(body.Order) != key.Address) return Refuse("the order signer address has to be the address of the API KEY");
        if (!exchange.World.TryToken(body.TokenId, out var condition, out var token)) return Refuse("Invalid token id");

        var domain = Domain(condition);
        if (!Authentic(body, key, domain))
        {
            return Refuse(OtherVersion(condition).Any(d => Authentic(body, key, d)) ? "order_version_mismatch" : "invalid signature");
        }

        var request = new OrderRequest(
            Hex.Text(TypedData.OrderDigest(domain, body.Order)), key.Key, body.Order.Maker, condition, token, body.Side, body.Type,
            body.MakerAmount, body.TakerAmount, body.Expiration, body.PostOnly)
        { DeferExec = body.DeferExec, Builder = body.Order.Builder.AsSpan().ContainsAnyExcept((byte)0) ? Hex.Text(body.Order.Builder) : null };
        lock (exchange.Gate)
        {
            return OrderRules.Refusal(request, exchange.MarketOf(condition), exchange.Agenda.Now) is { } broken
                ? Refuse(broken)
                : exchange.PlaceAsync(request);
        }
    }

    /// <summary>Orders of Protocol V2 markets are for ExchangeV3 whatever neg-risk says (protocol 0.2).</summary>
    public static byte[] Domain(Condition condition) =>
        condition.ProtocolV2 ? TypedData.ThirdVersion : TypedData.ExchangeDomain(condition.NegRisk);

    /// <summary>
    /// A signature for an exchange of the other version says that the client took the market for one of that version, and is answered so;
    /// one for the other contract of the right version is a plain bad signature (protocol 0.2).
    /// </summary>
    private static IEnumerable<byte[]> OtherVersion(Condition condition) => condition.ProtocolV2
        ? [TypedData.ExchangeDomain(negRisk: false), TypedData.ExchangeDomain(negRisk: true)]
        : [TypedData.ThirdVersion];

    /// <summary>
    /// Types 0 to 2 are signed by the EOA itself; type 0 holds its own funds, the maker of types 1 and 2 is its proxy or safe. Type 3 is
    /// signed by the wallet's owner (protocol 7.1). Whose wallet it is the chain would know; here only registered ones are anybody's.
    /// </summary>
    private bool Authentic(OrderBody body, ApiKey key, byte[] domain)
    {
        var order = body.Order;
        var ownFunds = order.Maker.Equals(order.Signer, StringComparison.OrdinalIgnoreCase);
        return order.SignatureType switch
        {
            0 when !ownFunds => false,
            not 0 when exchange.Wallets.OwnerOf(order.Maker.ToLowerInvariant()) != key.Address => false,
            DepositWallet => ownFunds && WalletSignature.Signer(domain, order, body.Signature) == key.Address,
            _ => SignatureRecovery.Signer(TypedData.OrderDigest(domain, order), body.Signature) == key.Address,
        };
    }

    /// <summary>Whose key may send the order: the signer's, or for a deposit wallet its owner's; null for an unknown wallet.</summary>
    private string? Owner(SignedOrder order)
    {
        var signer = order.Signer.ToLowerInvariant();
        return order.SignatureType == DepositWallet ? exchange.Wallets.OwnerOf(signer) : signer;
    }

    private static Task<PlaceResult> Refuse(string text) => Task.FromResult<PlaceResult>(new PlaceResult.Refused(400, text));
}
