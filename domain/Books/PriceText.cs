using System.Buffers.Binary;

namespace PolyArb.Domain.Books;

/// <summary>Every price as the venue writes it, made once: at most six letters, and their number in the last byte.</summary>
internal static class PriceText
{
    private static readonly ulong[] Texts = [.. Enumerable.Range(0, Price.TicksPerDollar + 1).Select(Make)];

    /// <summary>Needs room for eight bytes; returns how many of them count.</summary>
    public static int Write(Price price, Span<byte> into)
    {
        var text = Texts[price.Ticks];
        BinaryPrimitives.WriteUInt64LittleEndian(into, text);
        return (int)(text >> 56);
    }

    private static ulong Make(int ticks)
    {
        Span<byte> text = stackalloc byte[sizeof(ulong)];
        text[7] = (byte)FixedPoint.Format(ticks, Price.Decimals, text);
        return BinaryPrimitives.ReadUInt64LittleEndian(text);
    }
}
