using System.Buffers.Binary;
using System.Text;

namespace PolyArb.Simulator.Crypto;

/// <summary>
/// An order signature of a deposit wallet, type 3 (protocol 7.1): the owner's signature of the order nested in the wallet's own
/// typed data, then the exchange's domain separator, the order's hash, its type string and that string's length.
/// </summary>
internal static class WalletSignature
{
    private const int InnerLength = 65;

    private static readonly byte[] OrderType = Encoding.ASCII.GetBytes(TypedData.OrderTypeText);

    private static readonly byte[] NestedType = Keccak256.Hash(
        "TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
        + TypedData.OrderTypeText);

    /// <summary>Who signed inside, in lower case; null when any part of the wrapping is not the one of this order and domain.</summary>
    public static string? Signer(byte[] domain, SignedOrder order, byte[] signature, int chainId = TypedData.Polygon)
    {
        var contents = TypedData.OrderHash(order);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)OrderType.Length);
        byte[] wrapping = [.. domain, .. contents, .. OrderType, .. length];
        return signature.Length == InnerLength + wrapping.Length && signature.AsSpan(InnerLength).SequenceEqual(wrapping)
            ? SignatureRecovery.Signer(InnerDigest(domain, order, chainId), signature[..InnerLength])
            : null;
    }

    /// <summary>What the owner signs.</summary>
    public static byte[] InnerDigest(byte[] domain, SignedOrder order, int chainId = TypedData.Polygon) => TypedData.Digest(domain, new AbiWords()
        .Word(NestedType).Word(TypedData.OrderHash(order)).Text("DepositWallet").Text("1").Number(chainId).Address(order.Maker)
        .Word(new byte[32]).Hash());
}
