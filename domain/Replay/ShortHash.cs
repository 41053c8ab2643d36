using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PolyArb.Domain.Replay;

/// <summary>
/// SHA-256 (FIPS 180-4) of a text that fits one block, as each link of a chain does. The framework hands even this to the system's library, and that
/// call costs several times what the block does.
/// </summary>
internal static class ShortHash
{
    /// <summary>What a block leaves beside its padding and its length.</summary>
    public const int LengthMax = Block - 9;

    private const int Block = 64;

    /// <summary>Of the cube roots of the first 64 primes.</summary>
    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Writes 32 bytes, which may be some of the text's own. Throws where the text is longer than <see cref="LengthMax"/>.</summary>
    public static void Write(ReadOnlySpan<byte> text, Span<byte> hash32)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LengthMax);

        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        text.CopyTo(block);
        block[text.Length] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(block[^sizeof(int)..], text.Length * 8);

        Span<uint> words = stackalloc uint[Block];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        unchecked
        {
            for (var i = 16; i < words.Length; i++) words[i] = words[i - 16] + Near(words[i - 15]) + words[i - 7] + Far(words[i - 2]);
        }

        Compress(words, hash32);
    }

    /// <summary>Eight rounds at a time: then each value changes its part and not its place.</summary>
    private static void Compress(ReadOnlySpan<uint> words, Span<byte> hash32)
    {
        uint a = 0x6a09e667, b = 0xbb67ae85, c = 0x3c6ef372, d = 0xa54ff53a;
        uint e = 0x510e527f, f = 0x9b05688c, g = 0x1f83d9ab, h = 0x5be0cd19;
        unchecked
        {
            for (var i = 0; i < Block; i += 8)
            {
                Round(a, b, c, ref d, e, f, g, ref h, words[i] + Rounds[i]);
                Round(h, a, b, ref c, d, e, f, ref g, words[i + 1] + Rounds[i + 1]);
                Round(g, h, a, ref b, c, d, e, ref f, words[i + 2] + Rounds[i + 2]);
                Round(f, g, h, ref a, b, c, d, ref e, words[i + 3] + Rounds[i + 3]);
                Round(e, f, g, ref h, a, b, c, ref d, words[i + 4] + Rounds[i + 4]);
                Round(d, e, f, ref g, h, a, b, ref c, words[i + 5] + Rounds[i + 5]);
                Round(c, d, e, ref f, g, h, a, ref b, words[i + 6] + Rounds[i + 6]);
                Round(b, c, d, ref e, f, g, h, ref a, words[i + 7] + Rounds[i + 7]);
            }

            BinaryPrimitives.WriteUInt32BigEndian(hash32, 0x6a09e667 + a);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[4..], 0xbb67ae85 + b);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[8..], 0x3c6ef372 + c);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[12..], 0xa54ff53a + d);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[16..], 0x510e527f + e);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[20..], 0x9b05688c + f);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[24..], 0x1f83d9ab + g);
            BinaryPrimitives.WriteUInt32BigEndian(hash32[28..], 0x5be0cd19 + h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        unchecked
        {
            h += (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + (g ^ (e & (f ^ g))) + word;
            d += h;
            h += (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) | (c & (a | b)));
        }
    }

    private static uint Near(uint word) => BitOperations.RotateRight(word, 7) ^ BitOperations.RotateRight(word, 18) ^ (word >> 3);

    private static uint Far(uint word) => BitOperations.RotateRight(word, 17) ^ BitOperations.RotateRight(word, 19) ^ (word >> 10);
}
