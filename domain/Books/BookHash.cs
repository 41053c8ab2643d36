using System.Buffers.Binary;
using System.Text;

namespace PolyArb.Domain.Books;

/// <summary>A SHA-1 as the venue sends it: 40 lower hex digits, kept as 20 bytes.</summary>
public readonly record struct BookHash(ulong High, ulong Middle, uint Low)
{
    public static BookHash FromBytes(ReadOnlySpan<byte> sha1) => new(
        BinaryPrimitives.ReadUInt64BigEndian(sha1),
        BinaryPrimitives.ReadUInt64BigEndian(sha1[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(sha1[16..]));

    public static bool TryParse(ReadOnlySpan<byte> hex, out BookHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[20];
        if (hex.Length != 40 || Convert.FromHexString(hex, bytes, out _, out _) is not System.Buffers.OperationStatus.Done) return false;

        hash = FromBytes(bytes);
        return true;
    }

    public static BookHash Parse(string hex) => TryParse(Encoding.ASCII.GetBytes(hex), out var hash)
        ? hash
        : throw new FormatException($"not 40 hex digits: '{hex}'");

    public override string ToString() => $"{High:x16}{Middle:x16}{Low:x8}";
}
