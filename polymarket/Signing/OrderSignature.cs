using System.Buffers.Binary;
using System.Text;

namespace PolyArb.Polymarket.Signing;

/// <summary>An order's id and its signature, both "0x" and lower hex. The signature is sent, never logged.</summary>
public readonly struct OrderSignature
{
    /// <summary>r, s and v.</summary>
    private const int Plain = 65;

    private static readonly byte[] TypeText = Encoding.ASCII.GetBytes(OrderStruct.Type);

    public required string Id { get; init; }

    public required string Signature { get; init; }

    /// <summary>The id an order will have whoever signs it, before it is signed: its own digest, for every type of signature.</summary>
    public static string IdOf(OrderFields order, int chainId, Exchange exchange)
    {
        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Eip712.OrderDigest(order, chainId, exchange, digest);
        return Hex.Encode(digest);
    }

    /// <summary>
    /// Types 0 to 2: plain EIP-712 by the owner's key. Type 3: that key's signature wrapped for the deposit wallet, whose
    /// address is both maker and signer (protocol sheet 7.1).
    /// </summary>
    public static OrderSignature Of(OrderFields order, int chainId, Exchange exchange, IDigestSigner signer)
    {
        if (order.SignatureType == 3) return Wrapped(order, chainId, exchange, signer);
        if (order.SignatureType is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(order), order.SignatureType, "signature types are 0 to 3");

        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Eip712.OrderDigest(order, chainId, exchange, digest);
        return Of(digest, signer);
    }

    /// <summary>As the first generation was signed; types 0 to 2.</summary>
    public static OrderSignature Of(OrderFieldsV1 order, int chainId, Exchange exchange, IDigestSigner signer)
    {
        if (order.SignatureType is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(order), order.SignatureType, "signature types of the first generation are 0 to 2");

        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Eip712.OrderDigest(order, chainId, exchange, digest);
        return Of(digest, signer);
    }

    private static OrderSignature Of(ReadOnlySpan<byte> digest, IDigestSigner signer)
    {
        Span<byte> signature = stackalloc byte[Plain];
        signer.Sign(digest, signature);
        return new OrderSignature { Id = Hex.Encode(digest), Signature = Hex.Encode(signature) };
    }

    /// <summary>The inner signature, the exchange's separator, the order's struct hash, its type text and that text's length.</summary>
    private static OrderSignature Wrapped(OrderFields order, int chainId, Exchange exchange, IDigestSigner signer)
    {
        if (order.Maker.Address != order.Signer.Address)
            throw new ArgumentException($"an order of signature type 3 is its wallet's: maker {order.Maker} is not signer {order.Signer}", nameof(order));

        var separator = Eip712.ExchangeSeparator(chainId, exchange);
        Span<byte> signature = stackalloc byte[Plain + Keccak256.Length * 2 + TypeText.Length + 2];
        var contents = signature.Slice(Plain + Keccak256.Length, Keccak256.Length);
        separator.CopyTo(signature[Plain..]);
        OrderStruct.Hash(order, contents);
        TypeText.CopyTo(signature[(Plain + Keccak256.Length * 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(signature[^2..], (ushort)TypeText.Length);

        Span<byte> digest = stackalloc byte[Keccak256.Length];
        WalletDigest(contents, separator, chainId, order.Signer.Address, digest);
        signer.Sign(digest, signature);

        Eip712.Digest(separator, contents, digest);
        return new OrderSignature { Id = Hex.Encode(digest), Signature = Hex.Encode(signature) };
    }

    /// <summary>What a deposit wallet's owner signs for an order; the order's id stays its own digest.</summary>
    internal static void WalletDigest(
        ReadOnlySpan<byte> orderHash, ReadOnlySpan<byte> separator, int chainId, EthAddress wallet, Span<byte> digest32)
    {
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        OrderStruct.WalletHash(orderHash, chainId, wallet, hash);
        Eip712.Digest(separator, hash, digest32);
    }

    public override string ToString() => $"signature of {Id}";
}
