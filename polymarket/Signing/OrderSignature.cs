namespace PolyArb.Polymarket.Signing;

/// <summary>An order's id and its signature, both "0x" and lower hex. The signature is sent, never logged.</summary>
public readonly struct OrderSignature
{
    public required string Id { get; init; }

    public required string Signature { get; init; }

    /// <summary>Types 0 to 2: plain EIP-712 by the owner's key (protocol sheet 7.1).</summary>
    public static OrderSignature Of(OrderFields order, int chainId, Exchange exchange, IDigestSigner signer)
    {
        if (order.SignatureType is < 0 or > 2)
            throw new NotSupportedException($"signature type {order.SignatureType}: 0, 1 and 2 are supported");

        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Span<byte> signature = stackalloc byte[65];
        Eip712.OrderDigest(order, chainId, exchange, digest);
        signer.Sign(digest, signature);
        return new OrderSignature { Id = Hex.Encode(digest), Signature = Hex.Encode(signature) };
    }

    public override string ToString() => $"signature of {Id}";
}
