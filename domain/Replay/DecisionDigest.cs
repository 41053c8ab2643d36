using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Domain.Replay;

/// <summary>
/// A hash chain over everything a desk consumed and decided. Two runs that agree in it have seen the same inputs,
/// at the same clocks, and made the same decisions.
/// </summary>
/// <param name="valuesPerBlock">
/// Values in one link of the chain. 1: its head can be told after every value, as recorded turns do. More make it cheaper, and another chain.
/// </param>
public sealed class DecisionDigest(int valuesPerBlock = 1)
{
    private readonly byte[] _block = new byte[SHA256.HashSizeInBytes + (8 * valuesPerBlock)]; // The head, and what is not in it yet.
    private int _length = SHA256.HashSizeInBytes;

    /// <summary>The first 16 hex digits of the chain's head, as turns carry them.</summary>
    public string Brief => BriefOf(Link);

    /// <summary>The first 8 bytes of the chain's head.</summary>
    public ulong Link => BinaryPrimitives.ReadUInt64BigEndian(HeadBytes);

    public string Head => Convert.ToHexStringLower(HeadBytes);

    /// <summary>With what is not in the chain yet, which stays so: when it is asked makes no difference.</summary>
    private ReadOnlySpan<byte> HeadBytes =>
        _length == SHA256.HashSizeInBytes ? _block.AsSpan(0, SHA256.HashSizeInBytes) : SHA256.HashData(_block.AsSpan(0, _length));

    public static string BriefOf(ulong link) => link.ToString("x16", CultureInfo.InvariantCulture);

    public void Fold(long value) => Fold(unchecked((ulong)value));

    public void Fold(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_block.AsSpan(_length), value);
        _length += 8;
        if (_length < _block.Length) return;

        if (_block.Length <= ShortHash.LengthMax)
        {
            ShortHash.Write(_block, _block);
        }
        else
        {
            Span<byte> head = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(_block, head);
            head.CopyTo(_block);
        }

        _length = SHA256.HashSizeInBytes;
    }

    public void Fold(string text) => Fold(Of(Encoding.UTF8.GetBytes(text)));

    /// <summary>What a frame contributes: the first 8 bytes of its SHA-256.</summary>
    public static ulong Of(ReadOnlySpan<byte> frame)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(frame, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>
    /// The same for a simulated day, which is compared with itself and not with a recording: every byte counts, but nobody is kept from
    /// making another frame with the same value.
    /// </summary>
    public static ulong QuickOf(ReadOnlySpan<byte> frame)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        var hash = unchecked((ulong)frame.Length * Odd);
        for (; frame.Length >= sizeof(ulong); frame = frame[sizeof(ulong)..]) hash = Mixed(hash, BinaryPrimitives.ReadUInt64LittleEndian(frame));

        var rest = 0UL;
        foreach (var letter in frame) rest = (rest << 8) | letter;
        return Mixed(hash, rest);

        static ulong Mixed(ulong hash, ulong word)
        {
            hash = unchecked((hash ^ word) * Odd);
            return hash ^ (hash >> 32);
        }
    }

    /// <summary>One digest over many owners, whatever order they ran in.</summary>
    public static string Combine(IEnumerable<KeyValuePair<string, string>> headByOwner)
    {
        var all = new StringBuilder();
        foreach (var (owner, head) in headByOwner.OrderBy(pair => pair.Key, StringComparer.Ordinal)) all.Append(owner).Append(' ').Append(head).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }
}
