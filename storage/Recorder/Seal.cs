using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PolyArb.Storage;

/// <summary>
/// Chains recorded rows: the first 16 bytes of SHA-256(previous seal, n, t, c, s, m). Numbers are 8 bytes, most significant first;
/// each text stands after its length in 4 bytes, so that no byte can move from one column to the next. The first row follows zeros.
/// </summary>
internal static class Seal
{
    public const int Length = 16;

    public static byte[] Genesis => new byte[Length];

    public static byte[] Next(
        ReadOnlySpan<byte> previous, long n, long t, ReadOnlySpan<byte> connection, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        AppendNumber(hash, n);
        AppendNumber(hash, t);
        AppendText(hash, connection);
        AppendText(hash, kind);
        AppendText(hash, text);
        return hash.GetHashAndReset()[..Length];
    }

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void AppendText(IncrementalHash hash, ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(text);
    }
}
