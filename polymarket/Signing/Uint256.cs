using System.Buffers.Binary;

namespace PolyArb.Polymarket.Signing;

/// <summary>Numbers as the 32 big-endian bytes that EIP-712 hashes.</summary>
internal static class Uint256
{
    public static void Write(ulong value, Span<byte> word)
    {
        word[..24].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[24..], value);
    }

    /// <summary>Decimal text of up to 78 digits; false when it is none or does not fit.</summary>
    public static bool TryWrite(string text, Span<byte> word)
    {
        if (text.Length is 0 or > 78) return false;

        Span<uint> limbs = stackalloc uint[8]; // The lowest first.
        limbs.Clear();
        for (var at = 0; at < text.Length;)
        {
            uint digits = 0, scale = 1; // Nine digits at a time: as many as fit a limb.
            for (; at < text.Length && scale < 1_000_000_000; at++, scale *= 10)
            {
                if (!char.IsAsciiDigit(text[at])) return false;
                digits = digits * 10 + (uint)(text[at] - '0');
            }

            ulong carry = digits;
            foreach (ref var limb in limbs)
            {
                carry += (ulong)limb * scale;
                limb = (uint)(carry & uint.MaxValue);
                carry >>= 32;
            }

            if (carry != 0) return false;
        }

        for (var i = 0; i < limbs.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(word[(28 - i * 4)..], limbs[i]);
        return true;
    }
}
