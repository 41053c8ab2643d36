using System.Buffers.Binary;
using System.Text;

namespace PolyArb.Polymarket.Signing;

/// <summary>Twenty bytes of an account or a contract; prints with its EIP-55 checksum.</summary>
public readonly record struct EthAddress(ulong High, ulong Middle, uint Low)
{
    public const int Length = 20;

    public static EthAddress FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));

    /// <summary>The last twenty bytes of the hash of an uncompressed public key (64 bytes, without its 0x04).</summary>
    public static EthAddress FromPublicKey(ReadOnlySpan<byte> key64)
    {
        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(key64, digest);
        return FromBytes(digest[12..]);
    }

    /// <summary>"0x" and 40 hex digits in any case.</summary>
    public static bool TryParse(string text, out EthAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (!Hex.TryDecode(text, bytes)) return false;

        address = FromBytes(bytes);
        return true;
    }

    public static EthAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"not an address (0x and 40 hex digits): '{text}'");

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Middle);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], Low);
    }

    public override string ToString()
    {
        var lower = $"{High:x16}{Middle:x16}{Low:x8}";
        var digest = Keccak256.Hash(Encoding.ASCII.GetBytes(lower));
        return string.Create(42, (lower, digest), static (text, from) =>
        {
            "0x".CopyTo(text);
            for (var i = 0; i < 40; i++)
            {
                var nibble = (from.digest[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf;
                text[i + 2] = nibble >= 8 ? char.ToUpperInvariant(from.lower[i]) : from.lower[i];
            }
        });
    }
}
