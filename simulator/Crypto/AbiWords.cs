using System.Numerics;

namespace PolyArb.Simulator.Crypto;

/// <summary>A struct's fields as 32-byte words, the way EIP-712 hashes them.</summary>
internal sealed class AbiWords
{
    private readonly List<byte> _bytes = [];

    public AbiWords Word(ReadOnlySpan<byte> word)
    {
        Span<byte> padded = stackalloc byte[32];
        padded.Clear();
        word.CopyTo(padded[(32 - word.Length)..]);
        _bytes.AddRange(padded);
        return this;
    }

    public AbiWords Number(BigInteger value) => Word(value.ToByteArray(isUnsigned: true, isBigEndian: true));

    public AbiWords Text(string value) => Word(Keccak256.Hash(value));

    /// <summary>A 20-byte address in 0x hex, any case.</summary>
    public AbiWords Address(string value) => Word(Convert.FromHexString(value.AsSpan(2)));

    public byte[] Hash() => Keccak256.Hash([.. _bytes]);
}
