using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PolyArb.Storage;

/// <summary>
/// The inside of a JSON text whose only escapes are those of quotes, as frames are when they stand in a capture. Whatever else is
/// escaped, or not, it leaves to a whole reader.
/// </summary>
internal static class QuoteText
{
    /// <summary>Bytes that a copy may write beyond what it returns.</summary>
    public const int Slack = 64;

    /// <summary>Takes the escapes off. False when there is another one, or a quote without one; then the room holds nothing of use.</summary>
    /// <param name="room">As long as the text and <see cref="Slack"/>.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> room, out int length)
    {
        length = 0;
        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref MemoryMarshal.GetReference(room);
        if (room.Length < text.Length + Slack) return false;

        var (written, start, carry) = (0, 0, 0UL);
        var at = 0;
        for (; at + 64 <= text.Length; at += 64)
        {
            var letters = Vector512.LoadUnsafe(ref from, (nuint)at);
            var escapes = Vector512.Equals(letters, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            var quotes = Vector512.Equals(letters, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            if (((escapes << 1) | carry) != quotes) return false;

            carry = escapes >> 63;
            for (; escapes != 0; escapes &= escapes - 1)
            {
                var escape = at + BitOperations.TrailingZeroCount(escapes);
                Copy(ref Unsafe.Add(ref from, start), ref Unsafe.Add(ref to, written), escape - start, text.Length - start);
                written += escape - start;
                start = escape + 1;
            }
        }

        for (; at < text.Length; at++)
        {
            var isQuote = Unsafe.Add(ref from, at) == (byte)'"';
            if (isQuote != (carry == 1)) return false;

            carry = Unsafe.Add(ref from, at) == (byte)'\\' ? 1UL : 0;
            if (carry == 0) continue;

            text[start..at].CopyTo(room[written..]);
            written += at - start;
            start = at + 1;
        }

        text[start..].CopyTo(room[written..]);
        length = written + text.Length - start;
        return carry == 0;
    }

    /// <summary>Pieces are short: one wide write is faster than asking how long they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref byte from, ref byte to, int length, int readable)
    {
        if (length <= 32 && readable >= 32) Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
        else MemoryMarshal.CreateReadOnlySpan(ref from, length).CopyTo(MemoryMarshal.CreateSpan(ref to, length));
    }
}
