using System.Buffers.Binary;
using System.Text;

namespace PolyArb.Polymarket.Json;

/// <summary>
/// Short texts as strings without a new string for each mention. A fixed table: a text may stand in any of a few places, the one that came last goes when
/// they are taken, nothing grows, and a race costs one string.
/// </summary>
/// <param name="slots">A power of two, and four times as many as there are texts: then hardly any five want the same four places.</param>
internal sealed class TextTable(int slots, int lengthMax)
{
    private const int Places = 4;

    private readonly Known?[] _known = new Known?[slots];

    /// <summary>Throws FormatException for what is longer than this table takes, or not ASCII.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        var places = _known.AsSpan((int)SlotOf(utf8) & ~(Places - 1), Places);
        ref var free = ref places[^1];
        foreach (ref var place in places)
        {
            if (place is not { } known)
            {
                free = ref place;
                break;
            }

            if (utf8.SequenceEqual(known.Utf8)) return known.Text;
        }

        if (utf8.Length > lengthMax || !Ascii.IsValid(utf8)) throw new FormatException("not a short text of ASCII");

        var text = Encoding.ASCII.GetString(utf8);
        free = new Known(utf8.ToArray(), text);
        return text;
    }

    /// <summary>By its end: the venue's ids are hashes, and every part of one is as good as the whole.</summary>
    private uint SlotOf(ReadOnlySpan<byte> utf8)
    {
        ulong end = 0;
        if (utf8.Length >= sizeof(ulong)) end = BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]);
        else foreach (var letter in utf8) end = (end << 8) | letter;

        return unchecked((uint)((end * 0x9E37_79B9_7F4A_7C15) >> 32)) & (uint)(slots - 1);
    }

    private sealed class Known(byte[] utf8, string text)
    {
        public byte[] Utf8 { get; } = utf8;

        public string Text { get; } = text;
    }
}
