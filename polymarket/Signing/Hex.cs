using System.Buffers;

namespace PolyArb.Polymarket.Signing;

/// <summary>"0x" and lower hex digits.</summary>
internal static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) => string.Create(2 + bytes.Length * 2, bytes, static (text, from) =>
    {
        "0x".CopyTo(text);
        Convert.TryToHexStringLower(from, text[2..], out _);
    });

    /// <summary>True when the text is 0x and exactly as many digits as fill the bytes.</summary>
    public static bool TryDecode(string text, Span<byte> bytes) =>
        text.Length == 2 + bytes.Length * 2
        && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) is OperationStatus.Done;
}
