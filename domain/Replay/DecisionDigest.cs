using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Domain.Replay;

/// <summary>
/// A hash chain over everything a desk consumed and decided. Two runs that agree in it have seen the same inputs,
/// at the same clocks, and made the same decisions.
/// </summary>
public sealed class DecisionDigest
{
    private readonly byte[] _head = new byte[SHA256.HashSizeInBytes];
    private readonly byte[] _block = new byte[SHA256.HashSizeInBytes + 8];

    /// <summary>The first 16 hex digits of the chain's head, as turns carry them.</summary>
    public string Brief => Convert.ToHexStringLower(_head.AsSpan(0, 8));

    public string Head => Convert.ToHexStringLower(_head);

    public void Fold(long value) => Fold(unchecked((ulong)value));

    public void Fold(ulong value)
    {
        _head.CopyTo(_block, 0);
        BinaryPrimitives.WriteUInt64BigEndian(_block.AsSpan(SHA256.HashSizeInBytes), value);
        SHA256.HashData(_block, _head);
    }

    public void Fold(string text) => Fold(Of(Encoding.UTF8.GetBytes(text)));

    /// <summary>What a frame contributes: the first 8 bytes of its SHA-256.</summary>
    public static ulong Of(ReadOnlySpan<byte> frame)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(frame, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>One digest over many owners, whatever order they ran in.</summary>
    public static string Combine(IEnumerable<KeyValuePair<string, string>> headByOwner)
    {
        var all = new StringBuilder();
        foreach (var (owner, head) in headByOwner.OrderBy(pair => pair.Key, StringComparer.Ordinal)) all.Append(owner).Append(' ').Append(head).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }
}
