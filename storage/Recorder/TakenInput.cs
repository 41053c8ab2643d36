using System.Buffers;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>An input that waits to be written.</summary>
/// <param name="Length">Bytes of text; an estimate until it is made.</param>
/// <param name="Buffer">Rented, and longer than the text; null until it is made.</param>
/// <param name="Later">Makes the text; null where there is one.</param>
internal readonly record struct TakenInput(long Number, Instant At, string Connection, InputKind Kind, int Length, byte[]? Buffer, Func<string>? Later)
{
    public ReadOnlySpan<byte> Text => Buffer.AsSpan(0, Length);

    public static TakenInput Of(long number, Instant at, string connection, InputKind kind, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        return new TakenInput(number, at, connection, kind, Encoding.UTF8.GetBytes(text, buffer), buffer, Later: null);
    }

    /// <summary>With its text.</summary>
    public TakenInput Made() => Later is { } later ? Of(Number, At, Connection, Kind, later()) : this;

    public void Return()
    {
        if (Buffer is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
    }
}
