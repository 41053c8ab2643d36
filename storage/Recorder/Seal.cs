using System.Buffers;
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
        // In one piece: a hash that is given its text bit by bit costs a call for each bit, which is more than the bits do.
        var row = ArrayPool<byte>.Shared.Rent(previous.Length + (2 * sizeof(long)) + (3 * sizeof(int)) + connection.Length + kind.Length + text.Length);
        previous.CopyTo(row);
        var length = previous.Length;
        length += Number(row.AsSpan(length), n);
        length += Number(row.AsSpan(length), t);
        length += Text(row.AsSpan(length), connection);
        length += Text(row.AsSpan(length), kind);
        length += Text(row.AsSpan(length), text);
        var hash = SHA256.HashData(row.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(row);
        return hash[..Length];
    }

    private static int Number(Span<byte> row, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(row, number);
        return sizeof(long);
    }

    private static int Text(Span<byte> row, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32BigEndian(row, text.Length);
        text.CopyTo(row[sizeof(int)..]);
        return sizeof(int) + text.Length;
    }
}
